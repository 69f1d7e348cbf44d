import { describe, expect, it } from '@jest/globals';
import { sentAndFailed } from './call-failed.js';

/** As `pg` hands over what a server says. */
const said = (code: string, severity = 'ERROR') => Object.assign(new Error('said'), { code, severity, routine: 'x' });

describe('a statement that was sent and has failed', () => {
  it.each(['23505', '40P01', '40001', '57014', '53200', '42883', 'P0001', '22P02', '55P03', '25P02', 'EC001'])(
    'was undone for certain when the server says so: %s',
    (code) => expect(sentAndFailed(said(code)).stage).toBe('refused'),
  );

  it.each(['ERREUR', 'FEHLER', 'ОШИБКА', 'エラー'])('was so in whatever language it says that: %s', (severity) => {
    expect(sentAndFailed(said('P0001', severity)).stage).toBe('refused');
    expect(sentAndFailed(said('23505', severity)).stage).toBe('refused');
  });

  it.each([
    ['a backend that is told to end', said('57P01', 'FATAL')],
    ['a backend that was told to end, said more kindly', said('57P01')],
    ['a server that has crashed', said('57P02', 'FATAL')],
    ['a server that is going down', said('57P03', 'FATAL')],
    ['a connection that failed', said('08006')],
    ['a statement of which the server knows no end', said('40003')],
    ['anything that ends the session', said('25P03', 'FATAL')],
    ['the same, in a language of its own', said('25P03', 'VERHÄNGNISVOLL')],
    ['a disk that is full, in a language of its own', said('53100', 'PANIK')],
    ['a server that is at a loss', said('XX000', 'PANIC')],
    ['a socket that was reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104 })],
    ['a socket with a short name for its error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['a connection that ended', new Error('Connection terminated unexpectedly')],
    ['no error at all', undefined],
  ])('may have been carried out after %s', (_, error) => {
    expect(sentAndFailed(error).stage).toBe('unanswered');
  });
});
