/** What fails while an event is handled: by its own fault or by nobody's. It is tried again, given up or waited for; never in silence. */
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute, systemRuntime, type Position } from '@eventcore/core';
import {
  deadLettersOf,
  defineProjection,
  runConsumers,
  type ConsumerHooks,
  type FailurePolicy,
} from '@eventcore/core/consumers';
import { prepareAppend } from '@eventcore/core/store';
import { sql } from 'kysely';
import pg from 'pg';
import { Account, Deposit } from '../fixtures/bank.fixture.js';
import type { PostgresContext, PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { balances } from './work.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
let store: PostgresStore;
let schema: string;
let stores = 0;

interface Tables {
  readonly seen: { readonly event: string; readonly amount: number };
}
type Tx = PostgresContext<Tables>['tx'];

/** What each event is kept as, and something besides. */
const seeing = (also: (amount: number, tx: Tx) => Promise<unknown>) =>
  defineProjection<PostgresContext<Tables>>('seeing').on(Account, {
    Moved: async ({ id, data }, { tx }) => {
      await tx.insertInto('seen').values({ event: id, amount: data }).execute();
      await also(data, tx);
    },
  });

const POISON = 13;
const ALL = [1, 2, POISON, 3];

beforeAll(() => database.query('CREATE TABLE locked (key text PRIMARY KEY)'));
beforeEach(async () => {
  schema = `failures_${++stores}`;
  store = database.store({ connectionString: database.url, schema, listen: false });
  await store.migrate();
  await database.query('DROP TABLE IF EXISTS seen');
  await database.query('CREATE TABLE seen (nth bigserial, event text, amount integer)');
});

async function deposit(amounts: readonly number[], account = 'a'): Promise<Position> {
  let last = '' as Position;
  for (const amount of amounts) last = (await execute(new Deposit({ account, amount }), store)).position;
  return last;
}

const seen = async (): Promise<readonly unknown[]> =>
  (await database.query('SELECT amount FROM seen ORDER BY nth')).map(({ amount }) => amount);

/** Runs a consumer that may fail beside one that doesn't. Gives what was told of the first. */
function run(consumer: object, then: FailurePolicy['then'], attempts = 3) {
  const told: string[] = [];
  const hooks: ConsumerHooks = {
    failed: ({ consumer: name, attempt, next }) => void told.push(`${name} ${attempt} ${next}`),
    interrupted: ({ consumer: name }) => void told.push(`${name} interrupted`),
  };
  const onFailure: FailurePolicy = { retry: { attempts, delay: () => 1 }, then };
  const runner = runConsumers(store, [consumer, balances('beside')] as readonly object[], {
    onFailure,
    hooks,
    after: 'beginning',
    pollInterval: 50,
  });
  return { told, runner };
}

const failing: readonly [string, (tx: Tx) => Promise<unknown>, message: string][] = [
  ['throws', () => Promise.reject(new Error('not thirteen')), 'not thirteen'],
  ['says something to the server that it refuses', (tx) => sql`SELECT no_such_column`.execute(tx), 'no_such_column'],
  [
    'violates a unique key',
    (tx) => sql`INSERT INTO locked VALUES ('twice'), ('twice')`.execute(tx),
    'duplicate key value violates unique constraint',
  ],
];

describe.each(failing)('a handler that %s', (_, fail, message) => {
  const consumer = seeing(async (amount, tx) => amount === POISON && (await fail(tx)));

  it('stops its consumer before that event, with what came before in place; and no other', async () => {
    const last = await deposit(ALL);
    const { told, runner } = run(consumer, 'stop');
    await expect(runner.caughtUp(last, { consumer: 'seeing', timeout: 30_000 })).rejects.toMatchObject({
      code: 'CONSUMER_FAILED',
      message: expect.stringContaining(message),
      context: { attempts: 3 },
    });
    await runner.caughtUp(last, { consumer: 'beside', timeout: 30_000 });
    expect((await runner.status()).map(({ state }) => state)).toEqual(['failed', 'running']);
    expect(told).toEqual(['seeing 1 retry', 'seeing 2 retry', 'seeing 3 stop']);
    expect(await seen()).toEqual([1, 2]);
    await runner.stop();
  });

  it('is gone past where the policy says so, and what was given up is recorded', async () => {
    const last = await deposit(ALL);
    const { told, runner } = run(consumer, 'deadLetter');
    await runner.caughtUp(last, { timeout: 30_000 });
    await runner.stop();
    expect(told).toEqual(['seeing 1 retry', 'seeing 2 retry', 'seeing 3 deadLetter']);
    expect(await seen()).toEqual([1, 2, 3]);
    const letters = [];
    for await (const letter of deadLettersOf(store, consumer)) letters.push(letter);
    expect(letters).toMatchObject([
      { type: 'Moved', stream: 'account-a', attempts: 3, error: { message: expect.stringContaining(message) } },
    ]);
  });
});

it('a handler that swallows what the server said stops its consumer, which is told what to do', async () => {
  const consumer = seeing(async (amount, tx) => {
    if (amount === POISON) await sql`SELECT no_such_column`.execute(tx).catch(() => {});
  });
  const last = await deposit([1, POISON]);
  const { runner } = run(consumer, 'stop');
  await expect(runner.caughtUp(last, { consumer: 'seeing', timeout: 30_000 })).rejects.toMatchObject({
    code: 'CONSUMER_FAILED',
    message: expect.stringContaining('Let its errors out.'),
  });
  await runner.caughtUp(last, { consumer: 'beside', timeout: 30_000 });
  await runner.stop();
});

describe('an event that the code does not know', () => {
  const consumer = seeing(() => Promise.resolve());

  async function appendUnknown(): Promise<void> {
    await deposit([1]);
    const stream = 'account-a';
    const event = { id: systemRuntime.uuid(), stream, type: 'Vanished', data: {} };
    await store.append([
      prepareAppend({
        commandId: systemRuntime.uuid(),
        fingerprint: 'x',
        expected: new Map([[stream, 'any']]),
        events: [event],
      }),
    ]);
    // On another account, since this one can't be folded any more.
    await deposit([3], 'b');
  }

  it.each(['stop', 'deadLetter'] as const)(
    'is left to a newer release, whatever the policy says: its consumers step back before it (%s)',
    async (then) => {
      await appendUnknown();
      const { told, runner } = run(consumer, then);
      const states = async () => (await runner.status()).map(({ state }) => state);
      while ((await states()).some((state) => state !== 'outdated'))
        await new Promise((resolve) => setImmediate(resolve));
      await runner.stop();
      expect(told).toEqual([]);
      expect(await seen()).toEqual([1]);
      for (const one of [consumer, balances('beside')]) {
        for await (const letter of deadLettersOf(store, one)) expect(letter).toBeUndefined();
      }
    },
  );
});

describe('what is no fault of an event is waited for, and never held against it', () => {
  it('a connection that is lost in the middle of a handler', async () => {
    let times = 0;
    const consumer = seeing(async (amount, tx) => {
      if (amount === POISON && ++times <= 3) await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(tx);
    });
    const last = await deposit(ALL);
    // One attempt, and an event that is held guilty is given up for good.
    const { told, runner } = run(consumer, 'deadLetter', 1);
    await runner.caughtUp(last, { timeout: 30_000 });
    await runner.stop();
    expect(await seen()).toEqual(ALL);
    expect(told).toEqual(Array(3).fill('seeing interrupted'));
  });

  it('a deadlock with somebody else', async () => {
    await database.query("INSERT INTO locked VALUES ('one'), ('other') ON CONFLICT DO NOTHING");
    const lock = (key: string): string => `SELECT FROM locked WHERE key = '${key}' FOR UPDATE`;
    const somebody = new pg.Client({ connectionString: database.url });
    await somebody.connect();
    // It has all the time in the world, so it is the handler that has to give way.
    await somebody.query("SET deadlock_timeout = '1h'; BEGIN");
    await somebody.query(lock('other'));
    let times = 0;
    const consumer = seeing(async (amount, tx) => {
      if (amount !== POISON || ++times > 1) return;
      await sql.raw(lock('one')).execute(tx);
      const waiting = somebody.query(lock('one'));
      waiting.then(() => somebody.query('COMMIT')).catch(() => {});
      await sql.raw(lock('other')).execute(tx);
    });
    const last = await deposit(ALL);
    const { told, runner } = run(consumer, 'deadLetter', 1);
    await runner.caughtUp(last, { timeout: 30_000 });
    await runner.stop();
    await somebody.end();
    expect(times).toBe(2);
    expect(await seen()).toEqual(ALL);
    expect(told).toEqual(['seeing interrupted']);
  });
});
