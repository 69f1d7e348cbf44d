import { describe, expect, it } from '@jest/globals';
import { execute } from '@eventcore/core';
import { given, nothing, on, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { Policy } from './policy.js';
import { SetOverdraftLimit } from './set-overdraft-limit.js';
import { Withdraw } from './withdraw.js';

const alice = Account.at('alice');
const bank = Policy.at('bank');
const opened = on(alice, 'AccountOpened', { owner: 'Alice' });
const deposited = on(alice, 'MoneyDeposited', { amount: 100 });
const limit = (limit: number) => on(bank, 'OverdraftLimitSet', { limit });
const withdraw = (amount: number) => new Withdraw({ account: alice, policy: bank, amount });

describe('paying out', () => {
  it('takes what is there', async () => {
    await given(opened, deposited)
      .when(withdraw(100))
      .then(on(alice, 'MoneyWithdrawn', { amount: 100 }));
  });

  it('goes below nothing as far as the policy allows', async () => {
    const history = given(opened, deposited, limit(50), limit(20));
    await history
      .when(withdraw(121))
      .then(
        rejected({ rule: 'insufficient-funds', data: { account: alice.id, balance: 100, overdraft: 20, missing: 1 } }),
      );
    await history.when(withdraw(120)).then(on(alice, 'MoneyWithdrawn', { amount: 120 }));
  });

  it('never overlooks a limit that is lowered meanwhile, although it only reads it', async () => {
    const store = await given(opened, limit(100)).store();
    const lowered = execute(new SetOverdraftLimit({ policy: bank, limit: 0 }), store);
    await expect(execute(withdraw(100), store)).rejects.toMatchObject({
      rule: 'insufficient-funds',
      data: { account: alice.id, balance: 0, overdraft: 0, missing: 100 },
      // The first attempt was decided on the old limit, and met a conflict.
      context: { attempts: 2 },
    });
    await lowered;
  });
});

describe('setting the overdraft limit', () => {
  it('writes nothing where the limit is that already', async () => {
    const history = given(limit(100));
    await history.when(new SetOverdraftLimit({ policy: bank, limit: 100 })).then(nothing);
    await history.when(new SetOverdraftLimit({ policy: bank, limit: 0 })).then(limit(0));
  });
});
