/**
 * Measures how fast read models are built anew: `npm run bench:consumers -- 200000`, with the number of events.
 *
 * The same read model three ways, in memory and on PostgreSQL: by hand, with the feed read in pages, folded into a map and
 * written by one statement a page; by `rebuild`; and by a projection whose handler writes each event by itself.
 */
import { START, systemRuntime, type EventStore, type Position } from '@eventcore/core';
import { defineProjection, defineReadModel, rebuild } from '@eventcore/core/consumers';
import { prepareAppend } from '@eventcore/core/store';
import { createMemoryStore, type MemoryContext } from '@eventcore/memory';
import { createPostgresStore, type PostgresContext } from '@eventcore/postgres';
import pg from 'pg';
import { Account } from '../library/account.js';
import { serverOf } from '../postgres/server.js';

const ACCOUNTS = 10_000;
const EVENTS = Number(process.argv[2] ?? 200_000);
const PAGE = 2000;
const TURNS = 3;

interface Tables {
  readonly bench_balances: { readonly account: string; readonly balance: number };
}

const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
  MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
});

const InTransaction = defineProjection<PostgresContext<Tables>>('handled').on(Account, {
  MoneyDeposited: async ({ stream, data }, { tx }) => {
    await tx
      .insertInto('bench_balances')
      .values({ account: stream, balance: data.amount })
      .onConflict((conflict) =>
        conflict
          .column('account')
          .doUpdateSet(({ eb, ref }) => ({ balance: eb('bench_balances.balance', '+', ref('excluded.balance')) })),
      )
      .execute();
  },
});

const InMemory = defineProjection<MemoryContext>('handled').on(Account, {
  MoneyDeposited: async ({ stream, data }, { tx }) => {
    const balance = Number((await tx.get('handled', stream)) ?? 0);
    tx.set('handled', stream, balance + data.amount);
  },
});

console.log(
  `${EVENTS.toLocaleString('en')} events on ${ACCOUNTS.toLocaleString('en')} accounts, medians of ${TURNS} turns\n`,
);
await inMemory();
await onPostgres();

async function inMemory(): Promise<void> {
  const store = createMemoryStore();
  await populate(store);
  console.log('In memory');
  await measure('read model', () => drain(rebuild(store, Balances)));
  await measure('handlers', () => drain(rebuild(store, InMemory, { reset: 'nothing' })));
  await store.close();
}

async function onPostgres(): Promise<void> {
  const server = await serverOf();
  const pool = new pg.Pool({ connectionString: server.url });
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    console.log(`\nPostgreSQL ${rows[0]!.server_version}`);
    await pool.query('DROP SCHEMA IF EXISTS bench_consumers CASCADE');
    const store = createPostgresStore({ pool, schema: 'bench_consumers' });
    await store.migrate();
    await populate(store);
    await pool.query('CREATE TABLE IF NOT EXISTS bench_balances (account text PRIMARY KEY, balance bigint NOT NULL)');
    await pool.query('VACUUM ANALYZE');
    await measure('by hand', async () => {
      await pool.query('DELETE FROM bench_balances');
      await byHand(store, pool);
    });
    await measure('read model', () => drain(rebuild(store, Balances)));
    await measure('handlers', () =>
      drain(rebuild(store, InTransaction, { reset: ({ tx }) => tx.deleteFrom('bench_balances').execute() })),
    );
    await store.close();
    await pool.query('DROP SCHEMA bench_consumers CASCADE; DROP TABLE bench_balances');
  } finally {
    await pool.end();
    await server.stop();
  }
}

/** What somebody would write who has read model, checkpoint and events in one database, and knows about batches. */
async function byHand(store: EventStore, pool: pg.Pool): Promise<void> {
  for (let after: Position = START; ;) {
    const { events, upTo } = await store.readAll({ after, filter: { streamPrefixes: ['account-'] }, limit: PAGE });
    if (upTo === after) return;
    const keys = [...new Set(events.map(({ stream }) => stream))];
    const found = await pool.query<{ account: string; balance: string }>(
      'SELECT account, balance FROM bench_balances WHERE account = ANY ($1)',
      [keys],
    );
    const balances = new Map(found.rows.map(({ account, balance }) => [account, Number(balance)]));
    for (const { stream, data } of events) {
      balances.set(stream, (balances.get(stream) ?? 0) + (data as { readonly amount: number }).amount);
    }
    await pool.query(
      'INSERT INTO bench_balances SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT (account) DO UPDATE SET balance = excluded.balance',
      [keys, keys.map((key) => balances.get(key))],
    );
    after = upTo;
  }
}

/** Deposits, spread over the accounts so that each page touches many of them. */
async function populate(store: EventStore): Promise<void> {
  const perAppend = 500;
  for (let first = 0; first < EVENTS; first += perAppend * 4) {
    const appends = [0, 1, 2, 3].map((nth) => {
      const from = first + nth * perAppend;
      const events = Array.from({ length: perAppend }, (_, index) => ({
        id: systemRuntime.uuid(),
        stream: `account-${((from + index) * 7919) % ACCOUNTS}`,
        type: 'MoneyDeposited',
        data: { amount: 5 },
      }));
      const expected = new Map(events.map(({ stream }) => [stream, 'any'] as const));
      return prepareAppend({ commandId: systemRuntime.uuid(), fingerprint: 'bench', expected, events });
    });
    await store.append(appends);
  }
}

async function drain(progress: AsyncIterable<unknown>): Promise<void> {
  for await (const step of progress) void step;
}

async function measure(name: string, work: () => Promise<void>): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const began = performance.now();
    await work();
    // The first one is to warm up.
    if (turn > 0) times.push(performance.now() - began);
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
  const rate = (EVENTS / median) * 1000;
  console.log(
    `  ${name.padEnd(12)} ${rate.toLocaleString('en', { maximumSignificantDigits: 3 }).padStart(10)} events/s`,
  );
}
