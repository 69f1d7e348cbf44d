/**
 * Two processes that run one consumer: one works. One that stands still for longer than its lease is replaced, and what it writes
 * when it goes on is refused, wherever it stood.
 */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import { Deposit } from '../fixtures/bank.fixture.js';
import { mutate } from '../fixtures/mutate.fixture.js';
import { startProxy, type Proxy } from '../fixtures/proxy.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { doneBy, dueFor, REWARDED, TABLES, type Kind } from './work.fixture.js';
import { startWorker, type WorkerProcess } from './worker-process.fixture.js';
import type { Told, Work } from './worker.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(120_000);

const database = testDatabase();

beforeAll(() => database.query(TABLES));

/** A store with some events, in a schema of its own. */
async function storeIn(schema: string): Promise<PostgresStore> {
  const store = database.store({ connectionString: database.url, schema, listen: false });
  await store.migrate();
  await deposits(store, 4);
  return store;
}

async function deposits(store: PostgresStore, count: number): Promise<Position> {
  let last = '' as Position;
  for (let n = 0; n < count; n++) {
    last = (await execute(new Deposit({ account: `a${n % 2}`, amount: n % 2 === 0 ? 1 : REWARDED }), store)).position;
  }
  return last;
}

function work(
  url: string,
  schema: string,
  consumers: Work['consumers'],
  {
    handler = 60_000,
    answer = 30_000,
    leaseDuration = 600,
  }: { readonly handler?: number; readonly answer?: number; readonly leaseDuration?: number } = {},
): Work {
  return {
    store: { connectionString: url, schema, listen: false, poolSize: 3, timeouts: { handler, answer } },
    consumers,
    options: { batchSize: 2, pollInterval: 50, leaseDuration },
    outside: database.url,
  };
}

const until = (position: Position) => (told: Told) =>
  told.phase === 'advanced' && (told.position as Position) >= position;
const phase = (name: Told['phase']) => (told: Told) => told.phase === name;

describe('two processes that run one name', () => {
  it('one works, and the other takes over when it ends, which loses nothing', async () => {
    const store = await storeIn('one_works');
    const workers = [1, 2].map(() =>
      startWorker(work(database.url, 'one_works', { one_works: 'handlers' }, { leaseDuration: 10_000 })),
    );
    const last = await deposits(store, 20);
    const leader = await Promise.race(workers.map((worker) => worker.hears(until(last)).then(() => worker)));
    const other = workers.find((worker) => worker !== leader)!;
    // Of a second leader the rows would tell as well, but not for certain.
    expect(other.told.filter(phase('started'))).toEqual([]);
    await leader.end();
    const next = await deposits(store, 20);
    await other.hears(until(next));
    await other.end();
    expect(await doneBy('handlers', 'one_works', store, database)).toEqual(await dueFor('handlers', store));
    expect(leader.told.filter(phase('started'))).toHaveLength(1);
  });
});

interface Stopped {
  readonly stopped: WorkerProcess;
  readonly proxy: Proxy;
}

/** A process that is stopped when it makes the nth call of this name, which reaches the server. */
async function stopAt(schema: string, kind: Kind, call: string, nth: number, handler?: number): Promise<Stopped> {
  const proxy = await startProxy(database.url);
  const stopped = startWorker(work(proxy.url, schema, { [schema]: kind }, { ...(handler && { handler }) }));
  let left = nth;
  await new Promise<void>((resolve) => {
    proxy.onCall = (name) => {
      if (name !== call || --left !== 0) return undefined;
      stopped.signal('SIGSTOP');
      resolve();
      return undefined;
    };
  });
  return { stopped, proxy };
}

/** It goes on, finds that it was replaced, and writes nothing any more. */
async function goesOn({ stopped, proxy }: Stopped): Promise<readonly Told[]> {
  proxy.onCall = () => undefined;
  const before = stopped.told.length;
  stopped.signal('SIGCONT');
  await stopped.hears(
    (told) => ['leaseLost', 'interrupted'].includes(told.phase) && stopped.told.indexOf(told) >= before,
  );
  await stopped.end();
  await proxy.close();
  return stopped.told.slice(before);
}

interface Replaced {
  readonly schema: string;
  readonly kind: Kind;
  /** The leader stops when it makes this call. */
  readonly call: string;
  readonly nth: number;
  /** Makes the store worse. */
  readonly mutant?: (schema: string) => Promise<void>;
}

/** A leader stops, another one takes over and comes to the end, and the former one goes on. */
async function replace({ schema, kind, call, nth, mutant }: Replaced) {
  const store = await storeIn(schema);
  await mutant?.(schema);
  const leader = await stopAt(schema, kind, call, nth);
  const other = startWorker(work(database.url, schema, { [schema]: kind }));
  const last = await deposits(store, 4);
  await other.hears(until(last));
  const heard = await goesOn(leader);
  await other.end();
  const [done, due] = [await doneBy(kind, schema, store, database), await dueFor(kind, store)];
  return { first: heard[0], done, due };
}

describe('a leader that stands still for longer than its lease', () => {
  it.each<[string, Kind, string, number]>([
    ['between two steps of a read model', 'rows', 'feed', 2],
    ['with the rows of a read model in hand', 'rows', 'load_rows', 1],
    ['between two steps of handlers', 'handlers', 'feed', 2],
    ['in the middle of a transaction of handlers', 'handlers', 'begin', 2],
    ['between a command of a reaction and its verdict', 'reaction', 'append', 1],
  ])('%s, is replaced, told so, and has done nothing twice', async (_, kind, call, nth) => {
    const { first, done, due } = await replace({ schema: `still_${kind}_${call}`, kind, call, nth });
    expect(first).toMatchObject({ phase: 'leaseLost' });
    expect(done).toEqual(due);
  });

  const within = { kind: 'handlers', call: 'begin', nth: 2 } as const;
  const NO_FENCE = [/IF p_fence IS NOT NULL THEN/, 'IF false THEN'] as const;
  const NO_FROM = [/IF stands <> p_from THEN/, 'IF false THEN'] as const;

  it('would learn only from the checkpoint, as this very test would show, if steps had no fence', async () => {
    const mutant = (schema: string) => mutate(database, schema, 'take_step', NO_FENCE);
    const { first, done, due } = await replace({ ...within, schema: 'no_fence', mutant });
    expect(first).toMatchObject({ phase: 'interrupted', error: expect.stringContaining('CheckpointMoved') });
    expect(done).toEqual(due);
  });

  it('would do things twice, as this very test would show, if steps had neither fence nor beginning', async () => {
    const mutant = (schema: string) => mutate(database, schema, 'take_step', NO_FENCE, NO_FROM);
    const { done, due } = await replace({ ...within, schema: 'no_fence_no_from', mutant });
    expect(done['total']).toBeGreaterThan(due['total'] as number);
  });

  it('in the middle of a transaction, with rows locked that the next one needs, has its transaction ended', async () => {
    const schema = 'locks';
    const store = await storeIn(schema);
    // The second statement of the first event locks a row for good.
    const leader = await stopAt(schema, 'handlers', 'statement', 2, 3000);
    const other = startWorker(work(database.url, schema, { [schema]: 'handlers' }));
    await other.hears(phase('started'));
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'eventcore' AND wait_event_type = 'Lock'`;
    while ((await database.query(waiting)).length === 0);
    const last = await deposits(store, 4);
    await other.hears(until(last));
    // Its transaction is gone, and so is its lease: it is that, and no failure of an event.
    const told = await goesOn(leader);
    expect(told[0]).toMatchObject({ phase: 'leaseLost' });
    expect(told.filter(phase('failed'))).toEqual([]);
    await other.end();
    expect(await doneBy('handlers', schema, store, database)).toEqual(await dueFor('handlers', store));
    expect(other.told.filter(phase('failed'))).toEqual([]);
  });

  it.each<[string, Kind]>([
    ['a step of a read model', 'rows'],
    ['the step that ends a transaction of handlers', 'handlers'],
  ])('for good, in the middle of %s that the server waits for the end of, has its session ended', async (_, kind) => {
    const schema = `frozen_${kind}`;
    const store = await storeIn(schema);
    const proxy = await startProxy(database.url);
    const gone = startWorker(work(proxy.url, schema, { [schema]: kind }));
    proxy.onCall = (call) => {
      if (call !== 'take_step') return undefined;
      proxy.onCall = () => undefined;
      gone.kill();
      return 'freeze';
    };
    await gone.ended;
    const other = startWorker(work(database.url, schema, { [schema]: kind }, { answer: 500 }));
    const last = await deposits(store, 4);
    await other.hears(until(last));
    await other.end();
    expect(await doneBy(kind, schema, store, database)).toEqual(await dueFor(kind, store));
    expect(proxy.fired.freeze).toBe(1);
    await proxy.close();
  });
});
