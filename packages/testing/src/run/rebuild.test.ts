/** Building anew what a consumer has built. */
import { describe, expect, it } from '@jest/globals';
import { execute, START, StoreUnavailable, type Position } from '@eventcore/core';
import {
  deadLettersOf,
  defineProjection,
  defineReadModel,
  rebuild,
  renderProgress,
  runConsumers,
  verdictsOf,
  type RebuildProgress,
} from '@eventcore/core/consumers';
import type { MemoryContext } from '@eventcore/memory';
import {
  Account,
  Balances,
  Counts,
  Deposit,
  makeWorld,
  Process,
  Tithe,
  without,
  type World,
} from './processes.fixture.js';

/** All progress of a rebuild, once it is over. */
async function all(world: World, progress: AsyncIterable<RebuildProgress>): Promise<readonly RebuildProgress[]> {
  const seen: RebuildProgress[] = [];
  let over = false;
  const reading = (async () => {
    for await (const one of progress) seen.push(one);
  })().finally(() => (over = true));
  await world.until(() => over);
  await reading;
  return seen;
}

const NewBalances = defineReadModel('balances', { row: () => ({ balance: 0, deposits: 0 }) }).from(Account, {
  Deposited: (row, { data }) => ({ balance: row.balance + data.amount, deposits: row.deposits + 1 }),
});

describe('a rebuild', () => {
  it('replaces all rows by those of the code that is there now, and tells how far it has come', async () => {
    const world = makeWorld();
    await world.deposit(10);
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(10);
    void runner.stop();
    await world.pass(10);
    await world.store.capabilities.rows.step({
      consumer: 'x',
      to: '1' as Position,
      rows: [{ table: 'balances', key: 'left over', row: { balance: 1 } }],
    });
    const seen = await all(
      world,
      rebuild(world.store, NewBalances, { runtime: world.runtime, batchSize: 4, interval: 0 }),
    );
    expect(seen.map(({ done, total, finished }) => [done, total, finished])).toEqual([
      [0, 10, false],
      [4, 10, false],
      [8, 10, false],
      [10, 10, false],
      [10, 10, true],
    ]);
    const { rows, checkpoints } = world.store.capabilities;
    expect(await rows.list('balances', { limit: 10 })).toEqual([
      { key: 'a0', row: { balance: 40, deposits: 4 } },
      { key: 'a1', row: { balance: 30, deposits: 3 } },
      { key: 'a2', row: { balance: 30, deposits: 3 } },
    ]);
    expect(await checkpoints.load('balances')).toBe('0000000000000010.0000');
  });

  it('begins where it is told to', async () => {
    const world = makeWorld();
    const from = await world.deposit(4, 1);
    await world.deposit(2, 1);
    const seen = await all(world, rebuild(world.store, NewBalances, { runtime: world.runtime, from }));
    expect(seen.at(-1)).toMatchObject({ done: 2, total: 2, finished: true });
    expect(await world.balances()).toEqual({ a0: 20 });
  });

  it('has whoever runs the consumer step back, under load, and go on when it is over', async () => {
    const world = makeWorld();
    const told: string[] = [];
    await world.deposit(20);
    const runner = runConsumers(world.store, [Balances], {
      runtime: world.runtime,
      batchSize: 3,
      hooks: { started: () => void told.push('started'), leaseLost: () => void told.push('lost') },
    });
    await world.pass(100);
    let over = false;
    const loading = (async () => {
      for (let n = 0; !over; n++) {
        await execute(new Deposit({ account: `b${n % 5}`, amount: 1 }), world.store, { runtime: world.runtime });
        await world.runtime.sleep(20);
      }
      return (await world.store.readAll({ after: '' as Position, limit: 100_000 })).events;
    })();
    // Each page takes a while, so that much happens meanwhile.
    const slow = {
      ...world.store,
      readAll: async (...given: Parameters<typeof world.store.readAll>) => {
        await world.runtime.sleep(50);
        return world.store.readAll(...given);
      },
    };
    const last = all(world, rebuild(slow, Balances, { runtime: world.runtime, batchSize: 5 }));
    expect((await last).at(-1)).toMatchObject({ finished: true });
    await world.pass(5_000);
    over = true;
    await world.pass(100);
    const events = await loading;
    await world.pass(100);
    const sums: Record<string, number> = {};
    for (const { stream, data } of events) {
      const key = stream.slice('account-'.length);
      sums[key] = (sums[key] ?? 0) + (data as { amount: number }).amount;
    }
    expect(await world.balances()).toEqual(sums);
    expect(told).toEqual(['started', 'lost', 'started']);
    void runner.stop();
  });

  it('has the next page on its way while it works on one, and asks for no page twice, whatever fails', async () => {
    const world = makeWorld();
    await world.deposit(9);
    const calls: string[] = [];
    let failing = 2;
    const { rows } = world.store.capabilities;
    const watched = {
      ...world.store,
      readAll: async (...given: Parameters<typeof world.store.readAll>) => {
        calls.push(`read ${given[0].after.slice(14, 16)}`);
        if (given[0].after !== '' && failing-- > 0) throw new StoreUnavailable('for a moment');
        return world.store.readAll(...given);
      },
      capabilities: {
        ...world.store.capabilities,
        rows: {
          ...rows,
          step: async (step: Parameters<typeof rows.step>[0]) => {
            calls.push(`step ${step.to.slice(14, 16)}`);
            return rows.step(step);
          },
        },
      },
    };
    const seen = await all(world, rebuild(watched, NewBalances, { runtime: world.runtime, batchSize: 3 }));
    expect(seen.at(-1)).toMatchObject({ done: 9, finished: true });
    expect(calls).toEqual([
      'step ',
      'read ',
      'read 03',
      'step 03',
      // The page that was on its way has failed, and so has the next try.
      'read 03',
      'read 03',
      'read 06',
      'step 06',
      'step 09',
    ]);
  });

  it('lets a projection empty what it has written, in one transaction with the return of the checkpoint', async () => {
    const world = makeWorld();
    await world.deposit(4, 1);
    const runner = runConsumers(world.store, [Counts], { runtime: world.runtime });
    await world.pass(10);
    void runner.stop();
    await world.pass(10);
    const count = async () => (await world.store.capabilities.rows.load('counts', ['account-a0'])).get('account-a0');
    expect(await count()).toBe(4);
    const failing = rebuild(world.store, Counts, {
      runtime: world.runtime,
      reset: ({ tx }: MemoryContext) => {
        tx.delete('counts', 'account-a0');
        throw new Error('no');
      },
    });
    await expect(failing.next()).rejects.toThrow('no');
    expect(await count()).toBe(4);
    expect(await world.store.capabilities.checkpoints.load('counts')).toBe('0000000000000004.0000');
    await all(
      world,
      rebuild(world.store, Counts, { runtime: world.runtime, reset: ({ tx }) => tx.delete('counts', 'account-a0') }),
    );
    expect(await count()).toBe(4);
  });

  it('of a reaction executes nothing again, and decides nothing again, also what was rejected', async () => {
    const world = makeWorld();
    await world.deposit(2, 1);
    // Of alice's money nothing is left when the reaction comes to it.
    await execute(new Deposit({ account: 'alice', amount: -5 }), world.store);
    const runner = runConsumers(world.store, [Tithe], { runtime: world.runtime, after: 'beginning' });
    await world.pass(10);
    void runner.stop();
    await world.pass(10);
    const verdicts = async () => {
      const found: string[] = [];
      for await (const { verdict } of verdictsOf(world.store, Tithe)) found.push(verdict);
      return found.sort();
    };
    const before = await world.store.readAll({ after: '' as Position, limit: 100 });
    expect(await verdicts()).toEqual(['executed', 'executed', 'rejected']);
    await execute(new Deposit({ account: 'alice', amount: 1000 }), world.store);
    await all(world, rebuild(world.store, Tithe, { runtime: world.runtime, from: START }));
    const after = await world.store.readAll({ after: before.upTo, limit: 100 });
    // Only the new deposit led to something: it, a withdrawal, and what the church got.
    expect(after.events).toHaveLength(3);
    expect(await verdicts()).toEqual(['executed', 'executed', 'executed', 'rejected']);
  });

  it('of a reaction wants to be told from where, since it answers also what the reaction never saw', async () => {
    const world = makeWorld();
    // @ts-expect-error the compiler says so first
    const rebuilding = rebuild(world.store, Tithe, { runtime: world.runtime });
    await expect(rebuilding.next()).rejects.toMatchObject({
      code: 'DEFINITION',
      message: expect.stringContaining('rebuild(store, reaction, { from })'),
    });
    expect(await world.store.capabilities.leases.acquire('tithe', 'another', 1)).toEqual({ fence: 1 });
  });

  it('from a position leaves the dead letters before it, which are not handed over again', async () => {
    const world = makeWorld();
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' } as const;
    const Fragile = defineProjection('fragile').on(Account, {
      Deposited: ({ stream }) => {
        if (broken) throw new Error(stream);
      },
    });
    let broken = true;
    const from = await world.deposit(1);
    await world.deposit(1200);
    await all(world, rebuild(world.store, Fragile, { runtime: world.runtime, onFailure, reset: 'nothing' }));
    const letters = async () => {
      const found = [];
      for await (const { position } of deadLettersOf(world.store, Fragile)) found.push(position);
      return found;
    };
    expect(await letters()).toHaveLength(1201);
    broken = false;
    await all(world, rebuild(world.store, Fragile, { runtime: world.runtime, onFailure, from, reset: 'nothing' }));
    expect(await letters()).toEqual([from]);
  });

  it('says what failed, also if its lease can not be given back', async () => {
    const world = makeWorld();
    await world.deposit(1);
    const { leases } = world.store.capabilities;
    const release = async () => {
      throw new StoreUnavailable('gone');
    };
    const store = { ...world.store, capabilities: { ...world.store.capabilities, leases: { ...leases, release } } };
    const told: unknown[] = [];
    const options = {
      runtime: world.runtime,
      hooks: { interrupted: ({ error }: { error: unknown }) => void told.push((error as Error).message) },
    };
    const Failing = defineProjection('failing').on(Account, { Deposited: () => Promise.reject(new Error('no')) });
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'stop' } as const;
    const failing = all(world, rebuild(store as World['store'], Failing, { ...options, onFailure, reset: 'nothing' }));
    await expect(failing).rejects.toMatchObject({ code: 'CONSUMER_FAILED' });
    const seen = await all(world, rebuild(store as World['store'], Balances, options));
    expect(seen.at(-1)).toMatchObject({ finished: true });
    expect(told).toEqual(['gone', 'gone']);
  });

  it('hands dead letters over again, and forgets those that are mended', async () => {
    const world = makeWorld();
    await world.deposit(2, 1);
    let broken = true;
    const Fragile = defineProjection('fragile').on(Account, {
      Deposited: () => {
        if (broken) throw new Error('broken');
      },
    });
    const letters = async () => {
      let count = 0;
      for await (const _ of deadLettersOf(world.store, Fragile)) count += 1;
      return count;
    };
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' } as const;
    await all(world, rebuild(world.store, Fragile, { runtime: world.runtime, onFailure, reset: 'nothing' }));
    expect(await letters()).toBe(2);
    broken = false;
    await all(world, rebuild(world.store, Fragile, { runtime: world.runtime, onFailure, reset: 'nothing' }));
    expect(await letters()).toBe(0);
  });

  it('ends at an event that fails, and at the end of the loop, and gives the lease back', async () => {
    const world = makeWorld();
    await world.deposit(10);
    const free = async (name: string) =>
      (await world.store.capabilities.leases.acquire(name, 'another', 1)) !== undefined;
    const Failing = defineReadModel('failing', { row: () => ({}) }).from(Account, {
      Deposited: () => {
        throw new Error('no');
      },
    });
    await expect(all(world, rebuild(world.store, Failing, { runtime: world.runtime }))).rejects.toMatchObject({
      code: 'CONSUMER_FAILED',
    });
    expect(await free('failing')).toBe(true);
    for await (const { done } of rebuild(world.store, Balances, {
      runtime: world.runtime,
      batchSize: 2,
      interval: 0,
    })) {
      if (done > 0) break;
    }
    expect(await free('balances')).toBe(true);
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(2_000);
    expect(await world.balances()).toEqual({ a0: 40, a1: 30, a2: 30 });
    void runner.stop();
  });

  it('is finished by whoever runs the consumer when its process dies, at every one of its calls', async () => {
    const run = async (world: World, at: number) => {
      await world.deposit(5);
      await all(world, rebuild(world.store, Balances, { runtime: world.runtime }));
      const process = new Process(world.store, (_, index) => (index === at ? 'die' : undefined));
      let ended = false;
      void (async () => {
        for await (const _ of rebuild(process.store, Balances, { runtime: world.runtime, batchSize: 2 })) continue;
        ended = true;
      })();
      await world.pass(100);
      expect(ended).toBe(at === -1);
      const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
      await world.pass(10_000);
      expect(await world.balances()).toEqual({ a0: 20, a1: 20, a2: 10 });
      void runner.stop();
      return process.moments;
    };
    const moments = await run(makeWorld(), -1);
    expect(moments).toEqual(expect.arrayContaining(['before rows.step', 'after leases.takeOver']));
    for (const at of moments.keys()) await run(makeWorld(), at);
  });

  it('clears nothing when it was paused past its lease', async () => {
    const world = makeWorld();
    await world.deposit(3);
    const process = new Process(world.store, (moment) => (moment === 'before rows.step' ? 'pause' : undefined));
    const progress = rebuild(process.store, Balances, { runtime: world.runtime });
    let thrown: unknown;
    void progress.next().catch((error: unknown) => (thrown = error));
    await world.pass(100);
    // Its renewals wait as well: the whole process stands still.
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(20_000);
    const before = await world.balances();
    expect(before).toEqual({ a0: 10, a1: 10, a2: 10 });
    void runner.pause();
    process.resume();
    await world.pass(1_000);
    expect(thrown).toMatchObject({ code: 'LEASE_LOST' });
    expect(await world.balances()).toEqual(before);
    void runner.stop();
  });

  it('waits for a store that cannot be reached', async () => {
    const world = makeWorld();
    await world.deposit(10);
    let calls = 0;
    const flaky = {
      ...world.store,
      readAll: async (...given: Parameters<typeof world.store.readAll>) => {
        if (++calls % 3 !== 0) throw new StoreUnavailable('gone');
        return world.store.readAll(...given);
      },
    };
    const seen = await all(world, rebuild(flaky, Balances, { runtime: world.runtime, batchSize: 2 }));
    expect(seen.at(-1)).toMatchObject({ finished: true });
    expect(await world.balances()).toEqual({ a0: 40, a1: 30, a2: 30 });
  });

  it('waits as well where it begins, and empties what is there once', async () => {
    const world = makeWorld();
    await world.deposit(3, 1);
    let troubles = 2;
    const { rows } = world.store.capabilities;
    const troubled = {
      ...world.store,
      capabilities: {
        ...world.store.capabilities,
        rows: {
          ...rows,
          step: async (step: Parameters<typeof rows.step>[0]) => {
            if (troubles-- > 0) throw new StoreUnavailable('deadlock detected');
            return rows.step(step);
          },
        },
      },
    };
    const seen = await all(world, rebuild(troubled, NewBalances, { runtime: world.runtime }));
    expect(seen.at(-1)).toMatchObject({ done: 3, finished: true });
    expect(await world.balances()).toEqual({ a0: 30 });
  });

  it('waits for a feed that is held up by a commit under way', async () => {
    const world = makeWorld();
    await world.deposit(4);
    let reads = 0;
    const late = {
      ...world.store,
      readAll: async (query: Parameters<typeof world.store.readAll>[0]) =>
        ++reads > 5 ? world.store.readAll(query) : { events: [], upTo: query.after },
    };
    const seen = await all(world, rebuild(late, Balances, { runtime: world.runtime }));
    expect(seen.at(-1)).toMatchObject({ done: 4, finished: true });
  });

  it('counts what was handled where the store counts nothing', async () => {
    const world = makeWorld();
    await world.deposit(3);
    const store = without(world.store, 'distance', 'head');
    const seen = await all(world, rebuild(store, Balances, { runtime: world.runtime }));
    expect(seen.at(-1)).toEqual({
      consumer: 'balances',
      position: '0000000000000003.0000',
      done: 3,
      rate: 0,
      finished: true,
    });
  });
});

describe('the progress of a rebuild as one sees it', () => {
  const progress = (done: number, total: number | undefined, more: Partial<RebuildProgress> = {}): RebuildProgress => ({
    consumer: 'balances',
    position: '1' as Position,
    done,
    rate: 81_000,
    finished: false,
    ...(total !== undefined && { total, remaining: (total - done) / 81_000 }),
    ...more,
  });
  async function rendered(steps: readonly RebuildProgress[], isTTY: boolean): Promise<string> {
    let text = '';
    async function* told() {
      yield* steps;
    }
    await renderProgress(told(), { write: (more: string) => void (text += more), isTTY });
    return text;
  }

  it('is a bar that moves on a terminal', async () => {
    const steps = [
      progress(0, 10_000_000),
      progress(5_000_000, 10_000_000),
      progress(10_000_000, 10_000_000, { finished: true }),
    ];
    expect((await rendered(steps, true)).split('\r\u001b[K')).toEqual([
      '',
      'balances  [--------------------]   0 %  0 of 10,000,000 events  81,000/s  2:04 left',
      'balances  [##########----------]  50 %  5,000,000 of 10,000,000 events  81,000/s  1:02 left',
      'balances  [####################] 100 %  10,000,000 of 10,000,000 events  81,000/s  done\n',
    ]);
  });

  it('is a line for each tenth elsewhere', async () => {
    const steps = Array.from({ length: 101 }, (_, n) => progress(n, 100));
    const lines = (await rendered([...steps, progress(100, 100, { finished: true })], false)).trimEnd().split('\n');
    expect(lines.map((line) => / (\d+) %/.exec(line)?.[1])).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      '100',
      '100',
    ]);
  });

  it('is a count where the end is not known, and hours where it takes so long', async () => {
    expect(await rendered([progress(1234, undefined)], false)).toBe('balances  1,234 events  81,000/s\n');
    expect(await rendered([progress(0, 1, { remaining: 3_725 })], false)).toContain('1:02:05 left');
  });
});
