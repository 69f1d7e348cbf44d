/** Where consumers begin that have no checkpoint: reactions have to say, and what was settled once stays. */
import { describe, expect, it } from '@jest/globals';
import { execute, START, type EventStore, type Position } from '@eventcore/core';
import type { Beginning } from '@eventcore/core/consumers';
import {
  defineProjection,
  defineReaction,
  rebuild,
  runConsumers,
  verdictsOf,
  type RunConsumersOptions,
} from '@eventcore/core/consumers';
import { aroundStore } from '../chaos/around-store.js';
import { Account, Balances, Deposit, makeWorld, Process, without, type World } from './processes.fixture.js';

/** A reaction that says what it was asked about. */
function asking(asked: number[]) {
  return defineReaction('asking').on(Account, { Deposited: ({ data }) => void asked.push(data.amount) });
}

async function deposits({ store, runtime }: World, ...amounts: readonly number[]): Promise<Position> {
  let last = START;
  for (const amount of amounts) {
    last = (await execute(new Deposit({ account: 'a', amount }), store, { runtime })).position;
  }
  return last;
}

/** Runs it until it has nothing left to do. Gives what it was asked about. */
async function run({ runtime, pass }: World, store: EventStore, after: Beginning): Promise<readonly number[]> {
  const asked: number[] = [];
  const runner = runConsumers(store, [asking(asked)], { runtime, after });
  await pass(10_000);
  void runner.stop();
  await pass(10);
  return asked;
}

describe('a reaction that is new', () => {
  it('is not run before somebody says where it begins', async () => {
    const world = makeWorld();
    await deposits(world, 1);
    const consumers: readonly object[] = [asking([])];
    const unsaid: readonly RunConsumersOptions[] = [
      {},
      { consumers: { asking: {} } },
      { consumers: { asking: { batchSize: 5 } } },
    ];
    for (const options of unsaid) {
      expect(() => runConsumers(world.store, consumers, { ...options, runtime: world.runtime })).toThrow(
        expect.objectContaining({ code: 'DEFINITION', message: expect.stringContaining("{ after: 'now' }") }),
      );
    }
    expect(await world.store.capabilities.leases.acquire('asking', 'another', 1)).toEqual({ fence: 1 });
  });

  it.each<[string, (last: Position) => Beginning, readonly number[]]>([
    ['answers all that ever happened, if it is told so', () => 'beginning', [1, 2, 3]],
    ['answers what happens from now on, if it is told so', () => 'now', []],
    ['answers what happens behind a position, if it is told so', (second) => second, [3]],
    ['takes the start for the beginning', () => START, [1, 2, 3]],
  ])('%s', async (_, after, answered) => {
    const world = makeWorld();
    const second = await deposits(world, 1, 2);
    await deposits(world, 3);
    expect(await run(world, world.store, after(second))).toEqual(answered);
    await deposits(world, 4);
    expect(await run(world, world.store, after(second))).toEqual([4]);
  });

  it('is told by its name, where others are told something else', async () => {
    const world = makeWorld();
    await deposits(world, 1);
    const asked: number[] = [];
    const all: number[] = [];
    const Other = defineReaction('other').on(Account, { Deposited: ({ data }) => void all.push(data.amount) });
    const runner = runConsumers(world.store, [asking(asked), Other, Balances], {
      runtime: world.runtime,
      after: 'now',
      consumers: { other: { after: 'beginning' } },
    });
    await world.pass(10);
    expect([asked, all]).toEqual([[], [1]]);
    // A read model would lack what came before.
    expect(await world.balances()).toEqual({ a: 1 });
    void runner.stop();
  });

  it('keeps to what it began with, also where nothing had happened by then', async () => {
    const world = makeWorld();
    expect(await run(world, world.store, 'now')).toEqual([]);
    await deposits(world, 1, 2);
    expect(await run(world, world.store, 'now')).toEqual([1, 2]);
  });

  it('skips nothing that happens after its first start, wherever its process dies', async () => {
    /** Its first start, in a process that dies at that moment. */
    const start = async (world: World, at: number) => {
      await deposits(world, 1);
      const process = new Process(world.store, (_, index) => (index === at ? 'die' : undefined));
      const runner = runConsumers(process.store, [asking([])], { runtime: world.runtime, after: 'now' });
      await world.pass(500);
      void runner.stop();
      await world.pass(20_000);
      return process.moments;
    };
    const moments = await start(makeWorld(), -1);
    expect(moments).toEqual(expect.arrayContaining(['before rows.step', 'after rows.step']));
    for (const [at, moment] of moments.entries()) {
      const world = makeWorld();
      await start(world, at);
      const hasBegun = (await world.store.capabilities.checkpoints.load('asking')) !== START;
      await deposits(world, 2);
      expect([moment, await run(world, world.store, 'now')]).toEqual([moment, hasBegun ? [2] : []]);
    }
  });

  it('answers what was being committed when it began, though others had passed it by', async () => {
    const world = makeWorld();
    const first = await deposits(world, 1);
    await deposits(world, 2, 3);
    let isHeldUp = true;
    // What comes after the first one has a position, and can't be read yet.
    const held = aroundStore(world.store, {
      async readAll(query, call) {
        if (!isHeldUp) return world.store.readAll(query, call);
        const { events, upTo } = await world.store.readAll(query, call);
        return { events: events.filter(({ position }) => position <= first), upTo: upTo < first ? upTo : first };
      },
    });
    const store = { ...held, capabilities: world.store.capabilities } as EventStore;
    expect(await run(world, store, 'now')).toEqual([]);
    isHeldUp = false;
    expect(await run(world, store, 'now')).toEqual([2, 3]);
  });

  it('begins behind all that can be read by then, also where the store can not tell its head', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2);
    const store = without(world.store, 'head', 'distance');
    expect(await run(world, store, 'now')).toEqual([]);
    await deposits(world, 3);
    expect(await run(world, store, 'now')).toEqual([3]);
  });

  it('does not run after a head that moves while it looks where it is', async () => {
    const world = makeWorld();
    await deposits(world, 1);
    let looks = 0;
    const busy = aroundStore(world.store, {
      async readAll(query, call) {
        const page = await world.store.readAll(query, call);
        if (query.filter?.types?.length === 0 && (looks += 1) < 100) await deposits(world, 100 + looks);
        return page;
      },
    });
    const store = { ...busy, capabilities: world.store.capabilities };
    expect(await run(world, store as EventStore, 'now')).toEqual([101]);
    expect(looks).toBe(1);
  });
});

describe('a consumer that is told where to begin', () => {
  it('begins there by its name, whatever it is', async () => {
    const world = makeWorld();
    await deposits(world, 1);
    const handled: number[] = [];
    const Handling = defineProjection('handling').on(Account, {
      Deposited: ({ data }) => void handled.push(data.amount),
    });
    const consumers = { handling: { after: 'now' }, balances: { after: 'now' } } as const;
    const runner = runConsumers(world.store, [Handling, Balances], { runtime: world.runtime, consumers });
    await world.pass(10);
    await deposits(world, 2);
    await world.pass(10);
    expect(handled).toEqual([2]);
    expect(await world.balances()).toEqual({ a: 2 });
    expect((await runner.status()).map(({ missed }) => missed)).toEqual([undefined, undefined]);
    void runner.stop();
  });

  it('is a reaction, or is named: for others the option would mean nothing', () => {
    const { store } = makeWorld();
    expect(() => runConsumers(store, [Balances], { after: 'now' })).toThrow(
      'The option `after` says where reactions begin',
    );
  });

  it('needs a store that can note when "now" was', () => {
    const store = without(makeWorld().store, 'rows');
    const Handling = defineProjection('handling').on(Account, { Deposited: () => {} });
    expect(() => runConsumers(store, [Handling], { consumers: { handling: { after: 'now' } } })).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_MISSING', message: expect.stringContaining('Give a position') }),
    );
  });

  it('goes on with a rebuild that was left, and not where it would have begun', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2);
    const consumers = { balances: { after: 'now' } } as const;
    const once = async () => {
      const runner = runConsumers(world.store, [Balances], { runtime: world.runtime, consumers });
      await world.pass(10);
      void runner.stop();
      await world.pass(10);
    };
    for await (const { done } of rebuild(world.store, Balances, { runtime: world.runtime })) if (done === 0) break;
    expect(await world.store.capabilities.checkpoints.load('balances')).toBe(START);
    await once();
    expect(await world.balances()).toEqual({ a: 3 });
  });
});

describe('a rebuild', () => {
  it('of a projection wants to be told how it begins empty, and takes no lease before', async () => {
    const world = makeWorld();
    const Handling = defineProjection('handling').on(Account, { Deposited: () => {} });
    // @ts-expect-error the compiler says so first
    await expect(rebuild(world.store, Handling, { runtime: world.runtime }).next()).rejects.toMatchObject({
      code: 'DEFINITION',
      message: expect.stringContaining("{ reset: 'nothing' }"),
    });
    expect(await world.store.capabilities.leases.acquire('handling', 'another', 1)).toEqual({ fence: 1 });
  });

  it('of a projection that has nothing to empty hands all events over again', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2);
    const handled: number[] = [];
    const Handling = defineProjection('handling').on(Account, {
      Deposited: ({ data }) => void handled.push(data.amount),
    });
    for await (const _ of rebuild(world.store, Handling, { runtime: world.runtime, reset: 'nothing' })) continue;
    expect(handled).toEqual([1, 2]);
  });

  it('of a reaction from the beginning answers all that it never saw', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2);
    expect(await run(world, world.store, 'now')).toEqual([]);
    const asked: number[] = [];
    const rebuilding = rebuild(world.store, asking(asked), { runtime: world.runtime, from: 'beginning' });
    for await (const _ of rebuilding) continue;
    expect(asked).toEqual([1, 2]);
    expect(await verdictsOf(world.store, asking([])).next()).toMatchObject({ done: true });
  });
});
