/** A store has a schema of its own, under any name that is one, and beside others. */
import { describe, expect, it } from '@jest/globals';
import { START } from '@eventcore/core';
import { blindAppend, openAppend } from '../fixtures/open-append.fixture.js';
import { createPostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();

describe('a schema', () => {
  it.each(['select', 'user', 'table', 'order', '_', 'append', 'events', `x${'1'.repeat(42)}`])(
    'may be called %s',
    async (schema) => {
      const pool = database.pool({ max: 2 });
      const store = database.store({ pool, schema });
      await store.migrate({ grantTo: ['pg_monitor'] });
      expect(await store.migrate()).toMatchObject({ statements: [] });

      const end = new AbortController();
      const hints = store.watch!(end.signal)[Symbol.asyncIterator]();
      // The first one says that somebody listens now.
      await hints.next();
      const append = blindAppend(['note-1']);
      await database.store({ pool: database.pool({ max: 1 }), schema }).append([append]);
      expect((await hints.next()).done).toBe(false);
      end.abort();
      expect((await store.readAll({ after: START, limit: 10 })).events).toMatchObject([
        { commandId: append.commandId },
      ]);
    },
  );

  it.each(['pg_catalog', 'pg_toast', 'pg_mine', 'information_schema', 'a;b', "a'b", 'a"b', 'a.b', 'ä', 'x'.repeat(44)])(
    'may not be called %s',
    (schema) => {
      expect(() => createPostgresStore({ pool: database.pool(), schema })).toThrow("can't hold a store");
    },
  );

  it.each([
    ['a table', 'CREATE TABLE shared.accounts ()', 'DROP TABLE shared.accounts'],
    [
      'a table that is called migrations',
      'CREATE TABLE shared.migrations AS SELECT 7 AS version',
      'DROP TABLE shared.migrations',
    ],
    ['a function', "CREATE FUNCTION shared.one() RETURNS int LANGUAGE sql AS 'SELECT 1'", 'DROP FUNCTION shared.one'],
    ['a type', "CREATE TYPE shared.color AS ENUM ('red')", 'DROP TYPE shared.color'],
  ])('that holds %s of somebody else is refused, and left as it is', async (_, make, drop) => {
    await database.query('CREATE SCHEMA IF NOT EXISTS shared');
    await database.query('GRANT USAGE ON SCHEMA shared TO PUBLIC');
    await database.query(make);
    const store = database.store({ pool: database.pool({ max: 1 }), schema: 'shared' });
    await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    await expect(store.migrate({ dryRun: true })).rejects.toThrow('A store needs a schema of its own');
    expect(await database.query("SELECT has_schema_privilege('public', 'shared', 'USAGE') AS open")).toEqual([
      { open: true },
    ]);
    await database.query(drop);
  });

  it('that is there and empty is taken, as one that an administrator has made for it', async () => {
    await database.query('CREATE SCHEMA made');
    await database.store({ pool: database.pool({ max: 1 }), schema: 'made' }).migrate();
    expect(await database.query('SELECT count(*) FROM made.events')).toEqual([{ count: '0' }]);
  });
});

describe('several stores in one database', () => {
  it('share nothing: no events, no locks, no checkpoints, no leases', async () => {
    const pool = database.pool({ max: 4 });
    const [one, two] = ['shop_one', 'shop_two'].map((schema) => database.store({ pool, schema }));
    await one!.migrate();
    await two!.migrate();
    const append = blindAppend(['note-1'], { expected: new Map([['note-1', 0]]) });
    // One append is under way in the first store: on the same stream, under the same command id.
    const open = await openAppend(database.url, append, 'shop_one');
    expect(await two!.append([append])).toMatchObject([{ kind: 'committed' }]);
    expect((await two!.readAll({ after: START, limit: 10 })).events).toHaveLength(1);
    await open.rollBack();
    expect((await one!.readAll({ after: START, limit: 10 })).events).toEqual([]);
    const { upTo } = await two!.readAll({ after: START, limit: 10 });
    await two!.capabilities.checkpoints.save('reader', upTo);
    expect(await one!.capabilities.checkpoints.load('reader')).toBe(START);
    expect(await two!.capabilities.leases.acquire('reader', 'me', 60_000)).toBeDefined();
    expect(await one!.capabilities.leases.acquire('reader', 'you', 60_000)).toBeDefined();
  });

  it('are migrated, and dropped, each by itself', async () => {
    const pool = database.pool({ max: 2 });
    const [kept, dropped] = ['kept', 'dropped'].map((schema) => database.store({ pool, schema }));
    await Promise.all([kept!.migrate(), dropped!.migrate()]);
    await database.query('DROP SCHEMA dropped CASCADE');
    expect(await kept!.append([blindAppend(['note-1'])])).toMatchObject([{ kind: 'committed' }]);
    expect(await dropped!.append([blindAppend(['note-1'])])).toMatchObject([
      { kind: 'failed', error: { code: 'STORE_MISCONFIGURED' } },
    ]);
  });
});
