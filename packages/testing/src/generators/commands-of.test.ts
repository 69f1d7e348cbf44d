import { describe, expect, it } from '@jest/globals';
import {
  appends,
  defineCommand,
  defineStream,
  discovers,
  load,
  many,
  optional,
  reads,
  type StreamKey,
} from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import fc from 'fast-check';
import * as v from 'valibot';
import { Account, Deposit, Money, TransferMoney, Withdraw } from './bank.fixture.js';
import { commandSequences } from './command-sequences.js';
import { commandsOf } from './commands-of.js';
import { runCommands } from './run-commands.js';

const keys = ['alice', 'bob', 'carol'];
const small = { schemas: [[Money, fc.integer({ min: 1, max: 50 })]] } as const;

describe('commands of a class', () => {
  it('are commands of that class, on streams of the pool, through both doors', () => {
    fc.assert(
      fc.property(
        commandsOf(TransferMoney, { keys }),
        commandsOf(Deposit, { keys: ['alice'] }),
        (transfer, deposit) => {
          expect(transfer).toBeInstanceOf(TransferMoney);
          expect(keys).toContain(transfer.from.key);
          expect(transfer.from.id).not.toBe(transfer.to.id);
          expect(transfer.amount).toBeGreaterThan(0);
          expect(deposit.streams.account.key).toBe('alice');
        },
      ),
    );
    const memos = fc.sample(commandsOf(TransferMoney), 100).map(({ memo }) => memo === undefined);
    expect(new Set(memos)).toEqual(new Set([true, false]));
  });

  it('take arbitraries of one\u2019s own for inputs and streams, and keys by stream type', () => {
    const transfers = commandsOf(TransferMoney, {
      keys: { account: fc.constantFrom<StreamKey>('x', 'y') },
      fields: { amount: fc.constant(7), to: fc.constant('z') },
    });
    for (const { from, to, amount } of fc.sample(transfers, 50)) {
      expect([to.key, amount]).toEqual(['z', 7]);
      expect(['x', 'y']).toContain(from.key);
    }
  });

  it('fill every kind of field', () => {
    const Policy = defineStream('policy', { events: { Set: v.object({}) }, state: () => ({}), fold: {} });
    const Everything = defineCommand('Everything', {
      streams: {
        account: Account,
        policy: reads(Policy),
        heir: optional(reads(Policy)),
        audit: appends(Account),
        payees: many(Account),
        found: discovers(Account),
      },
      input: { at: v.pipe(v.string(), v.isoTimestamp()), tags: v.array(v.picklist(['a', 'b'])) },
      discover: () => ({ found: [] }),
      handle: () => undefined,
    });
    const made = fc.sample(commandsOf(Everything, { keys: streamKeysOf(20) }), { numRuns: 100, seed: 1 });
    expect(new Set(made.map(({ streams }) => streams.heir === undefined))).toEqual(new Set([true, false]));
    expect(Math.max(...made.map(({ streams }) => streams.payees.length))).toBeGreaterThan(1);
    expect(made.every(({ input }) => !Number.isNaN(Date.parse(input.at)))).toBe(true);
  });

  it('that can\u2019t be made are an error that says why', () => {
    expect(() => commandsOf(TransferMoney, { keys: ['alice'] })).toThrow(/"account-alice" must be named once/);
    expect(() => commandsOf(TransferMoney, { keys: { policy: ['a'] } as object })).toThrow(
      'TransferMoney.from: there are no keys of "account" streams',
    );
    const Opaque = defineCommand('Opaque', {
      streams: { account: Account },
      input: { at: v.custom<string>(() => true) },
      handle: () => undefined,
    });
    expect(() => commandsOf(Opaque)).toThrow(
      /Opaque\.at: valibot's `custom`.*commandsOf\(Opaque, \{ fields: \{ at: arbitrary \} \}\)/,
    );
  });
});

describe('sequences of commands', () => {
  const balances = async (store: Parameters<typeof load>[0]): Promise<readonly number[]> =>
    Promise.all(keys.map(async (key) => (await load(store, Account.at(key))).balance));

  it('find no fault in commands that keep their rules', async () => {
    let applied = 0;
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(commandSequences([Deposit, TransferMoney], { keys, ...small }), async (commands) => {
        const store = createMemoryStore();
        for (const run of await runCommands(commands, store)) {
          if (run.rejected === undefined) applied += 1;
          else rejected += 1;
        }
        expect(Math.min(...(await balances(store)))).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(applied).toBeGreaterThan(100);
    expect(rejected).toBeGreaterThan(20);
  });

  it('find the one that forgets a rule, and shrink to a single command', async () => {
    const result = await fc.check(
      fc.asyncProperty(commandSequences([Deposit, TransferMoney, Withdraw], { keys, ...small }), async (commands) => {
        const store = createMemoryStore();
        await runCommands(commands, store);
        return Math.min(...(await balances(store))) >= 0;
      }),
      { seed: 3 },
    );
    const [commands] = result.counterexample ?? [[]];
    expect(commands).toHaveLength(1);
    // As the report of the failure shows it.
    expect(fc.stringify(commands)).toBe("[new Withdraw({ account: 'alice', amount: 1 })]");
  });

  it('take arbitraries of commands beside classes, and lengths', () => {
    const sources = [Deposit, commandsOf(TransferMoney, { fields: { amount: fc.constant(3) } })];
    for (const commands of fc.sample(commandSequences(sources, { minLength: 2, maxLength: 3 }), 50)) {
      expect([2, 3]).toContain(commands.length);
      for (const command of commands) if (command instanceof TransferMoney) expect(command.amount).toBe(3);
    }
  });

  it('are as long as was asked for, and up to 20 commands unless it was', () => {
    const longest = (options: object): number =>
      Math.max(
        ...fc.sample(commandSequences([Deposit], options), { numRuns: 300, seed: 1 }).map(({ length }) => length),
      );
    expect(longest({})).toBe(20);
    expect(longest({ maxLength: 40 })).toBe(40);
    expect(longest({ minLength: 30 })).toBe(30);
  });

  it('are made of a list, of one class at least', () => {
    expect(() => commandSequences(Deposit as never)).toThrow(
      'commandSequences needs a list, of classes and of what commandsOf gives: commandSequences([Deposit]).',
    );
    expect(() => commandSequences([])).toThrow('commandSequences needs at least one class');
  });
});

function streamKeysOf(count: number): readonly StreamKey[] {
  return Array.from({ length: count }, (_, index) => `key${index}`);
}
