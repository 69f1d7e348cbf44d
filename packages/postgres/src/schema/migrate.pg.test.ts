/** Migrating, and who may do what afterwards. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START } from '@eventcore/core';
import type pg from 'pg';
import { createPostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { migrations } from './migrations.js';

const database = testDatabase();
let pool: pg.Pool;

beforeAll(() => {
  pool = database.pool({ max: 16 });
});

describe('migrate', () => {
  it('is applied once by sixteen that start at once, and all of them succeed', async () => {
    const stores = Array.from({ length: 16 }, () => database.store({ pool, schema: 'sixteen' }));
    const done = await Promise.all(stores.map((store) => store.migrate()));
    expect(done.filter(({ from }) => from === 0)).toHaveLength(1);
    expect(new Set(done.map(({ to }) => to))).toEqual(new Set([migrations.length]));
    expect(await database.query('SELECT version FROM sixteen.migrations')).toHaveLength(migrations.length);
  });

  it('leaves nothing behind when it fails, and can be done again', async () => {
    const store = database.store({ pool, schema: 'failing' });
    await expect(store.migrate({ grantTo: ['nobody_of_that_name'] })).rejects.toThrow('nobody_of_that_name');
    expect(await database.query("SELECT FROM pg_namespace WHERE nspname = 'failing'")).toEqual([]);
    await store.migrate();
    expect((await store.append([blindAppend(['note-1'])]))[0]?.kind).toBe('committed');
  });

  it('only tells what it would do when it is asked to', async () => {
    const store = database.store({ pool, schema: 'told' });
    const { from, to, statements } = await store.migrate({ dryRun: true });
    expect([from, to]).toEqual([0, migrations.length]);
    expect(await database.query("SELECT FROM pg_namespace WHERE nspname = 'told'")).toEqual([]);
    for (const statement of statements) await database.query(statement);
    expect(await store.migrate()).toEqual({ from: to, to, mended: [], statements: [] });
    expect((await store.append([blindAppend(['note-1'])]))[0]?.kind).toBe('committed');
  });

  it('does nothing to a database that a later release has migrated', async () => {
    const store = database.store({ pool, schema: 'later' });
    await store.migrate();
    await database.query('INSERT INTO later.migrations (version) VALUES (1000)');
    expect(await store.migrate()).toEqual({ from: 1000, to: 1000, mended: [], statements: [] });
  });

  it('gives each store of a database a number of its own', async () => {
    const schemas = ['one', 'two', 'three'];
    await Promise.all(schemas.map((schema) => database.store({ pool, schema }).migrate()));
    const numbers = await Promise.all(
      schemas.map(async (schema) => (await database.query(`SELECT ${schema}.eventcore_store_number() AS n`))[0]?.['n']),
    );
    expect(new Set(numbers).size).toBe(3);
  });

  it('is asked for by a store that finds none, or an older one', async () => {
    const store = database.store({ pool, schema: 'missing' });
    const refused = await store
      .read({ streams: [], commands: [blindAppend([]).commandId] })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect(String(refused)).toContain('store.migrate()');
    expect(await store.append([blindAppend(['note-1'])])).toMatchObject([
      { kind: 'failed', error: { code: 'STORE_MISCONFIGURED' } },
    ]);
  });

  it('refuses names of schemas that would have to be escaped', () => {
    for (const schema of ['', 'Bank', 'a-b', 'a"b', 'x'.repeat(49), '1st']) {
      expect(() => createPostgresStore({ pool, schema })).toThrow("can't hold a store");
    }
  });
});

describe('roles', () => {
  const role = `eventcore_app_${process.pid}`;
  let application: pg.Pool;

  beforeAll(async () => {
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    await database.store({ pool, schema: 'guarded' }).migrate({ grantTo: [role] });
    application = database.pool({ max: 2, user: role, password: 'secret' });
  });
  afterAll(async () => {
    await database.query(`DROP OWNED BY ${role}`);
    await database.query(`DROP ROLE ${role}`);
  });

  it('let an application use all of a store', async () => {
    const store = database.store({ pool: application, schema: 'guarded' });
    const [outcome] = await store.append([blindAppend(['note-1'])]);
    expect(outcome?.kind).toBe('committed');
    const { events, upTo } = await store.readAll({ after: START, limit: 10 });
    const [event] = events;
    expect(event?.stream).toBe('note-1');
    const { checkpoints, leases, listing, lookup, distance } = store.capabilities;
    const lease = await leases.acquire('reader', 'me', 1000);
    await checkpoints.save('reader', upTo, lease!.fence);
    expect(await checkpoints.load('reader')).toBe(upTo);
    expect(await leases.renew('reader', lease!.fence, 1000)).toBe(true);
    await leases.release('reader', lease!.fence);
    expect(await listing.list({ prefix: '', limit: 10 })).toEqual([{ stream: 'note-1', version: 1 }]);
    expect(await lookup.byEvent(event!.id)).toEqual(event);
    expect(await distance(START, upTo)).toEqual({ events: 1, exact: true });
    const held = await store.hold([{ stream: event!.stream, after: event!.version, mode: 'write' }], () => [
      blindAppend(['note-1']),
    ]);
    expect(held[0]?.kind).toBe('committed');
  });

  it.each([
    ['INSERT', 'INSERT INTO guarded.events SELECT * FROM guarded.events'],
    ['UPDATE', "UPDATE guarded.events SET type = 'Forged'"],
    ['DELETE', 'DELETE FROM guarded.events'],
    ['TRUNCATE', 'TRUNCATE guarded.events'],
    ['setval', "SELECT setval('guarded.position_sequence', 1)"],
    ['nextval', "SELECT nextval('guarded.position_sequence')"],
    ['dropping the triggers', 'ALTER TABLE guarded.events DISABLE TRIGGER ALL'],
  ])('let no application past the functions: %s', async (_, statement) => {
    await expect(application.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('let everybody else do nothing', async () => {
    const stranger = `eventcore_stranger_${process.pid}`;
    await database.query(`CREATE ROLE ${stranger} LOGIN`);
    const store = database.store({ pool: database.pool({ max: 1, user: stranger }), schema: 'guarded' });
    expect(await store.append([blindAppend(['note-1'])])).toMatchObject([
      { kind: 'failed', error: { code: 'STORE_MISCONFIGURED' } },
    ]);
    await database.query(`DROP ROLE ${stranger}`);
  });

  it.each([
    ['UPDATE', "UPDATE guarded.events SET type = 'Forged'"],
    ['DELETE', 'DELETE FROM guarded.events'],
    ['TRUNCATE', 'TRUNCATE guarded.events'],
  ])('are not all that guards events: a superuser can not %s by accident, nor as a replica', async (_, statement) => {
    for (const replication of ['origin', 'replica']) {
      const client = await pool.connect();
      try {
        await client.query(`SET session_replication_role = ${replication}`);
        await expect(client.query(statement)).rejects.toThrow('immutable');
      } finally {
        await client.query('RESET session_replication_role');
        client.release();
      }
    }
  });
});
