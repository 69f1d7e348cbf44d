import { describe, expect, it } from '@jest/globals';
import { given, rejected } from '@eventcore/testing';
import { alice, deposited, money, opened } from './accounts.fixture.js';
import { Deposit } from './deposit.js';
import type { Currency } from './money.js';

const deposit = (cents: number, currency: Currency = 'EUR') =>
  new Deposit({ account: alice, amount: money(cents, currency) });

describe('paying in', () => {
  it('adds to what is there', async () => {
    await given(opened(alice)).when(deposit(100)).then(deposited(alice, 100));
    await given(opened(alice), deposited(alice, 100))
      .when(deposit(20))
      .then(deposited(alice, 20, 120));
  });

  it('is refused for an account that is not open', async () => {
    await given()
      .when(deposit(100))
      .then(rejected({ rule: 'account-not-open', data: { account: alice.id } }));
  });

  it('is refused in another currency than the account holds', async () => {
    await given(opened(alice))
      .when(deposit(100, 'GBP'))
      .then(rejected({ rule: 'currency-mismatch', data: { account: alice.id, holds: 'EUR', given: 'GBP' } }));
  });

  it.each([0, -1, 0.5, 2 ** 53, 1_000_000_000_01, Number.NaN])(
    'takes whole cents, some and not too many: not %d',
    (cents) => {
      expect(() => deposit(cents)).toThrow('Deposit is not valid: amount.cents: ');
    },
  );
});
