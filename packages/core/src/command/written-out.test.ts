import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Policy, Transfer, TransferMoney } from '../bank.fixture.js';
import { defineCommand, many, optional, reads } from './define-command.js';

describe('a command as text', () => {
  it('is the expression that makes one like it, through both doors', () => {
    const given = { from: 'alice', to: Account.at('bob'), amount: 60 };
    expect(String(new TransferMoney(given))).toBe("new TransferMoney({ from: 'alice', to: 'bob', amount: 60 })");
    expect(String(new Transfer(given))).toBe("new TransferMoney({ from: 'alice', to: 'bob', amount: 60 })");
  });

  it('leaves out what was left out, and holds sets and nested data whole', () => {
    const Pay = defineCommand('Pay', {
      streams: { payees: many(Account), policy: optional(reads(Policy)) },
      input: { note: v.any(), tag: v.optional(v.string()) },
      handle: () => undefined,
    });
    const note = { a: { b: { c: { d: "it's" } } } };
    expect(String(new Pay({ payees: ['a', 'b'], note }))).toBe(
      `new Pay({ payees: [ 'a', 'b' ], note: { a: { b: { c: { d: "it's" } } } } })`,
    );
  });
});
