/** A server that crashes: what was acknowledged is there, what wasn't is told apart, and numbers that come again are no harm. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute, START, version, type Position, type StreamId } from '@eventcore/core';
import pg from 'pg';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { startTestServer, type TestServer } from '../fixtures/test-server.fixture.js';
import { makeConsumer } from '../fixtures/consumer.fixture.js';
import { balanceOf, Deposit, Transfer } from '../fixtures/bank.fixture.js';
import { makeGate, mutate } from '../fixtures/mutate.fixture.js';
import { makeWriter } from '../fixtures/writer.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

let server: TestServer;
let store: PostgresStore;
let schema: string;
let stores = 0;

beforeAll(async () => {
  // Nothing but a commit brings the log to the disk: no writer that comes by, no autovacuum. So what a crash loses is known.
  const quiet = { wal_writer_delay: '10s', autovacuum: 'off', bgwriter_delay: '10s' };
  server = await startTestServer({
    durable: true,
    restarts: true,
    settings: { ...quiet, max_prepared_transactions: '2', max_connections: '20' },
  });
}, 60_000);
afterAll(() => server.stop());
beforeEach(async () => {
  schema = `crash_${++stores}`;
  store = createPostgresStore({ connectionString: server.url, schema, listen: false });
  await store.migrate();
});
afterEach(() => store.close());

const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);

/** As the superuser, on a session of its own, since others may be gone. Tried again while the server is starting. */
async function ask(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  for (;;) {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } catch (error) {
      // Refused, reset, or "the database system is starting up": anything else is a mistake of the test.
      const { code = '' } = error as { readonly code?: string };
      if (!/^(ECONN.*|EPIPE|ENOENT|57P0[1-3])$/.test(code) && !/terminated/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function untilServing(): Promise<void> {
  await ask('SELECT 1');
}

/** Ends the server as the kernel would. Fulfilled when it is gone. */
async function crash(): Promise<void> {
  const postmaster = server.postmaster();
  process.kill(postmaster, 'SIGKILL');
  while (isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Sessions that wait for a lock, as soon as there are any. */
async function waiting(): Promise<readonly number[]> {
  for (;;) {
    const rows = await ask("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    if (rows.length > 0) return rows.map(({ pid }) => Number(pid));
  }
}

describe('a server that is killed', () => {
  it('leaves a command in doubt, which is then applied once, and has kept what was acknowledged', async () => {
    await execute(new Deposit({ account: 'ann', amount: 100 }), store);
    const blocker = await makeWriter(server.url, schema);
    await blocker.query('BEGIN');
    await blocker.append(blindAppend(['account-bob']));
    const doubts: unknown[] = [];
    const transferred = execute(new Transfer({ from: 'ann', to: 'bob', amount: 60 }), store, {
      hooks: { doubted: ({ cause }) => doubts.push(cause) },
    });
    await waiting();
    await crash();
    const receipt = await transferred;
    expect(doubts.length).toBeGreaterThan(0);
    expect(doubts[0]).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(receipt.events).toHaveLength(2);
    expect([await balanceOf(store, 'ann'), await balanceOf(store, 'bob')]).toEqual([40, 60]);
    await blocker.end().catch(() => {});
  });

  it('makes no number that comes again pass a consumer by', async () => {
    expect(await numberThatComesAgain()).toEqual({ given: ['note-again'], upTo: 'an event' });
  });

  it('would do so, as this very test would show, if a checkpoint were as far as one may read', async () => {
    await mutate(askable, schema, 'read_feed', [
      /SELECT e\.position, e\.index INTO up_to, up_to_index[^;]*;/,
      'up_to := safe; up_to_index := 9999;',
    ]);
    expect(await numberThatComesAgain()).toEqual({ given: [], upTo: 'a number that was rolled back' });
  });
});

const askable = { query: ask };

/**
 * Draws a number, rolls it back, lets a consumer read meanwhile, crashes, and appends under the same number. What is the
 * consumer given after that?
 */
async function numberThatComesAgain(): Promise<{ readonly given: readonly string[]; readonly upTo: string }> {
  for (;;) {
    await untilServing();
    const consumer = makeConsumer(store);
    // The sequence is logged 32 numbers ahead: what is drawn last before the next record is what a crash goes back to.
    const before = await ask(`SELECT last_value, log_cnt FROM ${schema}.position_sequence`);
    for (let left = before[0]!['log_cnt'] === '0' ? 33 : Number(before[0]!['log_cnt']); left > 0; left--) {
      await appended('note-filler');
    }
    const rolledBack = await makeWriter(server.url, schema);
    await rolledBack.query('BEGIN');
    await rolledBack.append(blindAppend(['note-lost']));
    await rolledBack.query('ROLLBACK');
    await rolledBack.end();
    const [{ last_value: drawn } = {}] = await ask(`SELECT last_value FROM ${schema}.position_sequence`);
    await consumer.readOn();
    const { upTo } = consumer;
    const passed = consumer.streams.length;
    await crash();
    await untilServing();
    const again = await appended('note-again');
    await consumer.readOn();
    // Had somebody flushed the log meanwhile, nothing would have been shown.
    if (Number(again.slice(0, again.indexOf('.'))) !== Number(drawn)) continue;
    return {
      given: consumer.streams.slice(passed),
      upTo: Number(upTo.slice(0, upTo.indexOf('.'))) < Number(drawn) ? 'an event' : 'a number that was rolled back',
    };
  }
}

async function appended(stream: string): Promise<Position> {
  const append = blindAppend([stream]);
  for (;;) {
    const [outcome] = await store.append([append]).catch(() => []);
    if (outcome?.kind === 'committed' || outcome?.kind === 'duplicate') return outcome.receipt.position;
  }
}

describe('a backend', () => {
  it('that is killed takes the sessions of all others with it, and this process survives', async () => {
    const idle = await makeWriter(server.url, schema);
    const blocker = await makeWriter(server.url, schema);
    await blocker.query('BEGIN');
    await blocker.append(blindAppend(['note-1']));
    const append = blindAppend(['note-1']);
    const sent = store.append([append]);
    const [pid] = await waiting();
    process.kill(pid!, 'SIGKILL');
    expect(await sent).toMatchObject([{ kind: 'unknown', error: { code: 'STORE_UNAVAILABLE' } }]);
    await untilServing();
    expect(await appended('note-2')).not.toBe(START);
    expect(kinds(await store.append([append]))).toEqual(['committed']);
    await Promise.all([idle.end(), blocker.end()].map((ending) => ending.catch(() => {})));
  });

  it('that is stopped is given up, and what it was doing is found out when it goes on', async () => {
    await using impatient = createPostgresStore({
      connectionString: server.url,
      schema,
      listen: false,
      timeouts: { answer: 100 },
    });
    const gate = makeGate({ query: ask, url: server.url });
    await mutate(askable, schema, 'append', [/IF applied THEN/, `IF applied THEN ${gate.wait}`]);
    await gate.close();
    const append = blindAppend(['note-1']);
    const sent = store.append([append]);
    const [pid] = await waiting();
    process.kill(pid!, 'SIGSTOP');
    try {
      await gate.open();
      // The stopped one holds the stream. Whoever comes now gives up, or the server does: this time it was not applied, for
      // certain, which says nothing of the first.
      expect(['unknown', 'failed']).toContain(kinds(await impatient.append([append]))[0]);
    } finally {
      process.kill(pid!, 'SIGCONT');
    }
    expect(kinds(await sent)).toEqual(['committed']);
    expect(kinds(await store.append([append]))).toEqual(['duplicate']);
  });
});

describe('a commit that waits for a standby which is not there', () => {
  beforeEach(async () => {
    await ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await ask('SELECT pg_reload_conf()');
    while ((await ask('SHOW synchronous_standby_names'))[0]!['synchronous_standby_names'] !== 'nobody');
  });
  afterEach(async () => {
    await ask('ALTER SYSTEM RESET synchronous_standby_names');
    await ask('SELECT pg_reload_conf()');
  });

  async function untilItWaits(): Promise<number> {
    for (;;) {
      const rows = await ask("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
      if (rows.length > 0) return Number(rows[0]!['pid']);
    }
  }

  it('is in doubt when the waiting is cancelled, and so is the look that finds it', async () => {
    const append = blindAppend(['note-1']);
    const sent = store.append([append]);
    await ask('SELECT pg_cancel_backend($1)', [await untilItWaits()]);
    expect(await sent).toMatchObject([{ kind: 'unknown', error: { code: 'STORE_UNAVAILABLE' } }]);
    // It is there, and perhaps nowhere else: who finds it must wait for the standby too.
    const again = store.append([append]);
    await ask('SELECT pg_cancel_backend($1)', [await untilItWaits()]);
    expect(kinds(await again)).toEqual(['unknown']);
    await ask('ALTER SYSTEM RESET synchronous_standby_names');
    await ask('SELECT pg_reload_conf()');
    expect(kinds(await store.append([append]))).toEqual(['duplicate']);
  });

  it('is in doubt as well when it is that of a hold', async () => {
    const append = blindAppend(['note-1']);
    const held = store.hold([{ stream: 'note-1' as StreamId, after: version(0), mode: 'write' }], () => [append]);
    await ask('SELECT pg_cancel_backend($1)', [await untilItWaits()]);
    expect(await held).toMatchObject([{ kind: 'unknown' }]);
  });
});

describe('a server', () => {
  it('that has no connection left makes a command wait and try again, and give up in the end', async () => {
    const taken: pg.Client[] = [];
    const none = createPostgresStore({ connectionString: server.url, schema, listen: false });
    try {
      for (;;) {
        const client = new pg.Client({ connectionString: server.url });
        client.on('error', () => {});
        try {
          await client.connect();
          taken.push(client);
        } catch (error) {
          expect(error).toMatchObject({ code: '53300' });
          break;
        }
      }
      const command = new Deposit({ account: 'cid', amount: 1 });
      const twice = { attempts: 2, delay: () => 1 };
      await expect(execute(command, none, { retry: twice })).rejects.toMatchObject({
        code: 'RETRIES_EXHAUSTED',
        cause: { code: 'STORE_UNAVAILABLE' },
      });
      const tried = Promise.withResolvers<void>();
      const waited = execute(command, none, { hooks: { retrying: () => tried.resolve() } });
      await tried.promise;
      await taken.pop()!.end();
      expect((await waited).events).toHaveLength(1);
    } finally {
      await Promise.all(taken.map((client) => client.end()));
      await none.close();
    }
  });

  it('with a prepared transaction that appended nothing goes on delivering', async () => {
    const other = await makeWriter(server.url, schema);
    await other.query(`BEGIN; CREATE TABLE ${schema}.unrelated (id int); PREPARE TRANSACTION '${schema}'`);
    const consumer = makeConsumer(store);
    await appended('note-1');
    expect(await consumer.readOn()).toEqual(['note-1']);
    await other.query(`ROLLBACK PREPARED '${schema}'`);
    await other.end();
  });
});
