/** What the server refuses for its own reasons: timeouts, plans that no longer fit, settings of roles; and nested calls. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute, version, type EventStore, type StreamId } from '@eventcore/core';
import type pg from 'pg';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { balanceOf, Deposit, Transfer } from '../fixtures/bank.fixture.js';
import { startProxy, type Proxy } from '../fixtures/proxy.fixture.js';
import { makeWriter } from '../fixtures/writer.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
let schema: string;
let store: PostgresStore;
let pool: pg.Pool;
let stores = 0;

beforeAll(() => {
  pool = database.pool({ max: 4 });
});
beforeEach(async () => {
  schema = `refusals_${++stores}`;
  store = database.store({ pool, schema, listen: false });
  await store.migrate();
});

const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);
const note = 'note-1' as StreamId;

describe('a timeout of the server', () => {
  it.each(['statement_timeout', 'lock_timeout'])(
    'that ends an append is a failure that may pass: %s',
    async (setting) => {
      const strict = database.pool({ max: 1, options: `-c ${setting}=50` });
      let discarded = 0;
      strict.on('remove', () => (discarded += 1));
      const impatient = database.store({ pool: strict, schema, listen: false });
      const blocker = await makeWriter(database.url, schema);
      await blocker.query('BEGIN');
      await blocker.append(blindAppend([note]));
      const append = blindAppend([note]);
      expect(await impatient.append([append, blindAppend(['note-2'])])).toMatchObject([
        { kind: 'failed', error: { code: 'STORE_UNAVAILABLE', retriable: true } },
        { kind: 'failed' },
      ]);
      await expect(
        impatient.hold([{ stream: note, after: version(0), mode: 'write' }], () => [append]),
      ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
      // Its connection is discarded each time, whatever state it was left in.
      while (discarded < 2) await new Promise((resolve) => setImmediate(resolve));
      await blocker.query('ROLLBACK');
      await blocker.end();
      expect(kinds(await impatient.append([append]))).toEqual(['committed']);
    },
  );

  it('that ends a command is tried again until it is done', async () => {
    const strict = database.pool({ max: 1, options: '-c lock_timeout=20' });
    const impatient = database.store({ pool: strict, schema, listen: false });
    const blocker = await makeWriter(database.url, schema);
    await blocker.query('BEGIN');
    await blocker.append(blindAppend(['account-ann']));
    const retried = Promise.withResolvers<void>();
    const deposited = execute(new Deposit({ account: 'ann', amount: 5 }), impatient, {
      hooks: { retrying: () => retried.resolve() },
    });
    await retried.promise;
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect((await deposited).attempts).toBeGreaterThan(1);
    expect(await balanceOf(store, 'ann')).toBe(5);
  });
});

describe('a doubt that meets a server that refuses for good', () => {
  const role = `eventcore_doubt_${process.pid}`;
  beforeAll(() => database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`));
  afterAll(async () => {
    await database.query(`DROP OWNED BY ${role}`);
    await database.query(`DROP ROLE ${role}`);
  });

  it.each([
    ['rights were taken away', () => `REVOKE USAGE ON SCHEMA ${schema} FROM ${role}`],
    ['the schema is gone', () => `ALTER SCHEMA ${schema} RENAME TO ${schema}_gone`],
  ])('ends as indeterminate, and is not sent again and again: %s', async (_, change) => {
    await store.migrate({ grantTo: [role] });
    const proxy = await startProxy(database.url.replace(/\/\/[^/?]*/, `//${role}:secret@localhost`));
    await using own = createPostgresStore({ connectionString: proxy.url, schema, listen: false });
    let sent = 0;
    const refusing: EventStore = {
      ...own,
      append: async (appends, call) => {
        sent += 1;
        proxy.onCall = (name) => (name === 'append' && sent === 1 ? 'cutAfter' : undefined);
        const outcomes = await own.append(appends, call);
        if (sent === 1) await database.query(change());
        return outcomes;
      },
    };
    await expect(execute(new Deposit({ account: 'ann', amount: 5 }), refusing)).rejects.toMatchObject({
      code: 'INDETERMINATE',
      cause: { code: 'STORE_MISCONFIGURED' },
    });
    expect(sent).toBe(2);
    await proxy.close();
  });
});

describe('a plan that a session keeps', () => {
  it('and that no longer fits is made anew, on every connection of the pool, and nothing is applied twice', async () => {
    const many = database.pool({ max: 12 });
    const busy = database.store({ pool: many, schema, listen: false });
    await execute(new Deposit({ account: 'ann', amount: 100 }), busy);
    // Every connection has a plan.
    const gate = await makeWriter(database.url, schema);
    await gate.query('BEGIN');
    await gate.append(blindAppend([note]));
    const waiting = Array.from({ length: 12 }, () => busy.append([blindAppend([note])]));
    const blocked = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await database.query(blocked)).length < 12);
    await gate.query('COMMIT');
    await gate.end();
    await Promise.all(waiting);
    await changeAnswers('append');
    await changeAnswers('read_feed');
    const noRetry = { attempts: 1, delay: () => 0 };
    for (let n = 0; n < 12; n++) {
      await execute(new Transfer({ from: 'ann', to: 'bob', amount: 1 }), busy, { retry: noRetry });
    }
    expect([await balanceOf(busy, 'ann'), await balanceOf(busy, 'bob')]).toEqual([88, 12]);
  });

  /** The same function, whose answer is of another type: sessions that have planned a call of it refuse to go on. */
  async function changeAnswers(name: string): Promise<void> {
    const [row] = await database.query(
      `SELECT pg_get_functiondef(p.oid) AS definition, p.oid::regprocedure::text AS signature FROM pg_proc p
        WHERE p.pronamespace = $1::regnamespace AND p.proname = $2`,
      [schema, name],
    );
    const definition = String(row?.['definition']);
    await database.query(`DROP FUNCTION ${String(row?.['signature'])}`);
    await database.query(
      definition.replace(/RETURNS text/, 'RETURNS varchar').replace(/OUT records text/, 'OUT records varchar'),
    );
  }
});

describe('a call within another one', () => {
  it('that needs the only connection ends, and the outer one goes on', async () => {
    const single = database.pool({ max: 1 });
    const narrow = database.store({ pool: single, schema, listen: false, timeouts: { connect: 50 } });
    let inner: Promise<unknown> | undefined;
    const outcomes = await narrow.hold([{ stream: note, after: version(0), mode: 'write' }], () => {
      inner = narrow.append([blindAppend(['note-2'])]);
      inner.catch(() => {});
      return [blindAppend([note])];
    });
    expect(kinds(outcomes)).toEqual(['committed']);
    expect(['committed', 'STORE_UNAVAILABLE']).toContain(
      await inner!.then(
        (ended) => kinds(ended as readonly { readonly kind: string }[])[0],
        ({ code }: { readonly code: string }) => code,
      ),
    );
    const client = await single.connect();
    await expect(
      execute(new Deposit({ account: 'ann', amount: 1 }), narrow, { retry: { attempts: 2, delay: () => 1 } }),
    ).rejects.toMatchObject({
      code: 'RETRIES_EXHAUSTED',
    });
    client.release();
    await execute(new Deposit({ account: 'ann', amount: 1 }), narrow);
  });
});

describe('sixteen that migrate at once', () => {
  it('go on when some of them are killed, and one of them does the work', async () => {
    const fresh = `refusals_${++stores}`;
    const gate = await makeWriter(database.url, schema);
    await gate.query('BEGIN; SELECT pg_advisory_xact_lock(7305804402566624353)');
    const migrating = Array.from({ length: 16 }, () =>
      database.store({ pool: database.pool({ max: 1, application_name: 'migrating' }), schema: fresh, listen: false }),
    );
    const migrated = Promise.allSettled(migrating.map((one) => one.migrate()));
    const waiting = `SELECT pid FROM pg_stat_activity WHERE application_name = 'migrating' AND wait_event_type = 'Lock'`;
    while ((await database.query(waiting)).length < 16);
    for (const { pid } of (await database.query(waiting)).slice(0, 5)) {
      await database.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
    }
    await gate.query('COMMIT');
    await gate.end();
    const ends = await migrated;
    const done = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(done).toHaveLength(11);
    expect(done.filter(({ from }) => from === 0)).toHaveLength(1);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
    }
    for (const one of migrating) expect(await one.migrate()).toMatchObject({ from: 1, statements: [] });
  });
});

describe('a role', () => {
  const role = `eventcore_faults_${process.pid}`;

  it('that defaults to another isolation level and to commits that may be lost changes nothing', async () => {
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    try {
      await store.migrate({ grantTo: [role] });
      await database.query(`ALTER ROLE ${role} SET default_transaction_isolation = 'repeatable read'`);
      await database.query(`ALTER ROLE ${role} SET synchronous_commit = 'off'`);
      await database.query(`CREATE TABLE ${schema}.seen (settings text)`);
      await database.query(`CREATE FUNCTION ${schema}.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN INSERT INTO ${schema}.seen VALUES (current_setting('transaction_isolation') || ', ' || current_setting('synchronous_commit')); RETURN NULL; END $$`);
      await database.query(
        `CREATE TRIGGER see AFTER INSERT ON ${schema}.events FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.see()`,
      );
      const connectionString = database.url.replace(/\/\/[^/?]*/, `//${role}:secret@localhost`);
      await using own = createPostgresStore({ connectionString, schema, listen: false });
      await execute(new Deposit({ account: 'ann', amount: 1 }), own);
      await own.hold([{ stream: note, after: version(0), mode: 'write' }], () => [blindAppend([note])]);
      expect(await database.query(`SELECT DISTINCT settings FROM ${schema}.seen`)).toEqual([
        { settings: 'read committed, on' },
      ]);
    } finally {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  });

  /** An append whose last message never comes; and how it ends. */
  async function stopped(proxy: Proxy): Promise<{ readonly end: Promise<string> }> {
    proxy.onCall = (name) => (name === 'append' ? 'freeze' : undefined);
    const writer = await makeWriter(proxy.url, schema);
    const append = writer.append(blindAppend([`note-${writer.pid}`]));
    const told = append.then(
      ({ kind }) => kind as string,
      () => 'ended',
    );
    const waiting = `SELECT FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.pid = $1 AND a.state = 'active'
      AND a.wait_event_type = 'Client' AND l.locktype = 'advisory'`;
    while ((await database.query(waiting, [writer.pid])).length === 0);
    const end = told.then(async (kind) => {
      await writer.end();
      return kind;
    });
    return { end };
  }

  it('that may only call the functions ends what has stopped of its own, and nothing of others', async () => {
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    const connectionString = database.url.replace(/\/\/[^/?]*/, `//${role}:secret@localhost`);
    try {
      await store.migrate({ grantTo: [role] });
      // Who may see what others do may not end it all the same.
      await database.query(`GRANT pg_read_all_stats TO ${role}`);
      const proxies = [await startProxy(connectionString), await startProxy(database.url)];
      const ends = await Promise.all(proxies.map(stopped));
      const application = database.pool({ max: 1, user: role, password: 'secret' });
      const ended = `SELECT ${schema}.end_stalled('0', '') AS ended`;
      expect((await application.query(ended)).rows).toEqual([{ ended: '1' }]);
      for (const proxy of proxies) proxy.thaw();
      expect(await Promise.all(ends.map(({ end }) => end))).toEqual(['ended', 'committed']);
      await Promise.all(proxies.map((proxy) => proxy.close()));
    } finally {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
    }
  });
});
