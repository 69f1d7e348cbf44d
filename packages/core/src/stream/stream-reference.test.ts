import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Account, Policy } from '../bank.fixture.js';
import { Reference } from './stream-reference.js';

describe('a reference to a stream', () => {
  it('is equal to another one of the same id', () => {
    expect(Account.at('alice')).toEqual(Account.at('alice'));
    expect(Account.at('alice').id).toBe(Account.at('alice').id);
    expect(Account.at('alice')).not.toEqual(Account.at('bob'));
    expect(Account.at('x').id).not.toBe(Policy.at('x').id);
  });

  it('prints as its id, in templates and logs', () => {
    const alice = Account.at('alice');
    expect(`${String(alice)}`).toBe('account-alice');
    expect(JSON.stringify(alice)).toBe('{"id":"account-alice","key":"alice"}');
    expect(inspect(alice)).toContain("id: 'account-alice'");
  });

  it('is frozen', () => {
    const alice = Account.at('alice');
    expect(() => {
      (alice as { id: string }).id = 'account-bob';
    }).toThrow(TypeError);
    expect(alice.id).toBe('account-alice');
  });

  it('knows its stream type, and look-alikes know none', () => {
    const alice = Account.at('alice');
    expect(Reference.typeOf(alice)).toBe(Reference.typeOf(Account.at('bob')));
    expect(Reference.typeOf(alice)).not.toBe(Reference.typeOf(Policy.at('alice')));
    for (const other of [
      { ...alice },
      Object.create(alice),
      JSON.parse(JSON.stringify(alice)),
      'account-alice',
      null,
      undefined,
    ]) {
      expect(Reference.typeOf(other)).toBeUndefined();
    }
  });
});
