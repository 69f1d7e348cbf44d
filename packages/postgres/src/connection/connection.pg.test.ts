/** What becomes of calls when connections break, are not to be had, or take too long. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { START, version, type StreamId } from '@eventcore/core';
import { CamelCasePlugin, Kysely, ParseJSONResultsPlugin, PostgresDialect } from 'kysely';
import { inspect } from 'node:util';
import type pg from 'pg';
import { createPostgresStore, type KyselyConnections, type PostgresStore } from '../index.js';
import { lateEnough } from '../fixtures/late-enough.fixture.js';
import { blindAppend, openAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
let pool: pg.Pool;
let store: PostgresStore;

beforeAll(async () => {
  pool = database.pool({ max: 4 });
  store = database.store({ pool });
  await store.migrate();
});

/** Sessions that wait for a lock, as soon as there are any. */
async function waiting(): Promise<readonly unknown[]> {
  for (;;) {
    const rows = await database.query(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return rows.map(({ pid }) => pid);
  }
}

async function endSessions(pids: readonly unknown[]): Promise<void> {
  for (const pid of pids) await database.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
}

const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);
const query = { streams: [{ stream: 'note-1' as StreamId, after: version(0) }] };

describe('a connection that breaks', () => {
  it('leaves an append unknown, which is answered when it is sent again', async () => {
    const blocker = await openAppend(database.url, blindAppend(['note-1']));
    const append = blindAppend(['note-1']);
    const sent = store.append([append, blindAppend(['note-2'])]);
    await endSessions(await waiting());
    const outcomes = await sent;
    expect(outcomes).toMatchObject([
      { kind: 'unknown', error: { code: 'STORE_UNAVAILABLE', retriable: true } },
      { kind: 'unknown' },
    ]);
    await blocker.rollBack();
    expect(kinds(await store.append([append]))).toEqual(['committed']);
    expect(kinds(await store.append([append]))).toEqual(['duplicate']);
  });

  it('ends a hold as failed before its commit was sent, and lets go of the streams', async () => {
    const outcomes = await store.hold([{ stream: 'note-3' as StreamId, after: version(0), mode: 'write' }], () => {
      return [blindAppend(['note-3'], { expected: new Map([['note-3', 0]]) })];
    });
    expect(kinds(outcomes)).toEqual(['committed']);
    const blocker = await openAppend(database.url, blindAppend(['note-3']));
    const holding = store.hold([{ stream: 'note-3' as StreamId, after: version(1), mode: 'write' }], () => [
      blindAppend(['note-3']),
    ]);
    const ended = expect(holding).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await endSessions(await waiting());
    await ended;
    await blocker.rollBack();
    expect(kinds(await store.append([blindAppend(['note-3'])]))).toEqual(['committed']);
  });

  it('while nobody uses it is replaced', async () => {
    await store.read(query);
    const idle = await database.query(
      'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await endSessions(idle.map(({ pid }) => pid));
    // The pool may hear of it only when it hands one out.
    await store.read(query).catch(() => undefined);
    expect((await store.read(query)).pages).toHaveLength(1);
  });
});

describe('a caller who waits no longer', () => {
  it('is in doubt at once when the append was sent, and the append goes on', async () => {
    const blocker = await openAppend(database.url, blindAppend(['note-4']));
    const append = blindAppend(['note-4']);
    const end = new AbortController();
    const sent = store.append([append], { signal: end.signal });
    await waiting();
    end.abort(new Error('enough'));
    expect(await sent).toMatchObject([{ kind: 'unknown', error: { code: 'ABORTED' } }]);
    await blocker.commit();
    expect(kinds(await store.append([append]))).toEqual(['duplicate']);
  });

  it('is in doubt at his deadline', async () => {
    const blocker = await openAppend(database.url, blindAppend(['note-5']));
    const outcomes = await lateEnough((deadline) => store.append([blindAppend(['note-5'])], { deadline }));
    expect(outcomes).toMatchObject([{ kind: 'unknown', error: { code: 'DEADLINE_EXCEEDED' } }]);
    await blocker.rollBack();
  });

  it('is told that nothing was sent while he waited for a connection', async () => {
    const small = database.pool({ max: 1 });
    const busy = await small.connect();
    const one = database.store({ pool: small });
    await expect(one.append([blindAppend(['note-6'])], { deadline: Date.now() + 50 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    busy.release();
    // The connection that came too late has gone back to the pool.
    expect(kinds(await one.append([blindAppend(['note-6'])]))).toEqual(['committed']);
  });
});

describe('limits of the store', () => {
  it('end the waiting for a connection that never comes free', async () => {
    const small = database.pool({ max: 1 });
    const busy = await small.connect();
    const one = database.store({ pool: small, timeouts: { connect: 50 } });
    await expect(one.append([blindAppend(['note-7'])])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(one.readAll({ after: START, limit: 1 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    busy.release();
    expect((await one.read(query)).pages).toHaveLength(1);
  });

  it('end the waiting for an answer, and give the connection up', async () => {
    const impatient = database.store({ pool, timeouts: { answer: 50 } });
    const blocker = await openAppend(database.url, blindAppend(['note-8']));
    expect(await impatient.append([blindAppend(['note-8'])])).toMatchObject([
      { kind: 'unknown', error: { code: 'STORE_UNAVAILABLE' } },
    ]);
    await blocker.rollBack();
  });

  it('end the waiting for a connection through a Kysely as well, and nothing is sent late', async () => {
    const small = database.pool({ max: 1 });
    const busy = await small.connect();
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: small }) });
    const one = database.store({ kysely, pool: small, timeouts: { connect: 50 } });
    const append = blindAppend(['note-10']);
    await expect(one.append([append])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    busy.release();
    expect(kinds(await one.append([append]))).toEqual(['committed']);
  });

  it.each([0, -1, Number.NaN, Infinity, 2 ** 31])('are times that a timer can be set for, which %d is not', (time) => {
    for (const name of ['connect', 'answer', 'idle', 'hold']) {
      expect(() => createPostgresStore({ pool, timeouts: { [name]: time } })).toThrow(`timeouts.${name} is ${time}`);
    }
  });

  it('end a hold whose process says nothing any more, so that others go on', async () => {
    const brief = database.store({ pool, timeouts: { hold: 50 } });
    const held = brief.hold([{ stream: 'note-9' as StreamId, after: version(0), mode: 'write' }], () => {
      // What a process looks like that is paused in the middle of its decision.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
      return [blindAppend(['note-9'])];
    });
    expect(await held).toMatchObject([{ kind: 'failed', error: { code: 'STORE_UNAVAILABLE' } }]);
  });
});

describe('a server that is not there', () => {
  it('makes every call fail as unavailable, and sends nothing', async () => {
    await using nowhere = createPostgresStore({ connectionString: 'postgres://app:hunter2@localhost:1/bank' });
    await expect(nowhere.append([blindAppend(['note-1'])])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(nowhere.read(query)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(nowhere.migrate()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('never brings the password to light', async () => {
    const strings = [
      'postgres://app:hunter2@localhost:1/bank',
      database.url.replace(/\/\/[^/?]*/, '//nobody_of_that_name:hunter2@localhost'),
      'postgres://app:hunter2@host name:1/bank',
      'app:hunter2@localhost',
    ];
    for (const connectionString of strings) {
      const shown: unknown[] = [];
      try {
        await using secret = createPostgresStore({ connectionString });
        shown.push(secret);
        await secret.append([blindAppend(['note-1'])]).then(
          (outcomes) => shown.push(outcomes),
          (error) => shown.push(error),
        );
        await secret.read(query).catch((error: unknown) => shown.push(error));
      } catch (error) {
        shown.push(error);
      }
      expect(shown.length).toBeGreaterThan(0);
      for (const value of shown) {
        expect(inspect(value, { depth: 20, showHidden: true })).not.toContain('hunter2');
        expect(JSON.stringify(value) ?? '').not.toContain('hunter2');
        expect(String((value as Error).stack)).not.toContain('hunter2');
      }
    }
  });
});

describe("a Kysely's plugins", () => {
  it('do not touch what the store is answered', async () => {
    const plugins = [new ParseJSONResultsPlugin(), new CamelCasePlugin()];
    const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }), plugins });
    const plugged = database.store({ kysely, pool });
    const append = blindAppend(['note-11']);
    expect(kinds(await plugged.append([append]))).toEqual(['committed']);
    expect(kinds(await plugged.append([append]))).toEqual(['duplicate']);
    const { pages } = await plugged.read({ streams: [{ stream: 'note-11' as StreamId, after: version(0) }] });
    expect(pages[0]!.events).toHaveLength(1);
  });
});

it('an answer that was changed on its way leaves an append unknown, since it was carried out', async () => {
  const connection = { executeQuery: async () => ({ rows: [{ answer: 'garbled' } as never] }) };
  const garbling: KyselyConnections = {
    withoutPlugins: () => garbling,
    connection: () => ({ execute: (work) => work(connection) }),
    transaction: () => garbling.transaction(),
  };
  const garbled = database.store({ kysely: garbling, pool: 'none' });
  expect(kinds(await garbled.append([blindAppend(['note-12'])]))).toEqual(['unknown']);
});

describe('a watch', () => {
  it('is refused at once where its connection string is none, and not tried for ever', () => {
    expect(() => createPostgresStore({ pool, listen: 'app:hunter2@localhost' })).toThrow(
      'The connection string is none',
    );
  });

  it('hears what another process appends, also after its connection was lost', async () => {
    const end = new AbortController();
    const watcher = store.watch!(end.signal)[Symbol.asyncIterator]();
    const other = database.store({ pool: database.pool({ max: 1 }) });
    const listening = async (): Promise<readonly unknown[]> => {
      for (;;) {
        const rows = await database.query(
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        );
        if (rows.length > 0) return rows.map(({ pid }) => pid);
      }
    };
    await listening();
    // The first hint says only that somebody listens now.
    await watcher.next();
    await other.append([blindAppend(['note-1'])]);
    expect((await watcher.next()).done).toBe(false);
    await endSessions(await listening());
    await listening();
    await watcher.next();
    await other.append([blindAppend(['note-1'])]);
    expect((await watcher.next()).done).toBe(false);
    end.abort();
    expect((await watcher.next()).done).toBe(true);
  });
});
