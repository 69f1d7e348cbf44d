/** Events in a database that they weren't written to: restored from a dump, or copied without their sequence. */
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { makeConsumer, type Consumer } from '../fixtures/consumer.fixture.js';
import { makeWriter } from '../fixtures/writer.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const source = testDatabase();
const target = testDatabase();
let stores = 0;
let schema: string;
let original: PostgresStore;
let consumer: Consumer;

/** What the consumer was given before the move; numbers were rolled back, and an old server has come far. */
const known = ['note-1', 'note-2'];

beforeEach(async () => {
  schema = `restored_${++stores}`;
  original = source.store({ pool: source.pool({ max: 2 }), schema, listen: false });
  await original.migrate();
  const rolledBack = await makeWriter(source.url, schema);
  for (const stream of known) {
    await rolledBack.query('BEGIN');
    await rolledBack.append(blindAppend(['note-lost']));
    await rolledBack.query('ROLLBACK');
    await original.append([blindAppend([stream])]);
  }
  await rolledBack.end();
  // It goes on in the other database from where it was here.
  consumer = makeConsumer({ ...original, readAll: (query, call) => current.readAll(query, call) });
  current = original;
  await consumer.readOn();
  expect(consumer.streams).toEqual(known);
  await original.append([blindAppend(['note-3'])]);
});
let current: PostgresStore;

const restored = (): PostgresStore => target.store({ pool: target.pool({ max: 2 }), schema, listen: false });

/** By `pg_dump` and `psql`, where the server has brought them along; the binaries that npm installs have not. */
async function dumpAndRestore(): Promise<boolean> {
  const [{ setting } = {}] = await source.query("SELECT setting FROM pg_config() WHERE name = 'BINDIR'");
  const [dump, psql] = ['pg_dump', 'psql'].map((program) => join(String(setting), program));
  if (!existsSync(dump!) || !existsSync(psql!)) return false;
  const text = execFileSync(dump!, ['--schema', schema, '--no-owner', '--dbname', source.url], {
    maxBuffer: 1e8,
  });
  execFileSync(psql!, ['--quiet', '--set', 'ON_ERROR_STOP=1', '--dbname', target.url], {
    input: text,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return true;
}

/** What a dump does, by hand: the schema, the rows, and, unless it is left out, where the sequence stands. */
async function copy(withSequence: boolean): Promise<void> {
  await restored().migrate();
  for (const table of ['events', 'checkpoints', 'leases']) {
    const rows = await source.query(`SELECT to_jsonb(t)::text AS row FROM ${schema}.${table} t`);
    await target.query(
      `INSERT INTO ${schema}.${table} SELECT r.* FROM unnest($1::text[]) AS u(row)
         CROSS JOIN LATERAL jsonb_populate_record(NULL::${schema}.${table}, u.row::jsonb) AS r`,
      [rows.map(({ row }) => row)],
    );
  }
  if (!withSequence) return;
  const [sequence] = await source.query(`SELECT last_value, is_called FROM ${schema}.position_sequence`);
  await target.query(`SELECT setval('${schema}.position_sequence', $1, $2)`, [
    sequence?.['last_value'],
    sequence?.['is_called'],
  ]);
}

/** What an application does after the move. */
async function goOn(): Promise<readonly string[]> {
  current = restored();
  expect(await current.append([blindAppend(['note-1'])])).toMatchObject([
    { kind: 'committed', receipt: { events: [{ version: 2 }] } },
  ]);
  await consumer.readOn();
  return consumer.streams.slice(known.length);
}

describe('a consumer goes on from where it was, and is given all that comes', () => {
  it('in a database that was restored from a dump', async () => {
    if (!(await dumpAndRestore())) await copy(true);
    expect(await goOn()).toEqual(['note-3', 'note-1']);
  });

  it('in one that events were copied to without their sequence, once it is migrated', async () => {
    await copy(false);
    await restored().migrate();
    expect(await goOn()).toEqual(['note-3', 'note-1']);
  });

  it('and in no other: where the sequence is behind, appends are refused, also those that would find a gap', async () => {
    await copy(false);
    const [first] = await target.query(`SELECT min(position) FROM ${schema}.events`);
    expect(Number(first?.['min'])).toBe(2);
    expect(await restored().append([blindAppend(['note-1'])])).toMatchObject([
      { kind: 'failed', error: { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('store.migrate()') } },
    ]);
  });
});
