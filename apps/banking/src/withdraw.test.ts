import { describe, expect, it } from '@jest/globals';
import { execute } from '@eventcore/core';
import { deposited, given, limitSet, opened, withdrawn } from './scenario.fixture.js';
import { SetOverdraftLimit } from './set-overdraft-limit.js';
import { Withdraw } from './withdraw.js';

const withdraw = (amount: number) => new Withdraw({ account: 'alice', policy: 'bank', amount });

describe('paying out', () => {
  it('takes what is there', async () => {
    const bank = await given({ 'account-alice': [opened('Alice'), deposited(100)] });
    expect(await bank.when(withdraw(100))).toEqual({ events: { 'account-alice': [withdrawn(100)] } });
  });

  it('goes below nothing as far as the policy allows', async () => {
    const bank = await given({
      'account-alice': [opened('Alice'), deposited(100)],
      'policy-bank': [limitSet(50), limitSet(20)],
    });
    expect(await bank.when(withdraw(121))).toEqual({
      rule: 'insufficient-funds',
      data: { account: 'account-alice', balance: 100, overdraft: 20, missing: 1 },
    });
    expect(await bank.when(withdraw(120))).toEqual({ events: { 'account-alice': [withdrawn(120)] } });
  });

  it('never overlooks a limit that is lowered meanwhile, although it only reads it', async () => {
    const { store } = await given({ 'account-alice': [opened('Alice')], 'policy-bank': [limitSet(100)] });
    const lowered = execute(new SetOverdraftLimit({ policy: 'bank', limit: 0 }), store);
    await expect(execute(withdraw(100), store)).rejects.toMatchObject({
      rule: 'insufficient-funds',
      data: { account: 'account-alice', balance: 0, overdraft: 0, missing: 100 },
      // The first attempt was decided on the old limit, and met a conflict.
      context: { attempts: 2 },
    });
    await lowered;
  });
});

describe('setting the overdraft limit', () => {
  it('writes nothing where the limit is that already', async () => {
    const bank = await given({ 'policy-bank': [limitSet(100)] });
    expect(await bank.when(new SetOverdraftLimit({ policy: 'bank', limit: 100 }))).toEqual({ events: {} });
    expect(await bank.when(new SetOverdraftLimit({ policy: 'bank', limit: 0 }))).toEqual({
      events: { 'policy-bank': [limitSet(0)] },
    });
  });
});
