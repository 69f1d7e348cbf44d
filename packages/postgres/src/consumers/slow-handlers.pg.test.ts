/** Handlers that do something else for too long in the middle of their transaction, and what can be told of that on each way to a server. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import { deadLettersOf, defineProjection, runConsumers } from '@eventcore/core/consumers';
import { Kysely, PostgresDialect } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deposit } from '../fixtures/bank.fixture.js';
import { Account } from '../fixtures/bank.fixture.js';
import type { PostgresContext, PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

jest.setTimeout(60_000);

interface Tables {
  readonly noted: { readonly amount: number };
}
type Tx = PostgresContext<Tables>['tx'];

const database = testDatabase();
const timeouts = { handler: 250 };
/** There the store looks at the clock, and a server behind it, which is to be the later one also where this process is slow. */
const byKysely = { handler: 1500 };
const SLOW = 13;
let stores = 0;
/** One for all: to start it takes as long as all that is tested on it. */
let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
  await pglite.exec('CREATE TABLE noted (amount integer)');
  await database.query('CREATE TABLE noted (amount integer)');
});
afterEach(async () => {
  await pglite.exec('DELETE FROM noted');
  await database.query('DELETE FROM noted');
});
afterAll(() => pglite.close());

/** Each way to a server, with a store, and what was noted there. */
const ways = {
  pool: async () => ({
    store: database.store({ pool: database.pool({ max: 4 }), schema: schema(), listen: false, timeouts }),
    noted: async () => (await database.query('SELECT amount FROM noted ORDER BY 1')).map(({ amount }) => amount),
  }),
  kysely: async () => {
    const pool = database.pool({ max: 4 });
    const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });
    return {
      store: database.store({ kysely, pool, schema: schema(), timeouts: byKysely }),
      noted: async () => (await database.query('SELECT amount FROM noted ORDER BY 1')).map(({ amount }) => amount),
    };
  },
  pglite: async () => ({
    store: database.store({ pglite, schema: schema(), timeouts }),
    noted: async () => {
      const { rows } = await pglite.query<{ amount: number }>('SELECT amount FROM noted ORDER BY 1');
      return rows.map(({ amount }) => amount);
    },
  }),
};

const schema = (): string => `slow_${++stores}`;

async function deposits(store: PostgresStore): Promise<Position> {
  let last = '' as Position;
  for (const amount of [1, SLOW, 2]) last = (await execute(new Deposit({ account: 'a', amount }), store)).position;
  return last;
}

/** Notes each amount; at one of them it does something else first, or last. */
const noting = (also: (tx: Tx) => Promise<unknown>, when: 'first' | 'last') =>
  defineProjection<PostgresContext<Tables>>('noting').on(Account, {
    Moved: async ({ data }, { tx }) => {
      if (data === SLOW && when === 'first') await also(tx);
      await tx.insertInto('noted').values({ amount: data }).execute();
      if (data === SLOW && when === 'last') await also(tx);
    },
  });

async function run(store: PostgresStore, consumer: ReturnType<typeof noting>, last: Position) {
  const told: string[] = [];
  const runner = runConsumers(store, [consumer], {
    onFailure: { retry: { attempts: 2, delay: () => 1 }, then: 'deadLetter' },
    hooks: {
      failed: ({ attempt, next }) => void told.push(`${attempt} ${next}`),
      interrupted: () => void told.push('interrupted'),
    },
    pollInterval: 50,
  });
  await runner.caughtUp(last, { timeout: 40_000 });
  const letters: string[] = [];
  for await (const { error } of deadLettersOf(store, consumer)) letters.push(error.message);
  await runner.stop();
  return { told, letters };
}

describe.each(['pool', 'kysely', 'pglite'] as const)(
  'by %s, a handler that does something else for too long',
  (way) => {
    it.each(['first', 'last'] as const)('%s fails its event, and the others are handled', async (when) => {
      const { store, noted } = await ways[way]();
      await store.migrate();
      const last = await deposits(store);
      const { told, letters } = await run(
        store,
        noting(() => sleep(way === 'kysely' ? 2 * byKysely.handler : 900), when),
        last,
      );
      expect(told).toEqual(['1 retry', '2 deadLetter']);
      expect(letters).toHaveLength(1);
      expect(letters[0]).toContain('raise timeouts.handler');
      expect(await noted()).toEqual([1, 2]);
    });
  },
);

describe.each(['pool', 'kysely', 'pglite'] as const)('by %s, a handler', (way) => {
  it('that never comes back fails its event, and the others are handled', async () => {
    const { store, noted } = await ways[way]();
    await store.migrate();
    const last = await deposits(store);
    const { told, letters } = await run(
      store,
      noting(() => new Promise(() => {}), 'first'),
      last,
    );
    expect(told).toEqual(['1 retry', '2 deadLetter']);
    expect(letters[0]).toContain('raise timeouts.handler');
    expect(await noted()).toEqual([1, 2]);
  });

  it('that fails, and has left something behind, writes nothing when its transaction is over', async () => {
    const { store, noted } = await ways[way]();
    await store.migrate();
    const last = await deposits(store);
    const late: Promise<unknown>[] = [];
    const leaving = async (tx: Tx): Promise<unknown> => {
      late.push(sleep(100).then(() => tx.insertInto('noted').values({ amount: 99 }).execute()));
      return Promise.all([...late, Promise.reject(new Error('at once'))]);
    };
    const { letters } = await run(store, noting(leaving, 'last'), last);
    const ends = await Promise.allSettled(late);
    expect(letters).toEqual(['at once']);
    expect(ends.map((end) => end.status === 'rejected' && String(end.reason))).toEqual(
      late.map(() => expect.stringMatching(/already rolled back|handler is over/)),
    );
    expect(await noted()).toEqual([1, 2]);
  });
});

it('a handler that asks a PGlite past its transaction waits for itself, and that ends', async () => {
  const { store, noted } = await ways.pglite();
  await store.migrate();
  const last = await deposits(store);
  const { told, letters } = await run(
    store,
    noting(() => pglite.query('SELECT 1'), 'first'),
    last,
  );
  expect(told).toEqual(['1 retry', '2 deadLetter']);
  expect(letters[0]).toContain('raise timeouts.handler');
  expect(await noted()).toEqual([1, 2]);
});
