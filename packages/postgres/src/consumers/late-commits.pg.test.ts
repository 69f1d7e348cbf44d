/** Consumers of every kind and appends that commit late: nobody is passed by, and nobody waits for those who append nothing. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import { caughtUp, runConsumers, type ConsumerRunner } from '@eventcore/core/consumers';
import { aroundStore } from '@eventcore/testing';
import pg from 'pg';
import { Account, Deposit } from '../fixtures/bank.fixture.js';
import { mutate } from '../fixtures/mutate.fixture.js';
import { gates } from '../fixtures/held-commits.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { definitions, doneBy, dueFor, REWARDED, TABLES, type Kind } from './work.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
const neighbour = testDatabase();
const { build, holdCommits } = gates({ query: database.query, url: () => database.url });
const kinds: readonly Kind[] = ['rows', 'handlers', 'reaction'];

let store: PostgresStore;
let runner: ConsumerRunner;
let looks = 0;
let round = 0;
let names: Readonly<Record<string, Kind>>;

beforeAll(async () => {
  store = database.store({ connectionString: database.url, listen: false });
  await store.migrate();
  await build();
  await database.query(TABLES);
  await database.query('CREATE TABLE unrelated (n integer)');
  await neighbour.query('CREATE TABLE unrelated (n integer)');
});
beforeEach(async () => {
  round += 1;
  names = Object.fromEntries(kinds.map((kind) => [`${kind}-${round}`, kind]));
  const watched = aroundStore(store, {
    readAll(query, call) {
      looks += 1;
      return store.readAll(query, call);
    },
  });
  const consumers: readonly object[] = Object.entries(names).map(([name, kind]) => definitions[kind](name));
  runner = runConsumers(watched, consumers, { after: 'beginning', pollInterval: 20 });
});
afterEach(() => runner.stop());

async function deposit(account: string): Promise<Position> {
  return (await execute(new Deposit({ account, amount: REWARDED }), store)).position;
}

const all = (): readonly object[] => Object.entries(names).map(([name, kind]) => definitions[kind](name));

async function effects(of: (kind: Kind, name: string) => Promise<unknown>): Promise<readonly unknown[]> {
  return Promise.all(Object.entries(names).map(([name, kind]) => of(kind, name)));
}
const done = () => effects((kind, name) => doneBy(kind, name, store, database));
const due = () => effects((kind) => dueFor(kind, store));

/** Appends one that is held up just before it commits, and others that pass it by; and lets it go when `meanwhile` is over. */
async function passedBy(meanwhile: (last: Position) => Promise<void>): Promise<void> {
  const late = `late-${round}`;
  const held = await holdCommits(store, Account.at(late).id);
  const appended = deposit(late);
  await held.reached;
  const last = await deposit(`early-${round}`);
  await meanwhile(last);
  await held.release();
  await appended;
  await caughtUp(store, all(), last, { timeout: 30_000 });
}

/** Makes the store go by something else than what is safe, for as long as that work takes. */
async function goingBy(instead: string, work: () => Promise<void>): Promise<void> {
  const [{ definition } = {}] = await database.query(
    `SELECT pg_get_functiondef('eventcore.safe_position'::regproc) AS definition`,
  );
  await mutate(database, 'eventcore', 'safe_position', [/least\(last_drawn, low_water\)/, instead]);
  try {
    await work();
  } finally {
    await database.query(String(definition));
  }
}

describe('an append that commits late', () => {
  it('is skipped by no read model, no projection and no reaction', async () => {
    await passedBy(async () => {
      // Each of them has looked when the early one was there, and the late one wasn't.
      for (const before = looks; looks < before + 4 * kinds.length;) await new Promise(setImmediate);
    });
    expect(await done()).toEqual(await due());
  });

  it('would be skipped by all of them, as this very test would show, if they went by the last position', () =>
    goingBy('last_drawn', async () => {
      await passedBy((last) => caughtUp(store, all(), last, { timeout: 30_000 }));
      for (const [index, theirs] of (await done()).entries()) expect(theirs).not.toEqual((await due())[index]);
    }));
});

describe('a transaction that writes, and is open for long,', () => {
  async function idle(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO unrelated VALUES (1)');
    return client;
  }

  async function whileIdle(work: () => Promise<void>): Promise<void> {
    const clients = await Promise.all([database.url, neighbour.url].map(idle));
    try {
      await work();
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  }

  it('in this database or in another one, keeps no consumer waiting', () =>
    whileIdle(async () => {
      await caughtUp(store, all(), await deposit('anybody'), { timeout: 30_000 });
      expect(await done()).toEqual(await due());
    }));

  it('would keep them waiting, as this very test would show, if they went by the oldest transaction', () =>
    goingBy(
      `CASE WHEN EXISTS (SELECT FROM pg_stat_activity a WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid())
            THEN 0 ELSE last_drawn END`,
      () =>
        whileIdle(async () => {
          const waiting = caughtUp(store, all(), await deposit('anybody'), { timeout: 1000 });
          await expect(waiting).rejects.toMatchObject({ code: 'NOT_CAUGHT_UP' });
        }),
    ));
});
