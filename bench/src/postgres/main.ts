/**
 * Measures the PostgreSQL store against the same SQL called by hand: `npm run bench:postgres -- transfer`.
 *
 * On a server of its own with fsync on, or the one at DATABASE_URL, in a schema for each contestant. The contestants take
 * turns of some seconds; what is compared is wall time, since callers wait for the server and its disk.
 */
import { execute, load, type EventStore } from '@eventcore/core';
import { createPostgresStore } from '@eventcore/postgres';
import pg from 'pg';
import { Account } from '../library/account.js';
import { OpenAccount } from '../library/classes.js';
import { BareStore } from './bare-store.js';
import { serverOf } from './server.js';
import { run, type Figures } from './turns.js';
import { workloads, type Workload } from './workloads.js';

const TURNS = 3;
const POOL = 16;
const DEPOSIT = 1_000_000;

interface Contestant {
  readonly name: string;
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly perform: (turn: number) => Promise<unknown>;
}

const given = process.argv.slice(2);
const chosen = workloads.filter(({ name }) => given.length === 0 || given.includes(name));
if (chosen.length < given.length) {
  console.error(`There are the cases ${workloads.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const server = await serverOf();
try {
  const [version] = (await query(server.url, 'SHOW server_version')) as { server_version: string }[];
  console.log(`PostgreSQL ${version!.server_version}, Node.js ${process.version}, medians of ${TURNS} turns each\n`);
  for (const workload of chosen) await measure(workload, server.url);
} finally {
  await server.stop();
}

async function measure(workload: Workload, url: string): Promise<void> {
  const { name, work, callers, unit = { name: 'commands', perCommand: 1 } } = workload;
  console.log(`${name}: ${work}`);
  console.log(line('', 'callers', `${unit.name}/s`, 'p50 ms', 'p99 ms', '× by hand'));
  const contestants = [await contestant('hand', workload, url), await contestant('library', workload, url)];
  for (const count of callers) {
    const figures: Figures[][] = contestants.map(() => []);
    for (let turn = -1; turn < TURNS; turn++) {
      for (const [index, { perform }] of contestants.entries()) {
        const result = await run(perform, count);
        // The first turn of each is to warm up.
        if (turn >= 0) figures[index]!.push(result);
      }
    }
    const medians = figures.map(median);
    for (const [index, { rate, p50, p99 }] of medians.entries()) {
      const ratio = index === 0 ? '' : (rate / medians[0]!.rate).toFixed(2);
      const label = index === 0 ? 'by hand' : 'execute';
      console.log(line(label, String(count), digits(rate * unit.perCommand), p50.toFixed(2), p99.toFixed(2), ratio));
    }
  }
  for (const { store, pool, name: schema } of contestants) {
    if (name.includes('transfer') || name.includes('hot')) await checkMoney(store, workload);
    await store.close();
    await pool.query(`DROP SCHEMA bench_${schema} CASCADE`);
    await pool.end();
  }
  console.log();
}

async function contestant(name: string, workload: Workload, url: string): Promise<Contestant> {
  const schema = `bench_${name}`;
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  const store = createPostgresStore({ pool, schema });
  await store.migrate();
  for (let first = 1; first <= workload.accounts; first += 100) {
    const last = Math.min(first + 99, workload.accounts);
    const opening = Array.from({ length: last - first + 1 }, (_, index) =>
      open(store, String(first + index), workload),
    );
    await Promise.all(opening);
  }
  await pool.query(`VACUUM ANALYZE ${schema}.events`);
  const bare = new BareStore(pool, schema);
  const perform =
    name === 'hand' ? (turn: number) => workload.byHand(bare, turn) : (turn: number) => workload.byLibrary(store, turn);
  return { name, pool, store, perform };
}

async function open(store: EventStore, account: string, { events }: Workload): Promise<void> {
  await execute(new OpenAccount({ account, owner: account, deposits: Array<number>(events - 1).fill(DEPOSIT) }), store);
}

/** Transfers neither make money nor lose it. */
async function checkMoney(store: EventStore, { accounts, events }: Workload): Promise<void> {
  let total = 0;
  for (let n = 1; n <= accounts; n++) total += (await load(store, Account.at(String(n)))).balance;
  const expected = accounts * (events - 1) * DEPOSIT;
  if (total !== expected) throw new Error(`There was ${expected} before, and now there is ${total}.`);
}

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as readonly unknown[];
}

function median(figures: readonly Figures[]): Figures {
  const middle = (of: (figure: Figures) => number): number =>
    figures.map(of).toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;
  return { rate: middle(({ rate }) => rate), p50: middle(({ p50 }) => p50), p99: middle(({ p99 }) => p99) };
}

function line(label: string, ...cells: readonly string[]): string {
  return `  ${label.padEnd(10)}${cells.map((cell) => cell.padStart(12)).join('')}`.trimEnd();
}

function digits(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
