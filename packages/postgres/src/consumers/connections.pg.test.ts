/** Whatever the store reaches its server by, consumers run on it: few connections, a pooler in transaction mode, PGlite. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, load, type EventStore, type Position } from '@eventcore/core';
import { defineProjection, rebuild, runConsumers } from '@eventcore/core/consumers';
import { Account, Deposit } from '../fixtures/bank.fixture.js';
import { createPostgresStore, type PostgresContext, type PostgresStore } from '../index.js';
import { pgbouncer, testPooler } from '../fixtures/pgbouncer.fixture.js';
import { testDatabase, type TestDatabase } from '../fixtures/test-database.fixture.js';
import { definitions, doneBy, dueFor, emptied, REWARDED, TABLES, type Kind } from './work.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
beforeAll(() => database.query(TABLES));

const inTransactions: readonly Kind[] = ['rows', 'handlers', 'inserts', 'reaction'];

async function deposits(store: EventStore, count: number): Promise<Position> {
  let last = '' as Position;
  for (let n = 0; n < count; n++) {
    last = (await execute(new Deposit({ account: `a${n % 3}`, amount: n % 2 === 0 ? 1 : REWARDED }), store)).position;
  }
  return last;
}

/** Runs so many consumers of each kind, side by side, and rebuilds one of them; then each has done everything once. */
async function allRun(store: PostgresStore, queries: Pick<TestDatabase, 'query'>, each: number): Promise<void> {
  const names = inTransactions.flatMap((kind) =>
    Array.from({ length: each }, (_, nth) => [`${kind}-${nth}`, kind] as const),
  );
  const consumers: readonly object[] = names.map(([name, kind]) => definitions[kind](name));
  await deposits(store, 10);
  const runner = runConsumers(store, consumers, { after: 'beginning', batchSize: 3, pollInterval: 50 });
  await runner.caughtUp(await deposits(store, 10), { timeout: 50_000 });
  await runner.stop();
  for await (const _ of rebuild(store, definitions.handlers('handlers-0'), {
    batchSize: 3,
    reset: ({ tx }) => emptied(tx, 'handlers-0'),
  }));
  for (const [name, kind] of names) {
    expect([name, await doneBy(kind, name, store, queries)]).toEqual([name, await dueFor(kind, store)]);
  }
}

it('eight consumers run on two connections', async () => {
  const store = database.store({ connectionString: database.url, schema: 'few', poolSize: 2 });
  await store.migrate();
  await allRun(store, database, 2);
});

it('eight consumers run on one connection', async () => {
  const store = database.store({ connectionString: database.url, schema: 'one', poolSize: 1, listen: false });
  await store.migrate();
  await database.query('TRUNCATE handled, totals');
  await allRun(store, database, 2);
});

it('handlers that ask the store for more than there is are told so, and others go on', async () => {
  const timeouts = { connect: 300 };
  const store = database.store({
    connectionString: database.url,
    schema: 'greedy',
    poolSize: 1,
    listen: false,
    timeouts,
  });
  await store.migrate();
  const last = await deposits(store, 1);
  const advised = Promise.withResolvers<unknown>();
  const greedy = defineProjection<PostgresContext<unknown>>('greedy').on(Account, {
    // It would wait for the connection that its own transaction has.
    Moved: async ({ stream }) => void (await load(store, Account.at(stream.slice('account-'.length)))),
  });
  // Whoever waits for the one connection meanwhile may be interrupted as well, and before it.
  const hooks = {
    interrupted: ({ error }: { readonly error: unknown }) => {
      if (String(error).includes('Is the pool large enough')) advised.resolve(error);
    },
  };
  const runner = runConsumers(store, [greedy, definitions.rows('beside')], { hooks, pollInterval: 50 });
  await runner.caughtUp(last, { consumer: 'beside', timeout: 50_000 });
  expect(await advised.promise).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await runner.stop();
});

(pgbouncer === undefined ? describe.skip : describe)('through pgbouncer, which has to be installed for this,', () => {
  const pooler = testPooler(() => database.url);

  it('in transaction mode, consumers run', async () => {
    const store = createPostgresStore({ connectionString: pooler.url, pooler: 'transaction', schema: 'pooled' });
    await store.migrate();
    await database.query('TRUNCATE handled, totals');
    await allRun(store, database, 2);
    await store.close();
  });
});

describe('on PGlite', () => {
  let pglite: PGlite;
  let store: PostgresStore;

  beforeAll(async () => {
    pglite = await PGlite.create();
    store = createPostgresStore({ pglite });
    await store.migrate();
    await pglite.exec(TABLES);
  });
  afterAll(async () => {
    await store.close();
    await pglite.close();
  });

  it('consumers run', async () => {
    const query: TestDatabase['query'] = async (text, values = []) =>
      (await pglite.query<Record<string, unknown>>(text, [...values])).rows;
    await allRun(store, { query }, 1);
  });

  it('a handler that asks the store, and would wait for itself, is refused with advice', async () => {
    const last = await deposits(store, 1);
    const asking = defineProjection<PostgresContext<unknown>>('asking').on(Account, {
      Moved: async ({ stream }) => void (await load(store, Account.at(stream.slice('account-'.length)))),
    });
    const runner = runConsumers(store, [asking]);
    await expect(runner.caughtUp(last, { timeout: 50_000 })).rejects.toMatchObject({
      code: 'CONSUMER_FAILED',
      message: expect.stringContaining('Ask by tx.'),
      context: { attempts: 1 },
    });
    await runner.stop();
  });
});
