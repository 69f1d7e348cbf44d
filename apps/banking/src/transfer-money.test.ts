import { describe, expect, it } from '@jest/globals';
import { execute, load } from '@eventcore/core';
import { given, on, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { TransferMoney } from './transfer-money.js';

const [alice, bob] = [Account.at('alice'), Account.at('bob')];
const twoAccounts = given(
  on(alice, 'AccountOpened', { owner: 'Alice' }),
  on(alice, 'MoneyDeposited', { amount: 100 }),
  on(bob, 'AccountOpened', { owner: 'Bob' }),
  on(bob, 'MoneyDeposited', { amount: 10 }),
);
const transfer = (amount: number, from = alice, to = bob) => new TransferMoney({ from, to, amount });

describe('a transfer', () => {
  it('takes from one account and gives to the other', async () => {
    await twoAccounts
      .when(transfer(60))
      .then(on(alice, 'MoneyWithdrawn', { amount: 60 }), on(bob, 'MoneyDeposited', { amount: 60 }));
  });

  it('may empty an account, and goes no further', async () => {
    await twoAccounts
      .when(transfer(101))
      .then(
        rejected({ rule: 'insufficient-funds', data: { account: alice.id, balance: 100, overdraft: 0, missing: 1 } }),
      );
    await twoAccounts
      .when(transfer(100))
      .then(on(alice, 'MoneyWithdrawn', { amount: 100 }), on(bob, 'MoneyDeposited', { amount: 100 }));
  });

  it('needs an open account to go to', async () => {
    await twoAccounts
      .when(transfer(60, alice, Account.at('nobody')))
      .then(rejected({ rule: 'account-not-open', data: { account: 'account-nobody' } }));
  });

  it('goes to another account', () => {
    expect(() => transfer(60, alice, alice)).toThrow('"account-alice" must be named once');
  });

  it('is made once for a command id, however often it is sent', async () => {
    const store = await twoAccounts.store();
    const options = { commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f' };
    const first = await execute(transfer(60), store, options);
    const second = await execute(transfer(60), store, options);
    expect([first.duplicate, second.duplicate]).toEqual([false, true]);
    expect(second.events).toEqual(first.events);
    expect(await load(store, alice)).toMatchObject({ balance: 40 });
  });

  it('neither makes nor loses money among a hundred at once', async () => {
    const store = await twoAccounts.store();
    const crowd = Array.from({ length: 100 }, (_, turn) =>
      execute(turn % 2 === 0 ? transfer(7) : transfer(5, bob, alice), store),
    );
    const verdicts = await Promise.allSettled(crowd);
    const [{ balance: alices }, { balance: bobs }] = [await load(store, alice), await load(store, bob)];
    expect(alices + bobs).toBe(110);
    expect(Math.min(alices, bobs)).toBeGreaterThanOrEqual(0);
    const refused = verdicts.flatMap((verdict) => (verdict.status === 'rejected' ? [verdict.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const reason of refused) expect(reason).toMatchObject({ rule: 'insufficient-funds' });
  });
});
