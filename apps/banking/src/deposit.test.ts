import { describe, expect, it } from '@jest/globals';
import { given, on, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { Deposit } from './deposit.js';

const alice = Account.at('alice');

describe('paying in', () => {
  it('adds to an open account', async () => {
    await given(on(alice, 'AccountOpened', { owner: 'Alice' }))
      .when(new Deposit({ account: alice, amount: 100 }))
      .then(on(alice, 'MoneyDeposited', { amount: 100 }));
  });

  it('is refused for an account that is not open', async () => {
    await given()
      .when(new Deposit({ account: alice, amount: 100 }))
      .then(rejected({ rule: 'account-not-open', data: { account: alice.id } }));
  });

  it.each([0, -1, 0.5, 2 ** 53, Number.NaN])('takes whole cents and more than none: not %d', (amount) => {
    expect(() => new Deposit({ account: alice, amount })).toThrow('Deposit is not valid: amount: ');
  });
});
