/** Servers that restart, sessions that are ended, processes that are asked to end: consumers go on by themselves, and nothing is lost. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import { caughtUp, runConsumers, rowsOf } from '@eventcore/core/consumers';
import pg from 'pg';
import { Deposit } from '../fixtures/bank.fixture.js';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { startTestServer, type TestServer } from '../fixtures/test-server.fixture.js';
import { balances, definitions, doneBy, dueFor, REWARDED, TABLES, type Kind } from './work.fixture.js';
import { startWorker, type WorkerProcess } from './worker-process.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(120_000);

const all = { sums: 'rows', handled: 'handlers', rewards: 'reaction' } as const satisfies Record<string, Kind>;
const consumers = Object.entries(all).map(([name, kind]) => definitions[kind](name) as object);

let server: TestServer;
let store: PostgresStore;

/** On a session of its own, since others may be gone. Tried again while the server is starting. */
async function query(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  for (;;) {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text, [...values])).rows as Record<string, unknown>[];
    } catch (error) {
      if (!/starting up|shutting down|recovery|not yet accepting|terminat|ECONN|EPIPE|ENOENT/.test(String(error)))
        throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

beforeAll(async () => {
  server = await startTestServer({ durable: true, restarts: true });
  store = createPostgresStore({ connectionString: server.url });
  await store.migrate();
  await query(TABLES);
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

const start = (): WorkerProcess =>
  startWorker({
    store: { connectionString: server.url },
    consumers: all,
    options: { leaseDuration: 1000 },
    outside: server.url,
  });

let count = 0;
const deposit = async (): Promise<Position> =>
  (await execute(new Deposit({ account: `a${++count % 5}`, amount: count % 4 === 0 ? REWARDED : 1 }), store)).position;

async function allIsDone(last: Position): Promise<void> {
  await caughtUp(store, consumers, last, { timeout: 60_000 });
  for (const [name, kind] of Object.entries(all)) {
    expect([name, await doneBy(kind, name, store, { query })]).toEqual([name, await dueFor(kind, store)]);
  }
}

it('one process executes commands, another runs the consumers, and who waits for them reads what he has written', async () => {
  const worker = start();
  for (let n = 0; n < 5; n++) {
    const { position } = await execute(new Deposit({ account: 'reader', amount: 1 }), store);
    await caughtUp(store, balances('sums'), position, { timeout: 60_000 });
    expect(await rowsOf(store, balances('sums')).row('reader')).toEqual({ events: n + 1, sum: n + 1 });
  }
  await worker.end();
});

describe('while events come in', () => {
  /** Writes all the time while something happens. */
  async function writingWhile(work: () => Promise<void>): Promise<Position> {
    let over = false;
    const written = (async () => {
      let last = await deposit();
      while (!over) {
        // Whoever writes is told, or in doubt. Consumers have to do by themselves.
        last = await deposit().catch(() => last);
      }
      return last;
    })();
    await work().finally(() => (over = true));
    await written;
    return store.capabilities.head();
  }

  const interrupted = ({ phase }: { readonly phase: string }): boolean => phase === 'interrupted';

  /** Until so many more events have been handled. */
  async function handled(): Promise<void> {
    const [{ position } = {}] = await query('SELECT position FROM eventcore.events ORDER BY position DESC LIMIT 1');
    const last = `${String(position).padStart(16, '0')}.0000` as Position;
    for (const name of Object.keys(all)) {
      while (
        String(
          (await query('SELECT position FROM eventcore.checkpoints WHERE consumer = $1', [name]))[0]?.['position'],
        ) < last
      );
    }
  }

  it('all sessions are ended, time and again, and consumers go on by themselves', async () => {
    const worker = start();
    const last = await writingWhile(async () => {
      // A pool replaces what was idle without a word, so until it has hit the worker in the middle of something.
      for (let round = 0; round < 3 || !worker.told.some(interrupted); round++) {
        await handled();
        await query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1',
          ['client backend'],
        );
      }
      await handled();
    });
    await allIsDone(last);
    await worker.end();
    expect(worker.told.filter(({ phase }) => phase === 'failed')).toEqual([]);
  });

  it('the server crashes and starts again, and consumers go on by themselves', async () => {
    const worker = start();
    // In this process as well.
    const runner = runConsumers(store, consumers as readonly object[], { after: 'beginning', leaseDuration: 1000 });
    const last = await writingWhile(async () => {
      while (!worker.told.some(interrupted)) {
        await handled();
        process.kill(server.postmaster(), 'SIGKILL');
        await handled();
      }
    });
    await allIsDone(last);
    expect((await runner.status()).filter(({ state }) => state === 'failed')).toEqual([]);
    await runner.stop();
    await worker.end();
    expect(worker.told.filter(({ phase }) => phase === 'failed')).toEqual([]);
  });

  it('a process is asked to end, ends by itself, and leaves nothing undone or open', async () => {
    const last = await writingWhile(async () => {
      for (let round = 0; round < 3; round++) {
        const worker = start();
        await handled();
        await worker.end();
        expect(worker.told.at(-1)).toEqual({ phase: 'ended' });
        expect(worker.told.filter(({ phase }) => phase === 'stopped')).toHaveLength(3);
        // It has given its leases back, so nobody has to wait until they run out.
        expect(await query("SELECT FROM eventcore.leases WHERE expires_at > '-infinity'")).toEqual([]);
      }
    });
    const worker = start();
    await allIsDone(last);
    await worker.end();
  });
});
