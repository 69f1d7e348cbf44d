import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { warn } from './warn.js';

describe('a warning', () => {
  let emitted: jest.SpiedFunction<typeof process.emitWarning>;
  beforeEach(() => {
    emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(() => emitted.mockRestore());

  /** What was told, and with which details. */
  function told(error: unknown): readonly [string, { readonly code: string; readonly detail?: string }] {
    warn('EVENTCORE_X', 'It failed', error);
    return emitted.mock.lastCall as never;
  }

  it('says what was thrown, and where, with what caused it', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner') });
    const [text, { code, detail }] = told(error);
    expect([text, code]).toEqual(['It failed: TypeError: outer', 'EVENTCORE_X']);
    expect(detail).toContain(`${error.stack}\nCaused by RangeError: inner`);
  });

  it('says so for what is no error as well', () => {
    expect(told('text')[0]).toBe('It failed: text');
    expect(told({ a: 1 })[0]).toBe('It failed: { a: 1 }');
  });

  it.each([
    ['nothing that a text could be made of', Object.create(null)],
    [
      'an error that throws when it is read',
      Object.defineProperty(new Error('x'), 'message', {
        get() {
          throw new Error('gotcha');
        },
      }),
    ],
  ])('never throws itself: %s', (_, thrown) => {
    expect(told(thrown)[0]).toContain('It failed: ');
  });
});
