/** Appending against a real server: what only several sessions, or somebody else's settings and triggers, can show. */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { blindAppend, openAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
let pool: pg.Pool;
let store: PostgresStore;
let schema: string;
let stores = 0;

beforeAll(() => {
  pool = database.pool({ max: 8 });
});
beforeEach(async () => {
  schema = `append_${++stores}`;
  store = database.store({ pool, schema });
  await store.migrate();
});

const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);

describe('an append', () => {
  it('waits for another one under its id that names other streams, and is its duplicate', async () => {
    const first = blindAppend(['note-1']);
    const other = blindAppend(['note-2'], { commandId: first.commandId });
    const zombie = await openAppend(database.url, first, schema);
    const waiting = store.append([other]);
    await untilWaiting(1);
    await zombie.commit();
    expect(kinds(await waiting)).toEqual(['duplicate']);
  });

  it('is applied when the other one under its id is rolled back', async () => {
    const first = blindAppend(['note-1']);
    const other = blindAppend(['note-2'], { commandId: first.commandId });
    const zombie = await openAppend(database.url, first, schema);
    const waiting = store.append([other]);
    await untilWaiting(1);
    await zombie.rollBack();
    expect(kinds(await waiting)).toEqual(['committed']);
  });

  it('is never in a deadlock, in whatever order it names its streams, even if all of them have one lock or another', async () => {
    await database.query(
      `CREATE OR REPLACE FUNCTION ${schema}.stream_key(id text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (hashtext(id) & 1)::bigint | (1::bigint << 62) $$`,
    );
    // Pairs, so that the order of ids, or that of the caller, takes the two locks in both orders.
    const stream = (n: number): string => `note-${n % 8}`;
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, n) => store.append([blindAppend([stream(n), stream(n + 1 + (n % 7))])])),
    );
    expect(new Set(kinds(outcomes.flat()))).toEqual(new Set(['committed']));
  });

  it('fails for a trigger of the user that refuses it, and its neighbours go on', async () => {
    await refuseBy('P0001');
    const outcomes = await store.append([
      blindAppend(['note-1']),
      blindAppend(['forbidden-1']),
      blindAppend(['note-2'], { expected: new Map([['note-2', 0]]) }),
    ]);
    expect(kinds(outcomes)).toEqual(['committed', 'failed', 'committed']);
    expect(outcomes[1]).toMatchObject({ error: { code: 'DATABASE_REFUSAL', retriable: false } });
  });

  it('takes no unique violation of a table of the user for a conflict or for its own', async () => {
    await database.query(
      `CREATE SCHEMA users; CREATE TABLE users.events (name text CONSTRAINT events_command_id_key PRIMARY KEY)`,
    );
    await onInsert(`INSERT INTO users.events VALUES ('same'); RETURN NULL;`);
    expect(kinds(await store.append([blindAppend(['note-1'])]))).toEqual(['committed']);
    expect(await store.append([blindAppend(['note-2'])])).toMatchObject([
      { kind: 'failed', error: { code: 'DATABASE_REFUSAL' } },
    ]);
  });

  it('is in doubt when its commit comes with a warning, as one does that no standby has confirmed', async () => {
    // Told apart by nothing but its code, which plain warnings have as well; they cost a second look, and no more.
    await onInsert(`RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL;`);
    const append = blindAppend(['note-1']);
    expect(await store.append([append])).toMatchObject([{ kind: 'unknown', error: { code: 'STORE_UNAVAILABLE' } }]);
    expect(kinds(await store.append([append]))).toEqual(['duplicate']);
  });

  it('is durable where a role has switched that off', async () => {
    await database.query(`CREATE TABLE ${schema}.seen (setting text)`);
    await onInsert(`INSERT INTO ${schema}.seen VALUES (current_setting('synchronous_commit')); RETURN NULL;`);
    const careless = database.pool({ max: 1, options: '-c synchronous_commit=off' });
    await database.store({ pool: careless, schema }).append([blindAppend(['note-1'])]);
    expect(await database.query(`SELECT setting FROM ${schema}.seen`)).toEqual([{ setting: 'on' }]);
  });

  it('is refused on a connection whose transactions are not READ COMMITTED, which the message says', async () => {
    const repeatable = database.pool({ max: 1, options: '-c default_transaction_isolation=repeatable\\ read' });
    const outcomes = await database.store({ pool: repeatable, schema }).append([blindAppend(['note-1'])]);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'STORE_MISCONFIGURED', retriable: false } }]);
    expect(String((outcomes[0] as { error: unknown }).error)).toContain('READ COMMITTED');
  });

  it('is not refused on a pool of its own, whatever the database defaults to', async () => {
    await database.query(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET default_transaction_isolation = 'serializable'`,
    );
    await using own = createPostgresStore({ connectionString: database.url, schema });
    expect(kinds(await own.append([blindAppend(['note-1'])]))).toEqual(['committed']);
    await database.query(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} RESET default_transaction_isolation`,
    );
  });

  it('says that the sequence is behind after a restore without it, and migrating sets that right', async () => {
    await store.append([blindAppend(['note-1'])]);
    await database.query(`ALTER SEQUENCE ${schema}.position_sequence RESTART`);
    const append = blindAppend(['note-2']);
    const outcomes = await store.append([append]);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'STORE_UNAVAILABLE' } }]);
    expect(String((outcomes[0] as { error: unknown }).error)).toContain('store.migrate()');
    await database.query(`ALTER SEQUENCE ${schema}.position_sequence RESTART`);
    await store.migrate();
    expect(kinds(await store.append([append]))).toEqual(['committed']);
  });
});

/** Sessions that wait for another one. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const rows = await database.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length >= count) return;
  }
}

async function onInsert(body: string, level = 'STATEMENT'): Promise<void> {
  await database.query(
    `CREATE FUNCTION ${schema}.users_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ${body} END $$`,
  );
  await database.query(
    `CREATE TRIGGER users_own AFTER INSERT ON ${schema}.events FOR EACH ${level} EXECUTE FUNCTION ${schema}.users_own()`,
  );
}

async function refuseBy(state: string): Promise<void> {
  const body = `IF NEW.stream_id LIKE 'forbidden-%' THEN RAISE EXCEPTION 'not here' USING ERRCODE = '${state}'; END IF; RETURN NULL;`;
  await onInsert(body, 'ROW');
}
