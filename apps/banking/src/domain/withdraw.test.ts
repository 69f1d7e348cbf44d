import { describe, expect, it } from '@jest/globals';
import { execute } from '@eventcore/core';
import { given, nothing, on, rejected } from '@eventcore/testing';
import { alice, deposited, frozen, limit, money, opened } from './accounts.fixture.js';
import { FreezeAccount } from './freeze-account.js';
import { SetOverdraftLimit } from './set-overdraft-limit.js';
import { Withdraw } from './withdraw.js';

const withdraw = (cents: number) => Withdraw.from('alice', money(cents));
const withdrawn = (cents: number, balance: number) => on(alice, 'MoneyWithdrawn', { amount: money(cents), balance });

describe('paying out', () => {
  it('takes what is there', async () => {
    await given(opened(alice), deposited(alice, 100)).when(withdraw(100)).then(withdrawn(100, 0));
  });

  it('goes below nothing as far as the policy allows', async () => {
    const history = given(opened(alice), deposited(alice, 100), limit(50), limit(20));
    await history.when(withdraw(121)).then(
      rejected({
        rule: 'insufficient-funds',
        data: { account: alice.id, balance: 100, overdraft: 20, available: 120, missing: 1, currency: 'EUR' },
      }),
    );
    await history.when(withdraw(120)).then(withdrawn(120, -20));
  });

  it('knows no policy but that of its currency', async () => {
    await given(opened(alice), limit(100, 'GBP'))
      .when(withdraw(1))
      .then(rejected({ rule: 'insufficient-funds' }));
  });

  it('is refused while the account is frozen', async () => {
    await given(opened(alice), deposited(alice, 100), frozen(alice))
      .when(withdraw(1))
      .then(rejected({ rule: 'account-frozen', data: { account: alice.id, reason: 'a court order' } }));
  });

  it('never overlooks a limit that is lowered meanwhile, although it only reads it', async () => {
    const store = await given(opened(alice), limit(100)).store();
    const lowered = execute(new SetOverdraftLimit({ policy: 'EUR', limit: 0 }), store);
    await expect(execute(withdraw(100), store)).rejects.toMatchObject({
      rule: 'insufficient-funds',
      // The first attempt was decided on the old limit, and met a conflict.
      context: { attempts: 2 },
    });
    await lowered;
  });

  it('never overlooks that the account is frozen meanwhile, although neither writes what the other one writes', async () => {
    const store = await given(opened(alice), deposited(alice, 100)).store();
    const freezing = execute(FreezeAccount.of('alice', 'a court order'), store);
    await expect(execute(withdraw(100), store)).rejects.toMatchObject({
      rule: 'account-frozen',
      context: { attempts: 2 },
    });
    await freezing;
  });
});

describe('setting the overdraft limit', () => {
  it('writes nothing where the limit is that already', async () => {
    const history = given(limit(100));
    await history.when(new SetOverdraftLimit({ policy: 'EUR', limit: 100 })).then(nothing);
    await history.when(new SetOverdraftLimit({ policy: 'EUR', limit: 0 })).then(limit(0));
  });

  it('takes no limit above nothing', () => {
    expect(() => new SetOverdraftLimit({ policy: 'EUR', limit: -1 })).toThrow(
      'SetOverdraftLimit is not valid: limit: ',
    );
  });
});
