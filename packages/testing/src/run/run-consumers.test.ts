/** Running consumers: beginning, being one of several, standing still, ending, and telling how it goes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from '@jest/globals';
import { execute, load, START, StoreUnavailable, type EventStore, type Position } from '@eventcore/core';
import {
  caughtUp,
  consumerChannelName,
  defineProjection,
  defineReadModel,
  On,
  Projection,
  rowsOf,
  runConsumers,
  statusOf,
  type ReactionContext,
} from '@eventcore/core/consumers';
import { createMemoryStore, type MemoryContext, type MemoryStore } from '@eventcore/memory';
import { aroundStore } from '../chaos/around-store.js';
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

/** What a promise came to, once the world has had time. */
async function settledIn(world: World, milliseconds: number, promise: Promise<unknown>): Promise<unknown> {
  const outcome = promise.then(
    (value) => value ?? 'done',
    (error: unknown) => error,
  );
  await world.pass(milliseconds);
  return Promise.race([outcome, Promise.resolve('pending')]);
}

describe('consumers that run', () => {
  it('handle what is there and then what comes, side by side, and are woken up', async () => {
    const world = makeWorld();
    await world.deposit(3);
    const runner = runConsumers(world.store, [Balances, Counts], { runtime: world.runtime });
    const last = await world.deposit(3);
    // No time passes: whoever looked only now and then would be late.
    expect(await settledIn(world, 0, runner.caughtUp(last))).toBe('done');
    expect(await world.balances()).toEqual({ a0: 20, a1: 20, a2: 20 });
    void runner.stop();
  });

  it('see events also where nobody wakes them up', async () => {
    const world = makeWorld();
    const { watch: _, ...deaf } = world.store;
    const runner = runConsumers(deaf, [Balances], { runtime: world.runtime, pollInterval: 300 });
    await world.pass(1_000);
    await world.deposit(1);
    await world.pass(300);
    expect(await world.balances()).toEqual({ a0: 10 });
    void runner.stop();
  });

  it('move their checkpoints past events that are not for them', async () => {
    const world = makeWorld();
    const Others = defineReadModel('others', { row: () => ({}) }).from(Account, { Closed: (row) => row });
    const runner = runConsumers(world.store, [Others], { runtime: world.runtime });
    const last = await world.deposit(2);
    expect(await settledIn(world, 0, runner.caughtUp(last))).toBe('done');
    void runner.stop();
  });

  it('take effect by whole commands, in batches of about the size that was asked for', async () => {
    const world = makeWorld();
    await world.deposit(5);
    const sizes: number[] = [];
    const runner = runConsumers(world.store, [Balances, Counts], {
      runtime: world.runtime,
      batchSize: 2,
      consumers: { counts: { batchSize: 100 } },
      hooks: { advanced: ({ consumer, events }) => consumer === 'balances' && void sizes.push(events) },
    });
    await world.pass(0);
    expect(sizes).toEqual([2, 2, 1]);
    void runner.stop();
  });

  it('begin where they are told to, unless they have begun before', async () => {
    const world = makeWorld();
    const before = await world.deposit(2, 1);
    await world.deposit(1, 1);
    const options = { runtime: world.runtime, consumers: { balances: { after: before } } };
    await using first = runConsumers(world.store, [Balances], options);
    await world.pass(10);
    expect(await world.balances()).toEqual({ a0: 10 });
    const stopped = first.stop();
    await world.pass(10);
    await stopped;
    await world.deposit(1, 1);
    const second = runConsumers(world.store, [Balances], options);
    await world.pass(10);
    expect(await world.balances()).toEqual({ a0: 20 });
    void second.stop();
  });

  it('give handlers what the option says, beside what the transaction supplies', async () => {
    const world = makeWorld();
    const seen: unknown[] = [];
    const Seeing = defineProjection<{ readonly log: unknown[]; readonly now: string }>('seeing').on(Account, {
      Deposited: (_, { log, now, ...rest }) => void log.push(now, Object.keys(rest)),
    });
    await world.deposit(1);
    const runner = runConsumers(world.store, [Seeing], { runtime: world.runtime, context: { log: seen } });
    await world.pass(0);
    expect(seen).toEqual(['2026-01-01T00:00:00.000Z', ['tx', 'signal']]);
    void runner.stop();
  });
});

describe('of several workers of one name', () => {
  it('one works, and another takes over at once when it stops', async () => {
    const world = makeWorld();
    const started: string[] = [];
    const run = (name: string) =>
      runConsumers(world.store, [Balances], {
        runtime: world.runtime,
        hooks: { started: () => void started.push(name) },
      });
    const [one, other] = [run('one'), run('other')];
    await world.deposit(2);
    await world.pass(30_000);
    expect(started).toEqual(['one']);
    expect((await other.status())[0]).toMatchObject({ state: 'waiting', lag: { events: 0 } });
    void one.stop();
    await world.pass(1_500);
    expect(started).toEqual(['one', 'other']);
    await world.deposit(2);
    await world.pass(100);
    expect(await world.balances()).toEqual({ a0: 20, a1: 20 });
    void other.stop();
  });

  it('another takes over within seconds when one is gone without a word', async () => {
    const world = makeWorld();
    let dead = false;
    const mortal = new Process(world.store, () => (dead ? 'die' : undefined));
    runConsumers(mortal.store, [Balances], { runtime: world.runtime });
    await world.pass(20_000);
    const other = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(20_000);
    dead = true;
    await world.deposit(1);
    await world.pass(7_000);
    expect(await world.balances()).toEqual({ a0: 10 });
    void other.stop();
  });

  it('one learns that its lease was taken also when there is nothing to do', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(100);
    await world.store.capabilities.leases.takeOver('balances', 'another', 60_000);
    await world.pass(2_000);
    expect((await runner.status())[0]!.state).toBe('waiting');
    await world.pass(60_000);
    expect((await runner.status())[0]!.state).toBe('running');
    void runner.stop();
  });

  it('both may work where there are no leases, and still everything takes effect once', async () => {
    const world = makeWorld();
    const single = without(world.store, 'leases');
    // Reading the feed takes each of them a while, and another while.
    const slow = (milliseconds: number): MemoryStore => ({
      ...world.store,
      capabilities: single.capabilities as MemoryStore['capabilities'],
      readAll: async (query) => {
        const page = await world.store.readAll(query);
        await world.runtime.sleep(milliseconds);
        return page;
      },
    });
    const interrupted: unknown[] = [];
    const runners = [7, 11].map((milliseconds) =>
      runConsumers(slow(milliseconds), [Balances, Counts], {
        runtime: world.runtime,
        singleProcess: true,
        batchSize: 3,
        hooks: { interrupted: ({ error }) => void interrupted.push((error as { code: string }).code) },
      }),
    );
    for (let round = 0; round < 20; round++) {
      await world.deposit(10, 2);
      await world.pass(100);
    }
    await world.pass(5_000);
    expect(await world.balances()).toEqual({ a0: 1000, a1: 1000 });
    const counts = await world.store.capabilities.rows.list('counts', { limit: 10 });
    expect(counts.map(({ row }) => row)).toEqual([100, 100]);
    expect(new Set(interrupted)).toEqual(new Set(['CHECKPOINT_MOVED']));
    for (const runner of runners) void runner.stop();
  });

  it('one keeps its lease through work that takes longer than the lease lasts', async () => {
    const world = makeWorld();
    const lost: string[] = [];
    const Slow = defineProjection('slow').on(Account, { Deposited: () => world.runtime.sleep(30_000) });
    const run = () =>
      runConsumers(world.store, [Slow], { runtime: world.runtime, hooks: { leaseLost: () => void lost.push('lost') } });
    const runners = [run(), run()];
    const last = await world.deposit(1);
    await world.pass(31_000);
    expect(await world.store.capabilities.checkpoints.load('slow')).toBe(last);
    expect(lost).toEqual([]);
    for (const runner of runners) void runner.stop();
  });
});

describe('a worker whose lease was taken', () => {
  it('tells the handler that is at work', async () => {
    const world = makeWorld();
    const told: string[] = [];
    const Slow = defineProjection<ReactionContext>('slow').on(Account, {
      Deposited: async (_, { signal }) => {
        await world.runtime.sleep(60_000, signal);
        told.push(signal.aborted ? 'aborted' : 'handled');
        signal.throwIfAborted();
      },
    });
    await world.deposit(1);
    const runner = runConsumers(world.store, [Slow], {
      runtime: world.runtime,
      hooks: { leaseLost: () => void told.push('lost'), failed: () => void told.push('failed') },
    });
    await world.pass(10);
    await world.store.capabilities.leases.takeOver('slow', 'another', 3_600_000);
    await world.pass(2_000);
    expect(told).toEqual(['aborted', 'lost']);
    void runner.stop();
  });
});

describe('who looks on by a channel', () => {
  it('may come when the consumers are at work already', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(10);
    const seen: unknown[] = [];
    const listen = (event: unknown): void => void seen.push(event);
    subscribe(consumerChannelName('advanced'), listen);
    await world.deposit(1);
    await world.pass(10);
    unsubscribe(consumerChannelName('advanced'), listen);
    expect(seen).toMatchObject([{ consumer: 'balances', events: 1 }]);
    void runner.stop();
  });
});

describe('a consumer that is paused', () => {
  it('finishes its batch, stands still and keeps its lease, and goes on where it was', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances, Counts], { runtime: world.runtime });
    const other = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(10);
    void runner.pause('balances');
    const last = await world.deposit(3);
    await world.pass(30_000);
    expect(await world.balances()).toEqual({});
    expect(await runner.status()).toMatchObject([
      { consumer: 'balances', kind: 'readModel', state: 'paused', position: START, lag: { events: 3, seconds: 30 } },
      { consumer: 'counts', kind: 'projection', state: 'running', position: last, lag: { events: 0, seconds: 0 } },
    ]);
    runner.resume();
    await world.pass(0);
    expect(await world.balances()).toEqual({ a0: 10, a1: 10, a2: 10 });
    void runner.stop();
    void other.stop();
  });

  it('stands still, and is paused, when the promise is resolved', async () => {
    const world = makeWorld();
    let handled = 0;
    const Slow = defineProjection('slow').on(Account, {
      Deposited: async () => {
        await world.runtime.sleep(1_000);
        handled += 1;
      },
    });
    const last = await world.deposit(2);
    const runner = runConsumers(world.store, [Slow, Balances], { runtime: world.runtime });
    await world.pass(10);
    const paused = runner.pause();
    expect(await settledIn(world, 1_000, paused)).toBe('pending');
    expect(await settledIn(world, 1_000, paused)).toBe('done');
    expect(handled).toBe(2);
    expect(await runner.status()).toMatchObject([
      { state: 'paused', position: last },
      { state: 'paused', position: last },
    ]);
    // It stands still already.
    expect(await settledIn(world, 0, runner.pause('slow'))).toBe('done');
    void runner.stop();
  });

  it('keeps nobody waiting who was overtaken by a resume or a stop', async () => {
    const world = makeWorld();
    const Slow = defineProjection('slow').on(Account, { Deposited: () => world.runtime.sleep(1_000) });
    await world.deposit(1);
    const runner = runConsumers(world.store, [Slow], { runtime: world.runtime });
    await world.pass(10);
    const overtaken = runner.pause();
    runner.resume();
    expect(await settledIn(world, 0, overtaken)).toBe('done');
    const stopped = runner.pause();
    void runner.stop();
    expect(await settledIn(world, 500, stopped)).toBe('pending');
    expect(await settledIn(world, 1_100, stopped)).toBe('done');
    expect(await settledIn(world, 0, runner.pause())).toBe('done');
  });

  it('stands still also while it waits for its lease, for the store, or for somebody to look', async () => {
    const world = makeWorld();
    const Failing = defineProjection('failing').on(Account, {
      Deposited: () => {
        throw new Error('no');
      },
    });
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'stop' } as const;
    const first = runConsumers(world.store, [Balances], { runtime: world.runtime });
    await world.pass(10);
    const second = runConsumers(world.store, [Balances, Failing], { runtime: world.runtime, onFailure });
    const gone = aroundStore(world.store, { readAll: () => Promise.reject(new StoreUnavailable('gone')) });
    const third = runConsumers(gone, [defineProjection('free').on(Account, { Deposited: () => {} })], {
      runtime: world.runtime,
    });
    await world.deposit(1);
    await world.pass(10);
    expect((await second.status()).map(({ state }) => state)).toEqual(['waiting', 'failed']);
    expect(await settledIn(world, 0, second.pause())).toBe('done');
    expect(await settledIn(world, 0, third.pause())).toBe('done');
    for (const runner of [first, second, third]) void runner.stop();
  });

  it('has to be one that runs here, which is told without waiting', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime });
    expect(() => runner.pause('balance')).toThrow('No consumer "balance" runs here, only "balances".');
    void runner.stop();
  });
});

describe('how consumers stand, without a runner', () => {
  it('is what a runner elsewhere tells of them, but for the state of its workers', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances, Counts], { runtime: world.runtime, holder: 'process 7' });
    await world.deposit(2);
    await world.pass(10);
    await runner.pause('counts');
    await world.deposit(1);
    await world.pass(3_000);
    const told = (await runner.status()).map(({ state: _, ...rest }) => rest);
    expect(told).toMatchObject([
      { consumer: 'balances', holder: 'process 7', lag: { events: 0 } },
      { consumer: 'counts', kind: 'projection', holder: 'process 7', lag: { events: 1, seconds: 3 } },
    ]);
    expect(await statusOf(world.store, [Balances, Counts], { runtime: world.runtime })).toEqual(told);
    void runner.stop();
  });

  it('is told of a class that only its own process can make an object of, and of one that never ran', async () => {
    const { store } = makeWorld();
    @Projection('searching')
    class Searching {
      readonly index: string;
      constructor(index: string) {
        this.index = index;
      }
      @On(Account, 'Deposited')
      deposited() {
        throw new Error(this.index);
      }
    }
    expect(await statusOf(store, [Searching])).toEqual([
      {
        consumer: 'searching',
        kind: 'projection',
        position: START,
        lag: { events: 0, seconds: 0 },
        deadLetters: { count: 0 },
      },
    ]);
    await expect(statusOf(store, [{}])).rejects.toMatchObject({ code: 'DEFINITION' });
  });

  it('needs a store that keeps checkpoints', async () => {
    const bare = without(makeWorld().store, 'checkpoints');
    await expect(statusOf(bare, [Balances])).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
  });
});

describe('stopping', () => {
  it('waits for the batch that is under way, puts it behind the checkpoint, and gives the lease back', async () => {
    const world = makeWorld();
    let handled = 0;
    const Slow = defineProjection('slow').on(Account, {
      Deposited: async () => {
        await world.runtime.sleep(1_000);
        handled += 1;
      },
    });
    const last = await world.deposit(3);
    const runner = runConsumers(world.store, [Slow], { runtime: world.runtime });
    await world.pass(1_500);
    await world.deposit(3);
    const stopping = runner.stop();
    expect(await settledIn(world, 1_000, stopping)).toBe('pending');
    expect(await settledIn(world, 1_000, stopping)).toBe('done');
    expect(handled).toBe(3);
    expect(await world.store.capabilities.checkpoints.load('slow')).toBe(last);
    expect(await world.store.capabilities.leases.acquire('slow', 'another', 1)).toBeDefined();
    expect((await runner.status())[0]!.state).toBe('stopped');
  });

  it('does not wait for a retry that is due in a while', async () => {
    const world = makeWorld();
    const Failing = defineProjection('failing').on(Account, {
      Deposited: () => {
        throw new Error('no');
      },
    });
    await world.deposit(1);
    const onFailure = { retry: { attempts: 5, delay: () => 3_600_000 }, then: 'stop' } as const;
    const runner = runConsumers(world.store, [Failing], { runtime: world.runtime, onFailure });
    await world.pass(1_000);
    expect(await settledIn(world, 0, runner.stop())).toBe('done');
    expect(await world.store.capabilities.checkpoints.load('failing')).toBe(START);
  });

  it('waits no longer than it was told to, and has handlers let go: nothing is given up, and nothing lost', async () => {
    const world = makeWorld();
    const told: unknown[] = [];
    const handled: number[] = [];
    const Slow = defineProjection<ReactionContext>('slow').on(Account, {
      Deposited: async ({ version }, { signal }) => {
        await world.runtime.sleep(1_000, signal);
        if (signal.aborted) throw new Error('let go');
        handled.push(version);
      },
    });
    const last = await world.deposit(10, 1);
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' } as const;
    const hooks = { failed: () => void told.push('failed'), stopped: (stopped: object) => void told.push(stopped) };
    const options = { runtime: world.runtime, onFailure, hooks, stopTimeout: 2_500 };
    const runner = runConsumers(without(world.store, 'transactions'), [Slow], options);
    await world.pass(1_000);
    const began = world.runtime.now();
    let took = 0;
    void runner.stop().then(() => (took = world.runtime.now() - began));
    await world.until(() => took > 0);
    expect(took).toBe(2_500);
    expect(told).toEqual([{ consumer: 'slow', kind: 'projection' }]);
    expect(handled).toEqual([1, 2, 3]);
    expect(await world.store.capabilities.leases.acquire('slow', 'another', 1)).toBeDefined();
    // Where handlers act outside of a transaction, what they have done is behind the checkpoint.
    const next = runConsumers(without(world.store, 'transactions'), [Slow], { runtime: world.runtime });
    await world.pass(10_000);
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await world.store.capabilities.checkpoints.load('slow')).toBe(last);
    void next.stop();
  });

  it('rolls back what handlers wrote in a transaction that they let go', async () => {
    const world = makeWorld();
    const Slow = defineProjection<ReactionContext & MemoryContext>('slow').on(Account, {
      Deposited: async ({ stream }, { tx, signal }) => {
        tx.set('slow', stream, 1);
        await world.runtime.sleep(3_000, signal);
      },
    });
    await world.deposit(3);
    const runner = runConsumers(world.store, [Slow], { runtime: world.runtime, stopTimeout: 1_000 });
    await world.pass(10);
    expect(await settledIn(world, 1_000, runner.stop())).toBe('done');
    expect(await world.store.capabilities.rows.list('slow', { limit: 10 })).toEqual([]);
    expect(await world.store.capabilities.checkpoints.load('slow')).toBe(START);
  });

  it('leaves a handler that does not let go, says so, and does not give its lease back', async () => {
    const world = makeWorld();
    const told: unknown[] = [];
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const Stuck = defineProjection('stuck').on(Account, { Deposited: () => gate });
    await world.deposit(1);
    const hooks = { stopped: (stopped: object) => void told.push(stopped) };
    const runner = runConsumers(world.store, [Stuck], { runtime: world.runtime, hooks });
    await world.pass(10);
    const stopping = runner.stop();
    expect(await settledIn(world, 5_500, stopping)).toBe('pending');
    expect(await settledIn(world, 1_000, stopping)).toBe('done');
    expect(told).toEqual([{ consumer: 'stuck', kind: 'projection', left: true }]);
    const acquire = () => world.store.capabilities.leases.acquire('stuck', 'another', 60_000);
    expect(await acquire()).toBeUndefined();
    void world.runtime.sleep(5_001);
    await world.pass(5_001);
    expect(await acquire()).toBeDefined();
    open();
    await world.pass(10_000);
    expect(await world.store.capabilities.checkpoints.load('stuck')).toBe(START);
    expect((await runner.status())[0]!.state).toBe('stopped');
    expect(told).toHaveLength(1);
  });

  it('does not wait out the doubt of a reaction, whose command is executed once all the same', async () => {
    const world = makeWorld();
    const told: unknown[] = [];
    await execute(new Deposit({ account: 'alice', amount: 100 }), world.store, { runtime: world.runtime });
    const silent = aroundStore(world.store, {
      append: async (...given) => {
        await world.store.append(...given);
        return [{ kind: 'unknown', error: new StoreUnavailable('no answer') }];
      },
    });
    const { hold: _, ...optimistic } = silent;
    const options = { runtime: world.runtime, stopTimeout: 1_000, hooks: { failed: () => void told.push('failed') } };
    const runner = runConsumers(optimistic, [Tithe], { ...options, after: 'beginning' });
    await world.pass(100);
    expect(await settledIn(world, 1_000, runner.stop())).toBe('done');
    expect(told).toEqual([]);
    expect(await world.store.capabilities.checkpoints.load('tithe')).toBe(START);
    const next = runConsumers(world.store, [Tithe], { runtime: world.runtime, after: 'beginning' });
    await world.pass(1_000);
    expect(await load(world.store, Account.at('church'))).toEqual({ balance: 10 });
    void next.stop();
  });

  it('is what the signal does, and the end of the block', async () => {
    const world = makeWorld();
    const end = new AbortController();
    const runner = runConsumers(world.store, [Balances], { runtime: world.runtime, signal: end.signal });
    await world.pass(0);
    end.abort();
    await world.pass(0);
    expect((await runner.status())[0]!.state).toBe('stopped');
    const never = runConsumers(world.store, [Balances], { runtime: world.runtime, signal: end.signal });
    await world.pass(0);
    expect((await never.status())[0]!.state).toBe('stopped');
    let inside;
    {
      await using used = runConsumers(world.store, [Balances], { runtime: world.runtime });
      inside = used;
    }
    expect((await inside.status())[0]!.state).toBe('stopped');
  });

  it('leaves nothing running: no timer, no watcher', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances, Counts, Tithe], { runtime: world.runtime, after: 'beginning' });
    await world.pass(10_000);
    void runner.stop();
    await world.pass(0);
    let calls = 0;
    const sleep = world.time.sleep.bind(world.time);
    world.time.sleep = (...given) => ((calls += 1), sleep(...given));
    await world.deposit(1);
    await world.pass(60_000);
    expect(calls).toBe(0);
  });
});

describe('waiting until consumers have caught up', () => {
  it('is done at once for what was handled already, and else when the checkpoint is there', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const waiting = caughtUp(world.store, [Balances, Counts], last, { runtime: world.runtime });
    expect(await settledIn(world, 1_000, waiting)).toBe('pending');
    const runner = runConsumers(world.store, [Balances, Counts], { runtime: world.runtime });
    expect(await settledIn(world, 100, waiting)).toBe('done');
    expect(await settledIn(world, 0, caughtUp(world.store, Balances, START, { runtime: world.runtime }))).toBe('done');
    void runner.stop();
  });

  it('ends with the timeout, and says where the consumer stands, and that nobody works on it', async () => {
    const world = makeWorld();
    const first = await world.deposit(1);
    await world.store.capabilities.checkpoints.save('balances', first);
    const last = await world.deposit(1);
    const options = { runtime: world.runtime, timeout: 200 };
    const error = await settledIn(world, 300, caughtUp(world.store, Balances, last, options));
    // Not DEADLINE_EXCEEDED, which promises that nothing was written: it was.
    expect(error).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      retriable: true,
      message: `"balances" has come to "${first}", and not to "${last}" within 200 ms. Nobody has its lease: it runs nowhere, or an event made it fail.`,
      context: { consumer: 'balances', position: last },
      consumer: 'balances',
      position: last,
      stands: first,
      holder: undefined,
      state: undefined,
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'NOT_CAUGHT_UP', stands: first });
  });

  it('says who has the lease, and how the worker is doing that runs here', async () => {
    const world = makeWorld();
    const options = { runtime: world.runtime, holder: 'process 7' };
    const runner = runConsumers(world.store, [Balances], options);
    await world.pass(10);
    void runner.pause();
    const last = await world.deposit(1);
    const timeout = { timeout: 200 };
    expect(
      await settledIn(world, 300, caughtUp(world.store, Balances, last, { ...options, ...timeout })),
    ).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      message: expect.stringContaining('"process 7" has its lease'),
      holder: 'process 7',
    });
    expect(await settledIn(world, 300, runner.caughtUp(last, timeout))).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      message: expect.stringContaining('Here it is paused. "process 7"'),
      state: 'paused',
    });
    expect(await runner.status()).toMatchObject([{ consumer: 'balances', holder: 'process 7' }]);
    const bare = without(world.store, 'leases');
    expect(await settledIn(world, 300, caughtUp(bare, Balances, last, { ...options, ...timeout }))).toMatchObject({
      message: expect.stringContaining('Is it running somewhere?'),
    });
    void runner.stop();
  });

  it('is over at once when the runner is stopped, and says what waits for other processes', async () => {
    const world = makeWorld();
    const runner = runConsumers(world.store, [Balances, Counts], { runtime: world.runtime });
    const reached = await world.deposit(1);
    await world.pass(10);
    expect(await settledIn(world, 10, runner.stop())).toBe('done');
    const last = await world.deposit(1);
    expect(await settledIn(world, 0, runner.caughtUp(last, { timeout: Infinity }))).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      message: `"balances" has come to "${reached}", and not to "${last}", and this runner is stopped. Where another process may go on with it, wait by caughtUp(store, consumer, position).`,
      stands: reached,
      state: 'stopped',
    });
    // What was handled before the end was handled.
    expect(await settledIn(world, 0, runner.caughtUp(reached))).toBe('done');
  });

  it('is over when the runner is stopped meanwhile, with what its last batch has come to', async () => {
    const world = makeWorld();
    const Slow = defineProjection('slow').on(Account, { Deposited: () => world.runtime.sleep(1_000) });
    const runner = runConsumers(world.store, [Slow], { runtime: world.runtime });
    const first = await world.deposit(1);
    await world.pass(10);
    const second = await world.deposit(1);
    const [one, other] = [first, second].map((position) => runner.caughtUp(position, { timeout: Infinity }));
    void runner.stop();
    const ends = Promise.allSettled([one, other]);
    expect(await settledIn(world, 1_100, ends)).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'NOT_CAUGHT_UP', stands: first, state: 'stopped' } },
    ]);
  });

  it('waits for no other consumer any more when one has failed', async () => {
    const world = makeWorld();
    const Failing = defineProjection('failing').on(Account, {
      Deposited: () => {
        throw new Error('no');
      },
    });
    const asked: string[] = [];
    const { checkpoints } = world.store.capabilities;
    const load = (consumer: string) => (asked.push(consumer), checkpoints.load(consumer));
    const store = {
      ...world.store,
      capabilities: { ...world.store.capabilities, checkpoints: { ...checkpoints, load } },
    };
    const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'stop' } as const;
    const runner = runConsumers(store, [Failing, Balances], { runtime: world.runtime, onFailure });
    await world.pass(10);
    void runner.pause('balances');
    const last = await world.deposit(1);
    const waiting = runner.caughtUp(last, { timeout: Infinity });
    expect(await settledIn(world, 100, waiting)).toMatchObject({ code: 'CONSUMER_FAILED' });
    const before = asked.length;
    await world.pass(10_000);
    expect(asked.slice(before)).toEqual([]);
    void runner.stop();
  });

  it('waits as long as it takes when it is told to, and asks no more often because of it', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const { checkpoints } = world.store.capabilities;
    let asked = 0;
    const load = async (consumer: string) => ((asked += 1), checkpoints.load(consumer));
    const counting = { ...world.store, capabilities: { checkpoints: { ...checkpoints, load } } } as EventStore;
    const waiting = caughtUp(counting, Balances, last, {
      runtime: world.runtime,
      timeout: Infinity,
      pollInterval: 100,
    });
    expect(await settledIn(world, 10_000, waiting)).toBe('pending');
    expect(asked).toBe(101);
    await checkpoints.save('balances', last);
    expect(await settledIn(world, 100, waiting)).toBe('done');
  });

  it('asks no more often where the clock is put back meanwhile', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const { checkpoints } = world.store.capabilities;
    let back = 0;
    let asked = 0;
    const load = async (consumer: string) => {
      // A store that answers at once, asked in a loop, would hold up everything else.
      if (++asked > 10_000) throw new Error('asked too often');
      return checkpoints.load(consumer);
    };
    const counting = { ...world.store, capabilities: { checkpoints: { ...checkpoints, load } } } as EventStore;
    const runtime = { ...world.runtime, now: () => world.time.now - back };
    const waiting = caughtUp(counting, Balances, last, { runtime, timeout: 1_000, pollInterval: 100 });
    await world.pass(500);
    back = 3_000;
    expect(await settledIn(world, 10_000, waiting)).toMatchObject({ code: 'NOT_CAUGHT_UP' });
    expect(asked).toBeLessThan(100);
  });

  it.each([undefined, null, { position: START }])('refuses what is no position: %p', async (position) => {
    const { store } = makeWorld();
    await expect(caughtUp(store, Balances, position as never)).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('must be text, such as receipt.position'),
    });
  });

  it('refuses at once what can be no position of this store, where the store can tell', async () => {
    const world = makeWorld();
    const options = { runtime: world.runtime };
    for (const position of ['zzz', '0', 'a b', 'x'.repeat(256)] as Position[]) {
      expect(await settledIn(world, 0, caughtUp(world.store, Balances, position, options))).toMatchObject({
        code: 'VALIDATION',
      });
    }
    const cannotTell = caughtUp(without(world.store, 'distance'), Balances, 'zzz' as Position, options);
    expect(await settledIn(world, 5_000, cannotTell)).toMatchObject({ code: 'NOT_CAUGHT_UP' });
  });

  it('refuses a timeout that is none', async () => {
    const { store } = makeWorld();
    await expect(caughtUp(store, Balances, START, { timeout: NaN })).rejects.toMatchObject({ code: 'VALIDATION' });
  });

  it('ends with the signal', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const end = new AbortController();
    const waiting = caughtUp(world.store, Balances, last, { runtime: world.runtime, signal: end.signal });
    await world.pass(10);
    end.abort('enough');
    expect(await settledIn(world, 0, waiting)).toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });
});

describe('what cannot run is refused before anything begins', () => {
  const { store } = makeWorld();
  const bare = (...names: Parameters<typeof without>[1][]): EventStore => without(store, ...(names as never[]));

  it.each<[string, () => unknown, string]>([
    [
      'two consumers of one name',
      () => runConsumers(store, [Balances, defineProjection('balances').on(Account, { Closed: () => {} })]),
      'Two consumers are named "balances".',
    ],
    ['what is no list', () => runConsumers(store, Balances as never), 'runConsumers(store, [Balances])'],
    ['what is no consumer', () => runConsumers(store, [Account]), 'is no projection, read model or reaction'],
    [
      'options for a name that is not there',
      () => runConsumers(store, [Balances], { consumers: { balance: {} } }),
      'There are options for "balance", and no consumer of that name is run.',
    ],
    [
      'a store without leases, unless it is said that one process runs',
      () => runConsumers(bare('leases' as never), [Balances]),
      'runConsumers(store, […], { singleProcess: true })',
    ],
    ['a store without checkpoints', () => runConsumers(bare('checkpoints' as never), [Balances]), 'no checkpoints'],
    ['a read model without rows', () => runConsumers(bare('rows' as never), [Balances]), 'no rows'],
    [
      'a reaction without rows',
      () => runConsumers(bare('rows' as never), [Tithe], { after: 'beginning' }),
      'where the verdicts',
    ],
    [
      'dead letters without rows',
      () =>
        runConsumers(bare('rows' as never), [defineProjection('x').on(Account, { Closed: () => {} })], {
          onFailure: { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' },
        }),
      'where dead letters would be recorded',
    ],
    [
      'a stop that is due before it began',
      () => runConsumers(store, [Balances], { stopTimeout: -1 }),
      'The stopTimeout',
    ],
    ...[0, 2.5, NaN].map((batchSize): [string, () => unknown, string] => [
      `a batch of ${batchSize}`,
      () => runConsumers(store, [Balances], { batchSize }),
      'The batchSize of "balances"',
    ]),
    [
      'a failure policy that is none',
      () => runConsumers(store, [Balances], { onFailure: { then: 'ignore' } as never }),
      'onFailure of "balances" says what comes',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });

  it('and one process alone needs no leases, if it says so', async () => {
    const world = makeWorld();
    const single = without(world.store, 'leases');
    const runner = runConsumers(single, [Balances], { singleProcess: true, runtime: world.runtime });
    await world.deposit(2, 1);
    await world.pass(0);
    expect(await world.balances()).toEqual({ a0: 20 });
    void runner.stop();
  });
});

describe('rows', () => {
  it('are read by key, by several keys, and in pages in the order of their keys', async () => {
    const store = createMemoryStore();
    for (let n = 0; n < 2500; n++) await execute(new Deposit({ account: `a${n}`, amount: n }), store);
    await using runner = runConsumers(store, [Balances]);
    const { events } = await store.readAll({ after: START, limit: 10_000 });
    await runner.caughtUp(events.at(-1)!.position as Position);
    const balances = rowsOf(store, Balances);
    expect(await balances.row('a7')).toEqual({ balance: 7 });
    expect(await balances.row('nobody')).toBeUndefined();
    expect(await balances.rows(['a1', 'nobody', 'a2'])).toEqual(
      new Map([
        ['a1', { balance: 1 }],
        ['a2', { balance: 2 }],
      ]),
    );
    const keys: string[] = [];
    for await (const { key } of balances.all({ after: 'a1' })) keys.push(key);
    const all = Array.from({ length: 2500 }, (_, n) => `a${n}`).sort();
    expect(keys).toEqual(all.slice(all.indexOf('a1') + 1));
    expect(await balances.page({ limit: 2 })).toEqual([
      { key: 'a0', row: { balance: 0 } },
      { key: 'a1', row: { balance: 1 } },
    ]);
    expect(await balances.page({ after: 'a999', limit: 2 })).toEqual([]);
  });

  it('are kept nowhere by a store without that capability', () => {
    expect(() => rowsOf(without(makeWorld().store, 'rows'), Balances)).toThrow('This store keeps no rows');
  });
});
