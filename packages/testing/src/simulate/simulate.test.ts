/** The simulator finds what is wrong, tells it, and replays it; and finds nothing where nothing is wrong. */
import { describe, expect, it } from '@jest/globals';
import { defineCommand, defineStream, ensure, load, reads, type EventStore } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';
import { atLength } from '../../../../tools/at-length.mjs';
import { aroundStore } from '../chaos/around-store.js';
import { runSeed } from './run-seed.js';
import { simulate, SimulationFailed } from './simulate.js';
import type { Simulation } from './simulation.js';
import { workload } from './workload.js';

const Account = defineStream('account', {
  events: { Moved: v.object({ by: v.number() }) },
  state: () => ({ balance: 0 }),
  fold: { Moved: ({ balance }, { by }) => ({ balance: balance + by }) },
});

const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: v.number() },
  handle: ({ input, emit }) => emit('account', 'Moved', { by: input.amount }),
});

/** Takes money if both accounts together hold enough. It has forgotten to declare the other one. */
const CarelessWithdraw = defineCommand('CarelessWithdraw', {
  streams: { account: Account },
  input: { amount: v.number(), elsewhere: v.number() },
  handle: ({ state, input, emit }) => {
    ensure(state.account.balance + input.elsewhere >= input.amount, 'not enough');
    emit('account', 'Moved', { by: -input.amount });
  },
});

const Withdraw = defineCommand('Withdraw', {
  streams: { account: Account, other: reads(Account) },
  input: { amount: v.number() },
  handle: ({ state, input, emit }) => {
    ensure(state.account.balance + state.other.balance >= input.amount, 'not enough');
    emit('account', 'Moved', { by: -input.amount });
  },
});

const before = [new Deposit({ account: 'checking', amount: 60 }), new Deposit({ account: 'savings', amount: 60 })];

async function total(store: EventStore): Promise<void> {
  const checking = await load(store, Account.at('checking'));
  const savings = await load(store, Account.at('savings'));
  const sum = checking.balance + savings.balance;
  if (sum < 0) throw new Error(`Together they hold ${sum}.`);
}

const careless: Simulation = {
  before,
  invariant: total,
  commands: async ({ random, store }) => {
    const [account, other] = random.sample(['checking', 'savings'], 2);
    const { balance } = await load(store, Account.at(other));
    return new CarelessWithdraw({ account, elsewhere: balance, amount: random.integer(1, 40) });
  },
};

const careful: Simulation = {
  before,
  invariant: total,
  commands: ({ random }) => {
    const [account, other] = random.sample(['checking', 'savings'], 2);
    return new Withdraw({ account, other, amount: random.integer(1, 40) });
  },
};

async function failureOf(simulation: Simulation): Promise<SimulationFailed> {
  const ended: unknown = await simulate(simulation).catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(SimulationFailed);
  return ended as SimulationFailed;
}

describe('a simulation', () => {
  it('finds the stream that a command forgot to declare', async () => {
    const failure = await failureOf(careless);
    expect(failure.message).toMatch(
      /^Seed \d+ fails\. Replay it with simulate\(\{ …, seed: \d+, clients: \d, rounds: \d+ \}\)\./,
    );
    expect(failure.message).toContain('G2-item: two commands each decided on what the other one changed');
    expect(failure.message).toMatch(
      /CarelessWithdraw \S+ by client-\d had looked beforehand at account-\w+ at version \d+/,
    );
    expect(failure.message).toContain(
      'CarelessWithdraw is made of what was read of a stream of type "account" before, and doesn\'t declare that stream.',
    );
    expect(failure.message).toContain('What happened, in milliseconds:');
  });

  it('finds nothing once it is declared', async () => {
    const report = await simulate({ ...careful, seeds: 60 });
    expect(report.seeds).toBe(60);
    expect(report.ended.ok).toBeGreaterThan(0);
    expect(report.conflicts).toBeGreaterThan(0);
    expect(String(report)).toMatch(/^60 seeds, nothing wrong\n {2}commands: \d+ answered, \d+ rejected/);
  });

  it('finds by the invariant what no order of commands shows', async () => {
    const wrongRule: Simulation = {
      ...careful,
      faults: false,
      commands: ({ random }) =>
        new CarelessWithdraw({ account: 'checking', elsewhere: 500, amount: random.integer(1, 40) }),
    };
    const failure = await failureOf(wrongRule);
    expect(failure.message).toContain('Together they hold -');
    expect(failure.run.verdict.valid).toBe(true);
    expect((failure.cause as Error).message).toContain('Together they hold -');
  });

  it('is as small as it can be when it fails', async () => {
    const failure = await failureOf({ ...careless, clients: 6, rounds: 15 });
    const [, clients, rounds] = /clients: (\d+), rounds: (\d+)/.exec(failure.message)!.map(Number) as [
      number,
      number,
      number,
    ];
    expect([clients < 6, rounds]).toEqual([true, 1]);
    expect(failure.run.history.operations.length).toBeLessThan(40);
  });

  it('fails in the same way when its seed is run again', async () => {
    const failure = await failureOf(careless);
    const size = /clients: (\d+), rounds: (\d+)/.exec(failure.message)!;
    const replay = { ...careless, seed: failure.seed, clients: Number(size[1]), rounds: Number(size[2]) };
    const again = await failureOf(replay);
    expect(again.message).toBe(failure.message);
  });

  it('of one seed is the same, event by event, and of another seed is not', async () => {
    const log = async (seed: number): Promise<string> =>
      JSON.stringify((await runSeed(workload, seed, { clients: 5, rounds: 12 })).history);
    expect(await log(11)).toBe(await log(11));
    expect(await log(11)).not.toBe(await log(12));
  });

  it('does not accuse a command that declares what its client has looked at', async () => {
    const { commands: _, ...rest } = careful;
    await simulate({
      ...rest,
      seeds: 40,
      commands: async ({ random, store, peek }) => {
        const [account, other] = random.sample(['checking', 'savings'], 2);
        const { balance } = await load(store, Account.at(account));
        // What it does next depends on anything at all.
        const { balance: elsewhere } = await load(peek, Account.at('elsewhere'));
        return balance + elsewhere > 30
          ? new Withdraw({ account, other, amount: random.integer(1, 40) })
          : new Deposit({ account, amount: random.integer(1, 40) });
      },
    });
  });

  it('in which everything is rejected has tested nothing, and says so', async () => {
    await expect(simulate({ ...careful, before: [], seeds: 3 })).rejects.toThrow(
      /^In 3 seeds no command was applied, so nothing was tested: \d+ were rejected/,
    );
  });

  it('with commands that owe something to chance from elsewhere is told so, though nothing fails', async () => {
    let turn = 0;
    const commands = () => new Deposit({ account: 'checking', amount: (turn += 1) });
    await expect(simulate({ commands, seeds: 2 })).rejects.toThrow(/^Seed 1 ran twice, and not alike: something/);
  });

  it('says which of the first commands has failed', async () => {
    const first = [...before, new Withdraw({ account: 'checking', other: 'savings', amount: 500 })];
    const failure = await failureOf({ ...careful, before: first });
    expect(failure.message).toContain(
      "before[2], new Withdraw({ account: 'checking', other: 'savings', amount: 500 }), failed: not enough",
    );
  });

  it('finds that an invariant gives false', async () => {
    const failure = await failureOf({ ...careful, invariant: () => false });
    expect(failure.message).toContain('The invariant gave false.');
  });

  it.each([
    ['what it does not have', { ...careful, befor: [] }, 'A simulation has no "befor". It has commands, before,'],
    ['no commands', {}, 'simulate needs to be told what clients do'],
    ['no count', { ...careful, seeds: 0 }, 'seeds is a count from 1 on, not 0.'],
    ['no fault', { ...careful, faults: { crsh: 1 } }, 'There is no fault "crsh".'],
  ])('refuses %s', async (_, simulation, message) => {
    await expect(simulate(simulation as Simulation)).rejects.toThrow(message);
  });

  it('that owes something to chance from elsewhere is told so', async () => {
    let turn = 0;
    const failure = await failureOf({
      ...careful,
      faults: false,
      seeds: 1,
      invariant: () => {
        turn += 1;
        if (turn === 1) throw new Error('only this time');
      },
    });
    expect(failure.message).toContain("Seed 1 failed, and didn't when it was replayed");
    expect(failure.message).toContain('only this time');
    expect(failure.message).not.toContain('Replay it');
  });

  it('has clients that crash, send again, set deadlines, and differ from each other', async () => {
    const seen = { crashed: 0, clocks: 0, again: 0, byTheSame: 0, late: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const dead = new Set<string>();
      const { history } = await runSeed(workload, seed, {
        clients: 3,
        rounds: 8,
        tell: (_, who, what) => {
          // Who is gone does nothing any more.
          expect([...dead]).not.toContain(who);
          if (what === 'crashes') dead.add(who);
          if (what.startsWith('has its clock set to')) seen.clocks += 1;
        },
      });
      seen.crashed += dead.size;
      const senders = new Map<string, string>();
      const commands = new Map<string, string>();
      for (const { commandId, process, name } of history.operations.filter((one) => one.commandId !== '')) {
        const before = senders.get(commandId);
        if (before !== undefined) seen[before === process ? 'byTheSame' : 'again'] += 1;
        senders.set(commandId, process);
        const client = process.split('/')[0]!;
        commands.set(client, `${commands.get(client) ?? ''} ${name}`);
      }
      const ends = history.operations.filter(({ end, sent }) => end === 'failed' && sent.length === 0);
      seen.late += ends.length;
      expect(new Set(commands.values()).size).toBe(commands.size);
    }
    for (const [what, count] of Object.entries(seen)) expect([what, count > 0]).toEqual([what, true]);
  });

  it('gives deadlines to some commands', async () => {
    const stuck = (deadline: number | undefined): Promise<void> =>
      deadline === undefined ? Promise.resolve() : Promise.reject(new Error('it has a deadline'));
    const store: Simulation['store'] = (runtime) => {
      const inner = createMemoryStore({ runtime });
      return aroundStore(inner, {
        read: async (asked, call) => (await stuck(call?.deadline), inner.read(asked, call)),
      });
    };
    const failure = await failureOf({ ...careful, before: [], store, faults: false, clients: 1, seeds: 10 });
    expect(failure.message).toContain('it has a deadline');
  });

  it('counts the conflicts, and none where there is nobody else', async () => {
    const report = await simulate({ ...careful, faults: false, clients: 1, seeds: 3 });
    expect([report.conflicts, report.doubts]).toEqual([0, 0]);
  });

  it('waits for what is still under way before it judges', async () => {
    const faults = { appliedLate: 1 };
    const commands = () => new Deposit({ account: 'checking', amount: 1 });
    const { history } = await runSeed({ commands, faults: { ...faults, crash: 1 } }, 1, { clients: 3, rounds: 1 });
    const sent = history.operations.flatMap((operation) => operation.sent);
    expect([sent.length > 0, history.log.length > 0]).toEqual([true, true]);
  });

  it('judges a store that takes its time, by the runtime', async () => {
    const store: Simulation['store'] = (runtime) => {
      const inner = createMemoryStore({ runtime });
      return aroundStore(inner, {
        read: async (...given) => (await runtime.sleep(5), inner.read(...given)),
        readAll: async (...given) => (await runtime.sleep(5), inner.readAll(...given)),
        close: async () => (await runtime.sleep(5), inner.close()),
      });
    };
    expect((await simulate({ ...careful, store, seeds: 2 })).seeds).toBe(2);
    const invariant = async (asked: EventStore): Promise<void> => {
      await load(asked, Account.at('checking'));
      throw new Error('never again');
    };
    expect((await failureOf({ ...careful, store, invariant })).message).toContain('never again');
  });

  it('closes its stores', async () => {
    let [made, closed] = [0, 0];
    const store: Simulation['store'] = (runtime) => {
      const inner = createMemoryStore({ runtime });
      made += 1;
      return aroundStore(inner, { close: () => ((closed += 1), inner.close()) });
    };
    await simulate({ ...careful, store, seeds: 3 });
    expect([made >= 3, closed]).toEqual([true, made]);
  });

  it('follows the feed in pages of several sizes', async () => {
    const limits = new Set<number>();
    const store: Simulation['store'] = (runtime) => {
      const inner = createMemoryStore({ runtime });
      return aroundStore(inner, { readAll: (query, call) => (limits.add(query.limit), inner.readAll(query, call)) });
    };
    await simulate({ ...careful, store, seeds: 1 });
    expect([...limits].toSorted((one, other) => one - other).slice(0, 3)).toEqual([1, 3, 50]);
  });

  it('ends by what a consumer meets that is no passing fault', async () => {
    const store: Simulation['store'] = (runtime) =>
      aroundStore(createMemoryStore({ runtime }), {
        readAll: async ({ limit, after }) => {
          if (limit === 3) throw new TypeError('the feed is out of order');
          return { events: [], upTo: after };
        },
      });
    const failure = await failureOf({ ...careful, before: [], store, faults: false });
    expect(failure.message).toContain('the feed is out of order');
  });

  it('has every fault take effect, and its answers found out', async () => {
    const report = await simulate({ ...workload, seeds: atLength ? 200 : 40 });
    for (const [fault, count] of Object.entries(report.fired)) expect([fault, count > 0]).toEqual([fault, true]);
    for (const [end, count] of Object.entries(report.ended)) expect([end, count > 0]).toEqual([end, true]);
    expect(report.conflicts).toBeGreaterThan(100);
    expect(report.doubts).toBeGreaterThan(report.ended.unknown);
  });

  it('without faults has only the interleaving', async () => {
    const report = await simulate({ ...workload, seeds: 20, faults: false });
    expect(Object.values(report.fired).every((count) => count === 0)).toBe(true);
    expect(report.conflicts).toBeGreaterThan(20);
  });

  it('has the faults that it is given, and no others', async () => {
    const report = await simulate({ ...workload, seeds: 20, faults: { crash: 0.2, replyLost: 0.1 } });
    const fired = Object.entries(report.fired).filter(([, count]) => count > 0);
    expect(fired.map(([fault]) => fault).toSorted()).toEqual(['crash', 'replyLost']);
  });

  it('on a store that offers no hold and no watch works as well', async () => {
    const store: Simulation['store'] = (runtime) => {
      const { hold: _, watch: __, ...minimal } = createMemoryStore({ runtime });
      return minimal;
    };
    await simulate({ ...workload, seeds: 20, store });
  });

  it('of a command that has a fault of its own ends by that', async () => {
    const broken: Simulation = {
      ...careful,
      commands: () => {
        throw new TypeError('nobody can make this');
      },
    };
    const failure = await failureOf(broken);
    expect(failure.message).toContain('nobody can make this');
    expect(failure.cause).toBeInstanceOf(TypeError);
  });

  it('notices clients that wait for ever', async () => {
    const stuck: Simulation['store'] = (runtime) =>
      aroundStore(createMemoryStore({ runtime }), { append: () => new Promise(() => undefined) });
    const commands = () => new Deposit({ account: 'checking', amount: 1 });
    const failure = await failureOf({ commands, store: stuck, faults: false, clients: 2, rounds: 1 });
    expect(failure.message).toContain(
      'A client waits for something that never comes: nothing happens in real time here',
    );
    const beforehand = await failureOf({ commands, before, store: stuck });
    expect(beforehand.message).toContain(
      'What is executed before waits for something that never comes: nothing happens in real time here',
    );
  });

  it('runs one seed alone', async () => {
    expect((await simulate({ ...careful, seed: 5 })).seeds).toBe(1);
  });
});
