import { describe, expect, it } from '@jest/globals';
import { execute, load } from '@eventcore/core';
import { Account } from './account.js';
import { deposited, given, opened, withdrawn } from './scenario.fixture.js';
import { TransferMoney } from './transfer-money.js';

const twoAccounts = {
  'account-alice': [opened('Alice'), deposited(100)],
  'account-bob': [opened('Bob'), deposited(10)],
};
const transfer = (amount: number, from = 'alice', to = 'bob') => new TransferMoney({ from, to, amount });

describe('a transfer', () => {
  it('takes from one account and gives to the other', async () => {
    const bank = await given(twoAccounts);
    expect(await bank.when(transfer(60))).toEqual({
      events: { 'account-alice': [withdrawn(60)], 'account-bob': [deposited(60)] },
    });
  });

  it('may empty an account, and goes no further', async () => {
    const bank = await given(twoAccounts);
    expect(await bank.when(transfer(101))).toEqual({
      rule: 'insufficient-funds',
      data: { account: 'account-alice', balance: 100, overdraft: 0, missing: 1 },
    });
    expect(await bank.when(transfer(100))).toHaveProperty('events');
  });

  it('needs an open account to go to', async () => {
    const bank = await given(twoAccounts);
    expect(await bank.when(transfer(60, 'alice', 'nobody'))).toEqual({
      rule: 'account-not-open',
      data: { account: 'account-nobody' },
    });
  });

  it('goes to another account', () => {
    expect(() => transfer(60, 'alice', 'alice')).toThrow('"account-alice" must be named once');
  });

  it('is made once for a command id, however often it is sent', async () => {
    const { store } = await given(twoAccounts);
    const options = { commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f' };
    const first = await execute(transfer(60), store, options);
    const second = await execute(transfer(60), store, options);
    expect([first.duplicate, second.duplicate]).toEqual([false, true]);
    expect(second.events).toEqual(first.events);
    expect(await load(store, Account.at('alice'))).toMatchObject({ balance: 40 });
  });

  it('neither makes nor loses money among a hundred at once', async () => {
    const { store, when } = await given(twoAccounts);
    const crowd = Array.from({ length: 100 }, (_, turn) =>
      turn % 2 === 0 ? when(transfer(7)) : when(transfer(5, 'bob', 'alice')),
    );
    const verdicts = await Promise.all(crowd);
    const [alice, bob] = [await load(store, Account.at('alice')), await load(store, Account.at('bob'))];
    expect(alice.balance + bob.balance).toBe(110);
    expect(Math.min(alice.balance, bob.balance)).toBeGreaterThanOrEqual(0);
    expect(verdicts.filter((verdict) => 'rule' in verdict).length).toBeGreaterThan(0);
  });
});
