import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { raised } from '../raised.fixture.js';
import { commandIdFrom } from './command-id.js';

describe("a command id from a caller's own key", () => {
  it.each([
    ['customer-7', 'order-1', 'cf102e53-7850-5bdb-ab3d-5c0b68b8ab97'],
    ['a', 'b', 'f7dae3fe-a382-57d7-9568-1db572b14ded'],
    ['Kundin Ä', '😀', '0bd617d1-864c-59e5-9b41-67b7d118b2f0'],
  ])('never changes: old keys give the same ids for ever (%s, %s)', (scope, key, id) => {
    expect(commandIdFrom(scope, key)).toBe(id);
  });

  it('is a UUID of version 5', () => {
    const id = commandIdFrom('customer-7', 'rent');
    expect([validate(id), version(id)]).toEqual([true, 5]);
  });

  it('depends on the scope: two customers may use the same key', () => {
    expect(commandIdFrom('customer-7', 'rent')).not.toBe(commandIdFrom('customer-8', 'rent'));
    expect(commandIdFrom('a', 'bc')).not.toBe(commandIdFrom('ab', 'c'));
    expect(commandIdFrom('a', 'b')).not.toBe(commandIdFrom('b', 'a'));
  });

  it('is never normalised: lookalike keys stay two', () => {
    expect(commandIdFrom('a', 'e\u0301')).not.toBe(commandIdFrom('a', '\u00e9'));
  });

  it.each([
    ['', 'key'],
    ['scope', ''],
    [undefined, 'key'],
    ['scope', undefined],
    [7, 'key'],
    ['scope', null],
  ])('needs a scope and a key: %p, %p', (scope, key) => {
    const error = raised(() => commandIdFrom(scope as never, key as never));
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toBe('commandIdFrom is not valid: needs a scope and a key, neither of them empty');
  });

  it.each([
    ['scope', 'a\ud800'],
    ['a\udc00', 'key'],
  ])('refuses a lone surrogate, which has no UTF-8 form: %j, %j', (scope, key) => {
    const error = raised(() => commandIdFrom(scope, key));
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toContain('lone surrogate');
  });
});
