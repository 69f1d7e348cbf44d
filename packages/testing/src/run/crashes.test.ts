/** Workers that die or are paused at any of their calls: what takes effect, and how often. */
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore, type Position } from '@eventcore/core';
import { defineProjection, runConsumers, verdictsOf, type ConsumerHooks } from '@eventcore/core/consumers';
import { Account, Balances, Counts, makeWorld, Process, Tithe, without, type World } from './processes.fixture.js';

const DEPOSITS = 7;
const batchSize = 3;
const expected = { a0: 30, a1: 20, a2: 20 };

/** Runs consumers in a process that stops at its nth moment, then in one that doesn't. Gives all moments that there were. */
async function dying(
  world: World,
  run: (
    store: EventStore,
    runtime: World['runtime'],
  ) => {
    stop(): Promise<void>;
    caughtUp: (position: Position, options: { readonly timeout: number }) => Promise<void>;
  },
  at: number,
  store: EventStore = world.store,
): Promise<readonly string[]> {
  const last = await world.deposit(DEPOSITS);
  const first = new Process(store as never, (_, index) => (index === at ? 'die' : undefined));
  run(first.store, world.runtime);
  await world.pass(3_000);
  const second = run(store, world.runtime);
  let caughtUp = false;
  void second.caughtUp(last, { timeout: 30_000 }).then(() => (caughtUp = true));
  await world.until(() => caughtUp);
  const stopped = second.stop();
  await world.pass(100);
  await stopped;
  return first.moments;
}

describe('a worker that dies between effect and checkpoint, at every one of its calls', () => {
  it('leaves the rows of a read model as if it had not', async () => {
    const run = (store: EventStore, runtime: World['runtime']) =>
      runConsumers(store, [Balances], { batchSize, runtime });
    const moments = await dying(makeWorld(), run, -1);
    expect(moments).toEqual(
      expect.arrayContaining(['before rows.step', 'after rows.step', 'before leases.acquire', 'after rows.load']),
    );
    for (const [at] of moments.entries()) {
      const world = makeWorld();
      await dying(world, run, at);
      expect({ at: moments[at], ...(await world.balances()) }).toEqual({ at: moments[at], ...expected });
    }
  });

  it('leaves what handlers wrote in the transaction as if it had not', async () => {
    const run = (store: EventStore, runtime: World['runtime']) =>
      runConsumers(store as World['store'], [Counts], { batchSize, runtime });
    const moments = await dying(makeWorld(), run, -1);
    expect(moments).toEqual(expect.arrayContaining(['in transactions.run', 'after transactions.run']));
    for (const [at] of moments.entries()) {
      const world = makeWorld();
      await dying(world, run, at);
      const rows = await world.store.capabilities.rows.load('counts', ['account-a0', 'account-a1', 'account-a2']);
      expect([moments[at], ...rows.values()]).toEqual([moments[at], 3, 2, 2]);
    }
  });

  it('has each command of a reaction executed once, and its verdict recorded', async () => {
    const run = (store: EventStore, runtime: World['runtime']) =>
      runConsumers(store, [Tithe], { batchSize, runtime, after: 'beginning' });
    const moments = await dying(makeWorld(), run, -1);
    expect(moments).toEqual(expect.arrayContaining(['before append', 'after append', 'before rows.step']));
    for (const [at] of moments.entries()) {
      const world = makeWorld();
      await dying(world, run, at);
      const { events } = await world.store.readAll({ after: '' as never, limit: 1000 });
      expect([moments[at], events.length]).toEqual([moments[at], 3 * DEPOSITS]);
      const verdicts = [];
      for await (const { verdict } of verdictsOf(world.store, Tithe)) verdicts.push(verdict);
      expect(verdicts).toEqual(Array(DEPOSITS).fill('executed'));
    }
  });

  it('has handlers called at least once where the store has no transactions, and never skips one', async () => {
    let called: string[] = [];
    const Outside = defineProjection('outside').on(Account, { Deposited: ({ id }) => void called.push(id) });
    const run = (store: EventStore, runtime: World['runtime']) =>
      runConsumers(store, [Outside], { batchSize, runtime });
    const dry = makeWorld();
    const moments = await dying(dry, run, -1, without(dry.store, 'transactions', 'rows'));
    let twice = 0;
    for (const [at] of moments.entries()) {
      called = [];
      const world = makeWorld();
      await dying(world, run, at, without(world.store, 'transactions', 'rows'));
      expect(new Set(called).size).toBe(DEPOSITS);
      twice += called.length - DEPOSITS;
    }
    // A death between the handlers and the checkpoint repeats a batch: a test that never meets one has tested nothing.
    expect(twice).toBeGreaterThan(0);
  });
});

describe('a worker that is paused past its lease', () => {
  it.each(['before rows.step', 'after rows.load', 'after readAll'])(
    'finds its write refused, %s, and steps back',
    async (moment) => {
      const world = makeWorld();
      const told: string[] = [];
      const hooks = (name: string): ConsumerHooks => ({
        started: () => void told.push(`${name} started`),
        leaseLost: () => void told.push(`${name} lost its lease`),
      });
      let paused = false;
      const first = new Process(world.store, (now) => {
        if (paused || now !== moment) return undefined;
        paused = true;
        return 'pause';
      });
      const options = { batchSize, runtime: world.runtime };
      const one = runConsumers(first.store, [Balances], { ...options, hooks: hooks('one') });
      await world.deposit(4);
      await world.until(() => paused);
      const other = runConsumers(world.store, [Balances], { ...options, hooks: hooks('other') });
      await world.pass(10_000);
      await world.deposit(3);
      await world.pass(2_000);
      first.resume();
      await world.pass(10_000);
      expect(told).toEqual(['one started', 'other started', 'one lost its lease']);
      expect(await world.balances()).toEqual({ a0: 30, a1: 20, a2: 20 });
      expect((await one.status())[0]!.state).toBe('waiting');
      expect((await other.status())[0]!.state).toBe('running');
    },
  );

  it.each([
    ['and its clock is right', 0],
    ['and its clock was put back meanwhile', 3_600_000],
  ])('hands no further event over, where no store would refuse what handlers do, %s', async (_, back) => {
    const world = makeWorld();
    let putBack = 0;
    const store = without(world.store, 'transactions', 'rows');
    const handled: string[] = [];
    let gate: Promise<void> | undefined;
    let open = (): void => {};
    const worker = (name: string) =>
      defineProjection('outside').on(Account, {
        Deposited: async ({ position }) => {
          handled.push(`${name} ${Number(position.split('.')[0])}`);
          if (name === 'one') await gate;
        },
      });
    gate = new Promise((resolve) => (open = resolve));
    const process = new Process(store as never, (moment) => (moment === 'before leases.renew' ? 'pause' : undefined));
    await world.deposit(3);
    const runtime = { ...world.runtime, now: () => world.time.now - putBack };
    const one = runConsumers(process.store, [worker('one')], { runtime });
    await world.pass(3_000);
    const other = runConsumers(store, [worker('other')], { runtime: world.runtime });
    await world.pass(10_000);
    putBack = back;
    open();
    await world.pass(1_000);
    process.resume();
    await world.pass(1_000);
    expect(handled).toEqual(['one 1', 'other 1', 'other 2', 'other 3']);
    void one.stop();
    void other.stop();
  });

  it.each([['in a transaction'], ['outside of one']])(
    'is late but alone: what it has handled %s takes effect, and is not handled again',
    async (where) => {
      const world = makeWorld();
      const { leases } = world.store.capabilities;
      let reachable = true;
      const renew: typeof leases.renew = async (...given) => {
        if (!reachable) throw new StoreUnavailable('gone');
        return leases.renew(...given);
      };
      const { transactions, ...others } = world.store.capabilities;
      const capabilities = {
        ...others,
        leases: { ...leases, renew },
        ...(where === 'in a transaction' && { transactions }),
      };
      const handled: number[] = [];
      const Slow = defineProjection('slow').on(Account, {
        Deposited: async ({ version }) => {
          handled.push(version);
          if (version === 2) await world.runtime.sleep(8_000);
        },
      });
      await world.deposit(4, 1);
      const runner = runConsumers({ ...world.store, capabilities } as EventStore, [Slow], { runtime: world.runtime });
      await world.pass(10);
      reachable = false;
      await world.pass(6_000);
      // By now it has run out, and nobody has asked for it.
      reachable = true;
      await world.pass(20_000);
      expect(handled).toEqual([1, 2, 3, 4]);
      expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
      void runner.stop();
    },
  );

  it('blames no event for what another worker did meanwhile', async () => {
    const world = makeWorld();
    const taken = new Set<string>();
    // As a table with a unique key would: the second insert fails.
    const Inserting = defineProjection<{ readonly insert: (id: string) => Promise<void> }>('inserting').on(Account, {
      Deposited: ({ id }, { insert }) => insert(id),
    });
    let gate: Promise<void> | undefined;
    let open = (): void => {};
    const insert = async (id: string): Promise<void> => {
      await gate;
      if (taken.has(id)) throw new Error(`duplicate key ${id}`);
      taken.add(id);
    };
    const told: string[] = [];
    const options = { context: { insert }, runtime: world.runtime };
    const one = runConsumers(world.store, [Inserting], {
      ...options,
      onFailure: { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' },
      hooks: { failed: ({ next }) => void told.push(next), leaseLost: () => void told.push('lost') },
    });
    // Its process is paused in the middle of a handler, with its timers.
    gate = new Promise((resolve) => (open = resolve));
    await world.deposit(1);
    await world.pass(100);
    gate = undefined;
    await world.store.capabilities.leases.takeOver('inserting', 'another', 60_000);
    const { events } = await world.store.readAll({ after: '' as never, limit: 1 });
    taken.add(events[0]!.id);
    open();
    await world.pass(500);
    expect(told).toEqual(['lost']);
    void one.stop();
  });
});
