/** Two releases side by side: the older one meets what only the newer one can read, steps back, and nothing is lost. */
import { describe, expect, it } from '@jest/globals';
import {
  defineCommand,
  defineStream,
  event,
  execute,
  isEventCoreError,
  load,
  START,
  StoreUnavailable,
  type EventStore,
} from '@eventcore/core';
import {
  deadLettersOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  rebuild,
  runConsumers,
  type ConsumerRunner,
  type RunConsumersOptions,
} from '@eventcore/core/consumers';
import { prepareAppend } from '@eventcore/core/store';
import { createMemoryStore, type MemoryContext } from '@eventcore/memory';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import { aroundStore } from '../chaos/around-store.js';
import { makeWorld, without, type World } from './processes.fixture.js';

const Audit = defineStream('audit', {
  events: { Noted: v.object({ total: v.number() }) },
  state: () => ({ totals: [] as readonly number[] }),
  fold: { Noted: ({ totals }, { total }) => ({ totals: [...totals, total] }) },
});

/** What releases have in common, under the same names. */
function release(
  Placed: StandardSchemaV1<object, { readonly total: number }>,
  more: Readonly<Record<string, object>> = {},
) {
  const Order = defineStream('order', {
    // Of what only one of them knows nothing is handled.
    events: { Placed, ...more } as { readonly Placed: typeof Placed },
    state: () => ({ orders: 0 }),
    fold: { Placed: ({ orders }) => ({ orders: orders + 1 }) },
  });
  const Place = defineCommand('Place', {
    streams: { order: Order },
    input: { totals: v.array(v.number()) },
    handle: ({ input, emit }) => {
      for (const total of input.totals) emit('order', 'Placed', { total });
    },
  });
  const Note = defineCommand('Note', {
    streams: { order: Order, audit: Audit },
    input: { total: v.number() },
    handle: ({ input, emit }) => emit('audit', 'Noted', { total: input.total }),
  });
  /** Told of what is handled, outside of any transaction. */
  const outside = (handled: number[]) =>
    defineProjection('outside').on(Order, { Placed: ({ data }) => void handled.push(data.total) });
  return {
    Order,
    place: ({ store, runtime }: Pick<World, 'store' | 'runtime'>, ...totals: readonly number[]) =>
      execute(new Place({ order: '1', totals }), store, { runtime }),
    outside,
    rows: defineReadModel('rows', { row: () => ({ totals: [] as readonly number[] }) }).from(Order, {
      Placed: ({ totals }, { data }) => ({ totals: [...totals, data.total] }),
    }),
    handlers: defineProjection<MemoryContext>('handlers').on(Order, {
      Placed: async ({ stream, data }, { tx }) => {
        const { totals = [] } = ((await tx.get('handlers', stream)) ?? {}) as { readonly totals?: readonly number[] };
        tx.set('handlers', stream, { totals: [...totals, data.total] });
      },
    }),
    reaction: defineReaction('reaction').on(Order, {
      Placed: ({ data }) => new Note({ order: '1', audit: 'all', total: data.total }),
    }),
  };
}

const older = release(v.object({ total: v.number() }));
const newer = release(
  event(v.object({ total: v.number(), currency: v.optional(v.string()) }), {
    version: 2,
    upcast: { 1: ({ total }: { total: number }) => ({ total, currency: 'EUR' }) },
  }),
  { Held: v.object({}) },
);

/** The totals that a kind of consumer has handled, in order, as far as its effects are in the store. */
const effects = {
  rows: async (store: EventStore) => totalsOf((await store.capabilities.rows!.load('rows', ['1'])).get('1')),
  handlers: async (store: EventStore) =>
    totalsOf((await store.capabilities.rows!.load('handlers', ['order-1'])).get('order-1')),
  reaction: async (store: EventStore) => (await load(store, Audit.at('all'))).totals,
};
type Kind = keyof typeof effects;
const kinds = Object.keys(effects) as readonly Kind[];

function totalsOf(row: unknown): readonly number[] {
  return (row as { readonly totals: readonly number[] } | undefined)?.totals ?? [];
}

const policies = ['stop', 'deadLetter'] as const;
const cases = kinds.flatMap((kind) => policies.map((then) => [kind, then] as const));
const onFailure = (then: 'stop' | 'deadLetter') => ({ retry: { attempts: 3, delay: () => 10 }, then });

/** Runs a consumer in a process of its own, and writes down what its hooks tell that matters here. */
function run(
  { store, runtime }: { readonly store: EventStore; readonly runtime: World['runtime'] },
  holder: string,
  consumer: object,
  options: RunConsumersOptions = {},
) {
  const told: string[] = [];
  const runner = runConsumers(store, [consumer] as readonly object[], {
    runtime,
    holder,
    pollInterval: 10,
    after: 'beginning',
    ...options,
    hooks: {
      failed: ({ next }) => void told.push(next),
      outdated: ({ consumer: name, event: { type, schemaVersion }, error }) =>
        void told.push(`${name} outdated by ${type} ${schemaVersion}: ${error.code}`),
      interrupted: ({ error }) => void told.push(String(error)),
      stopped: ({ error }) => void told.push(error === undefined ? 'stopped' : String(error)),
    },
  });
  return { runner, told };
}

async function stateOf(runner: ConsumerRunner) {
  return (await runner.status())[0]!;
}

async function lettersOf(store: EventStore, consumer: object): Promise<number> {
  let count = 0;
  for await (const _ of deadLettersOf(store, consumer)) count += 1;
  return count;
}

describe('an older release that meets a newer version of an event', () => {
  it.each(cases)('steps back with its %s, whatever its policy (%s), and the newer one goes on', async (kind, then) => {
    const world = makeWorld();
    const { store, pass } = world;
    const old = run(world, 'old', older[kind], { onFailure: onFailure(then) });
    await older.place(world, 1);
    await pass(1_000);
    await newer.place(world, 2);
    await older.place({ ...world, store: lenient(world) }, 3);
    await pass(5_000);
    expect(await effects[kind](store)).toEqual([1]);
    expect(old.told).toEqual([`${kind} outdated by Placed 2: CONSUMER_OUTDATED`]);
    const status = await stateOf(old.runner);
    expect(status).toMatchObject({ state: 'outdated', lag: { seconds: expect.any(Number) } });
    expect(status).not.toHaveProperty('holder');
    expect(status).not.toHaveProperty('failure');
    expect(status.outdated).toMatchObject({
      code: 'CONSUMER_OUTDATED',
      retriable: false,
      consumer: kind,
      context: { consumer: kind, event: 'Placed', stream: 'order-1', schemaVersion: 2 },
      cause: { code: 'UNKNOWN_EVENT_TYPE', context: { stream: 'order-1', event: 'Placed', schemaVersion: 2 } },
    });

    const fresh = run(world, 'new', newer[kind], { onFailure: onFailure(then) });
    await pass(5_000);
    expect(await effects[kind](store)).toEqual([1, 2, 3]);
    expect(await stateOf(fresh.runner)).toMatchObject({ state: 'running', holder: 'new' });
    expect(await stateOf(old.runner)).toMatchObject({ state: 'waiting', holder: 'new' });
    expect(await stateOf(old.runner)).not.toHaveProperty('outdated');
    expect([await lettersOf(store, newer[kind]), fresh.told]).toEqual([0, []]);
    void old.runner.stop();
    void fresh.runner.stop();
  });

  it.each(kinds)('goes on with its %s behind that event, when the newer release is rolled back', async (kind) => {
    const world = makeWorld();
    const { store, pass } = world;
    const old = run(world, 'old', older[kind]);
    const fresh = run(world, 'new', newer[kind]);
    await newer.place(world, 1);
    await pass(5_000);
    await fresh.runner.stop();
    // The stream holds the newer version for ever: commands that read it are the newer release's, or skip it.
    await older.place({ ...world, store: lenient(world) }, 2);
    await pass(5_000);
    const commandsCan = kind !== 'reaction';
    expect(await effects[kind](store)).toEqual(commandsCan ? [1, 2] : [1]);
    expect(await stateOf(old.runner)).toMatchObject(
      commandsCan ? { state: 'running', holder: 'old' } : { state: 'outdated' },
    );
    void old.runner.stop();
  });

  it('handles nothing of a command whose later event it can not read, where that can be undone', async () => {
    const world = makeWorld();
    await newer.place(world, 1, 2);
    for (const kind of kinds) {
      const old = run(world, 'old', older[kind]);
      await world.pass(2_000);
      expect([kind, await effects[kind](world.store)]).toEqual([kind, []]);
      void old.runner.stop();
      const fresh = run(world, 'new', newer[kind]);
      await world.pass(2_000);
      expect([kind, await effects[kind](world.store)]).toEqual([kind, [1, 2]]);
      void fresh.runner.stop();
    }
  });

  it('steps back where handlers act outside of any transaction, behind all that it has handled', async () => {
    const world = makeWorld();
    const store = without(world.store, 'transactions', 'rows');
    const handled: number[] = [];
    await older.place(world, 1);
    await newer.place(world, 2);
    const old = run({ ...world, store }, 'old', older.outside(handled));
    await world.pass(2_000);
    const fresh = run({ ...world, store }, 'new', newer.outside(handled));
    await world.pass(2_000);
    expect(handled).toEqual([1, 2]);
    expect(old.told).toEqual(['outside outdated by Placed 2: CONSUMER_OUTDATED']);
    void old.runner.stop();
    void fresh.runner.stop();
  });
});

/** A store on which a command of the older release may write behind what it can't read. */
function lenient({ store }: World): World['store'] {
  return { ...store, ...aroundStore(store, { settings: { onUnknownEvent: 'skip' } }) } as World['store'];
}

describe('an older release that meets an event of a new type', () => {
  const hold = ({ store, runtime }: World) =>
    store.append([
      prepareAppend({
        commandId: runtime.uuid(),
        fingerprint: 'hold',
        expected: new Map([['order-1', 'any']]),
        events: [{ id: runtime.uuid(), stream: 'order-1', type: 'Held', data: {} }],
      }),
    ]);

  it.each(cases)('steps back with its %s, whatever its policy (%s)', async (kind, then) => {
    const world = makeWorld();
    const old = run(world, 'old', older[kind], { onFailure: onFailure(then) });
    await older.place(world, 1);
    await world.pass(1_000);
    await hold(world);
    await world.pass(1_000);
    expect(await stateOf(old.runner)).toMatchObject({ state: 'outdated', outdated: { context: { event: 'Held' } } });
    const fresh = run(world, 'new', newer[kind]);
    await world.pass(5_000);
    await newer.place(world, 2);
    await world.pass(5_000);
    expect(await effects[kind](world.store)).toEqual([1, 2]);
    expect(await lettersOf(world.store, newer[kind])).toBe(0);
    void old.runner.stop();
    void fresh.runner.stop();
  });

  it.each(kinds)('goes past it with its %s where the store is told to skip such events', async (kind) => {
    const world = makeWorld();
    await older.place(world, 1);
    await hold(world);
    const store = lenient(world);
    await older.place({ ...world, store }, 2);
    const old = run({ ...world, store }, 'old', older[kind]);
    await world.pass(5_000);
    expect(await effects[kind](store)).toEqual([1, 2]);
    expect(await stateOf(old.runner)).toMatchObject({ state: 'running', lag: { events: expect.any(Number) } });
    expect(old.told).toEqual([]);
    void old.runner.stop();
  });
});

describe('a consumer that is outdated', () => {
  it('looks again when it is told to go on, and ends when it is told to stop', async () => {
    const world = makeWorld();
    await newer.place(world, 1);
    const { runner, told } = run(world, 'old', older.rows);
    await world.pass(1_000);
    runner.resume('rows');
    await world.pass(1_000);
    const outdated = 'rows outdated by Placed 2: CONSUMER_OUTDATED';
    expect(told).toEqual([outdated, outdated]);
    expect(await stateOf(runner)).toMatchObject({ state: 'outdated' });
    void runner.stop();
    await world.pass(100);
    expect(await stateOf(runner)).toMatchObject({ state: 'stopped' });
    expect(told.at(-1)).toBe('stopped');
  });

  it('stands still already when it is paused, and stays so', async () => {
    const world = makeWorld();
    await newer.place(world, 1);
    const { runner } = run(world, 'old', older.rows);
    await world.pass(1_000);
    await runner.pause();
    const fresh = run(world, 'new', newer.rows);
    await world.pass(1_000);
    void fresh.runner.stop();
    await world.pass(5_000);
    await older.place({ ...world, store: lenient(world) }, 2);
    await world.pass(5_000);
    expect(await stateOf(runner)).toMatchObject({ state: 'paused' });
    expect(await effects.rows(world.store)).toEqual([1]);
    void runner.stop();
  });

  it('waits on while the store can not tell where the others have come', async () => {
    const world = makeWorld();
    await newer.place(world, 1);
    let out = false;
    const { checkpoints } = world.store.capabilities;
    const store = aroundStore(world.store, {
      capabilities: {
        ...world.store.capabilities,
        checkpoints: {
          ...checkpoints,
          load: async (name) => {
            if (out) throw new StoreUnavailable('gone');
            return checkpoints.load(name);
          },
        },
      },
    });
    const { runner, told } = run({ ...world, store }, 'old', older.rows);
    await world.pass(1_000);
    out = true;
    await world.pass(1_500);
    out = false;
    await world.pass(1_500);
    expect(told).toContain('StoreUnavailable: gone');
    expect(told.filter((line) => line.includes('outdated'))).toHaveLength(1);
    expect(await stateOf(runner)).toMatchObject({ state: 'outdated' });
    void runner.stop();
  });

  it('is said to be so to whoever waits for it in vain', async () => {
    const world = makeWorld();
    const { position } = await newer.place(world, 1);
    const { runner } = run(world, 'old', older.rows);
    await world.pass(1_000);
    let failure: unknown;
    void runner.caughtUp(position, { timeout: 500 }).catch((error: unknown) => (failure = error));
    await world.pass(2_000);
    expect(failure).toMatchObject({ code: 'NOT_CAUGHT_UP', state: 'outdated' });
    void runner.stop();
  });
});

describe('a rebuild by an older release', () => {
  it('ends before what it can not read, and the newer one goes on from there', async () => {
    const world = makeWorld();
    const fresh = run(world, 'new', newer.rows);
    await older.place(world, 1);
    await newer.place(world, 2);
    await world.pass(1_000);
    let failure: unknown;
    void (async () => {
      for await (const _ of rebuild(world.store, older.rows, { runtime: world.runtime }));
    })().catch((error: unknown) => (failure = error));
    await world.pass(10_000);
    expect(isEventCoreError(failure, 'CONSUMER_OUTDATED')).toBe(true);
    expect(await effects.rows(world.store)).toEqual([1, 2]);
    void fresh.runner.stop();
  });
});

describe('a command of an older release', () => {
  it('says which event of which stream it can not read, and that a newer release wrote it', async () => {
    const store = createMemoryStore();
    const world = { ...makeWorld(), store };
    await newer.place(world, 1);
    await expect(older.place(world, 2)).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
      message: expect.stringContaining(
        '"order-1" holds Placed in version 2, and this release knows it up to version 1: a newer release wrote it.',
      ),
      context: { command: 'Place', stream: 'order-1', event: 'Placed', schemaVersion: 2 },
    });
    expect((await store.readAll({ after: START, limit: 10 })).events).toHaveLength(1);
  });
});
