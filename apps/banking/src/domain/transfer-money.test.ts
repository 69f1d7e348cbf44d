import { describe, expect, it } from '@jest/globals';
import { execute, load } from '@eventcore/core';
import { given, rejected } from '@eventcore/testing';
import { alice, bob, carol, deposited, frozen, limit, money, opened, paid } from './accounts.fixture.js';
import { FreezeAccount } from './freeze-account.js';
import { TransferMoney } from './transfer-money.js';

const past = [opened(alice), deposited(alice, 100), opened(bob), deposited(bob, 10)] as const;
const noOverdraft = { account: alice.id, balance: 100, overdraft: 0, currency: 'EUR' };
const twoAccounts = given(...past);
const transfer = (cents: number, from = 'alice', to = 'bob') => TransferMoney.between(from, to, money(cents));

describe('a transfer', () => {
  it('takes from one account and gives to the other, and says what for', async () => {
    await twoAccounts
      .when(TransferMoney.between('alice', 'bob', money(60), ' for the book '))
      .then(...paid(alice, bob, 60, { balances: [40, 70], memo: 'for the book' }));
  });

  it('may empty an account, and goes no further', async () => {
    await twoAccounts
      .when(transfer(101))
      .then(rejected({ rule: 'insufficient-funds', data: { ...noOverdraft, available: 100, missing: 1 } }));
    await twoAccounts.when(transfer(100)).then(...paid(alice, bob, 100, { balances: [0, 110] }));
  });

  it('may overdraw an account as far as the policy allows', async () => {
    await given(...past, limit(1))
      .when(transfer(101))
      .then(...paid(alice, bob, 101, { balances: [-1, 111] }));
  });

  it('needs an open account to go to', async () => {
    await twoAccounts
      .when(transfer(60, 'alice', 'nobody'))
      .then(rejected({ rule: 'account-not-open', data: { account: 'account-nobody' } }));
  });

  it('stays within a currency', async () => {
    await given(...past, opened(carol, 'GBP'))
      .when(transfer(60, 'alice', 'carol'))
      .then(rejected({ rule: 'currency-mismatch', data: { account: carol.id, holds: 'GBP', given: 'EUR' } }));
  });

  it('goes to another account', () => {
    expect(() => transfer(60, 'alice', 'alice')).toThrow('"account-alice" must be named once');
  });

  it('is refused when either account is frozen, and tells the reason to nobody but the payer', async () => {
    await given(...past, frozen(alice))
      .when(transfer(1))
      .then(rejected({ rule: 'account-frozen', data: { account: alice.id, reason: 'a court order' } }));
    await given(...past, frozen(bob))
      .when(transfer(1))
      .then(rejected({ rule: 'payee-frozen', data: { account: bob.id } }));
  });

  it.each([
    ['alice', 'account-frozen'],
    ['bob', 'payee-frozen'],
  ])('never overlooks that %s is frozen at the same moment', async (account, rule) => {
    const store = await twoAccounts.store();
    const freezing = execute(FreezeAccount.of(account, 'a court order'), store);
    await expect(execute(transfer(60), store)).rejects.toMatchObject({ rule, context: { attempts: 2 } });
    await freezing;
    expect(await load(store, alice)).toMatchObject({ balance: 100 });
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
      execute(turn % 2 === 0 ? transfer(7) : transfer(5, 'bob', 'alice'), store),
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
