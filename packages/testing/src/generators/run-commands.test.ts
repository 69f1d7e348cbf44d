import { describe, expect, it } from '@jest/globals';
import { load } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { Account, Deposit, TransferMoney } from './bank.fixture.js';
import { runCommands } from './run-commands.js';
import { createTally } from './tally.js';

const deposit = (amount: number) => new Deposit({ account: 'alice', amount });
const transfer = (amount: number) => new TransferMoney({ from: 'alice', to: 'bob', amount });

describe('running commands', () => {
  it('throws what is no rule', async () => {
    const store = createMemoryStore();
    await store.close();
    await expect(runCommands([deposit(1)], store)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('executes first what sets the scene, and leaves it out of the runs and of the tally', async () => {
    const store = createMemoryStore();
    const tally = createTally();
    const runs = await runCommands([transfer(60)], store, { before: [deposit(100)], tally });
    expect(runs.map(({ receipt }) => receipt?.events.length)).toEqual([2]);
    expect((await load(store, Account.at('alice'))).balance).toBe(40);
    expect(String(tally)).toBe('TransferMoney: 1 applied');
  });

  it('does not go on without the scene: what sets it has to succeed', async () => {
    await expect(
      runCommands([deposit(1)], createMemoryStore(), { before: [deposit(1), transfer(5)] }),
    ).rejects.toMatchObject({
      code: 'DEFINITION',
      message: expect.stringContaining(
        "new TransferMoney({ from: 'alice', to: 'bob', amount: 5 }) was rejected: insufficient funds. What stands in `before`",
      ),
      cause: { code: 'BUSINESS_RULE_VIOLATION' },
    });
  });
});

describe('a tally', () => {
  it('counts what was applied and which rules said no, over many runs', async () => {
    const tally = createTally();
    for (const amount of [10, 20]) {
      await runCommands([transfer(1), deposit(amount), transfer(15)], createMemoryStore(), { tally });
    }
    expect(String(tally)).toBe('TransferMoney: 1 applied, 3 rejected (3 insufficient funds)\nDeposit: 2 applied');
    expect(tally.of(TransferMoney)).toEqual({
      applied: 1,
      rejected: 3,
      rules: new Map([['insufficient funds', 3]]),
    });
  });

  it('has zeros for a class that never ran, and refuses what is no command class', () => {
    expect(createTally().of(Deposit)).toEqual({ applied: 0, rejected: 0, rules: new Map() });
    expect(() => createTally().of(class Other {})).toThrow(/Other is not a command/);
  });
});
