/**
 * Connections that end behind any one of their messages, from the first on: each run is cut one message later than the run
 * before, until none of its messages is left to be cut at.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execute, START, version, type Position, type StreamId } from '@eventcore/core';
import type { Append } from '@eventcore/core/store';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { createPostgresStore, type Connections, type PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { balanceOf, Deposit, Transfer } from '../fixtures/bank.fixture.js';
import { startProxy, type Ending, type Proxy } from '../fixtures/proxy.fixture.js';

const database = testDatabase();
let proxy: Proxy;
let connectionString: string;
/** Past the proxy. */
let direct: PostgresStore;

beforeAll(async () => {
  proxy = await startProxy(database.url);
  connectionString = `${proxy.url}&application_name=cut`;
  direct = database.store({ pool: database.pool({ max: 2 }), listen: false });
  await direct.migrate();
  await database.query('CREATE TABLE noted (consumer text)');
});
afterAll(() => proxy.close());
afterEach(() => {
  proxy.onMessage = () => undefined;
});

const endings: readonly Ending[] = ['cut', 'lastWords'];

/** One connection ends so, behind as many messages. Tells whether it has. */
function endBehind(last: number, ending: Ending): () => boolean {
  let passed = 0;
  let ended = false;
  proxy.onMessage = () => {
    if (ended || passed++ < last) return undefined;
    ended = true;
    return ending;
  };
  return () => ended;
}

/** Each way to a server that has clients of `pg` behind it, through the proxy, with connections that are new. */
const ways: Readonly<Record<string, (pool: pg.Pool) => Connections>> = {
  'a connection string': () => ({ connectionString, poolSize: 1, listen: false }),
  'a pool': (pool) => ({ pool, listen: false }),
  'a Kysely': (pool) => ({ kysely: new Kysely({ dialect: new PostgresDialect({ pool }) }), pool }),
};

/**
 * Does something again and again, each time with a store of its own and a connection that ends, `step` messages later than the
 * time before; and looks at what came of it when the server has ended the session as well, with all that was on its way to it.
 */
async function cutBehindEach<Result>(
  [way, ending]: readonly [string, Ending],
  act: (store: PostgresStore) => Promise<Result>,
  look: (result: Result) => Promise<void>,
  { step = 1, schema = 'eventcore' }: { readonly step?: number; readonly schema?: string } = {},
): Promise<number> {
  for (let last = 0; ; last += step) {
    const hasEnded = endBehind(last, ending);
    const pool = new pg.Pool({ connectionString, max: 1 });
    const store = createPostgresStore({ ...ways[way]!(pool), schema });
    const result = await act(store);
    await store.close();
    await pool.end();
    while ((await database.query("SELECT FROM pg_stat_activity WHERE application_name = 'cut'")).length > 0);
    await look(result);
    if (!hasEnded()) return last;
  }
}

/** What a call came to; one that failed has to have been one that may be made again. */
async function endOf<Result>(call: Promise<Result>): Promise<Result | undefined> {
  return call.catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
    return undefined;
  });
}

for (const way of Object.keys(ways)) {
  describe(`through ${way}, wherever the connection ends,`, () => {
    it.each(endings)('a command is applied once: %s', async (ending) => {
      const [from, to] = [`${way}-${ending}-from`, `${way}-${ending}-to`];
      await execute(new Deposit({ account: from, amount: 1000 }), direct);
      let applied = 0;
      const cuts = await cutBehindEach(
        [way, ending],
        (store) => execute(new Transfer({ from, to, amount: 1 }), store),
        async () => {
          applied += 1;
          expect([await balanceOf(direct, from), await balanceOf(direct, to)]).toEqual([1000 - applied, applied]);
        },
      );
      // Those with which a connection begins, those of a read, and those of an append.
      expect(cuts).toBeGreaterThan(30);
    });

    it.each(endings)('a hold tells the truth of what it was to write, or is in doubt: %s', async (ending) => {
      const stream = `note-${way}-${ending}` as StreamId;
      let append: Append;
      const cuts = await cutBehindEach(
        [way, ending],
        (store) => {
          append = blindAppend([stream]);
          return endOf(store.hold([{ stream, after: version(0), mode: 'write' }], () => [append]));
        },
        async (outcomes) => {
          const kind = outcomes?.[0]?.kind ?? 'failed';
          const { recorded } = await direct.read({ streams: [], commands: [append.commandId] });
          if (kind !== 'unknown') expect(kind).toBe(recorded[0] === undefined ? 'failed' : 'committed');
        },
      );
      expect(cuts).toBeGreaterThan(30);
    });

    it.each(endings)('what a handler writes is there exactly if the checkpoint has moved: %s', async (ending) => {
      const consumer = `${way} ${ending}`;
      let from: Position = START;
      let to: Position = START;
      let moved = 0;
      const cuts = await cutBehindEach(
        [way, ending],
        async (store) => {
          await direct.append([blindAppend(['note-any'])]);
          to = (await direct.capabilities.head()) ?? START;
          const handled = store.capabilities.transactions.run(async ({ tx }) => {
            await tx.insertInto('noted').values({ consumer }).execute();
            return { consumer, from, to };
          });
          return endOf(handled.then(() => true));
        },
        async (isDone = false) => {
          const now = await direct.capabilities.checkpoints.load(consumer);
          expect(isDone ? [to] : [from, to]).toContain(now);
          if (now === to) moved += 1;
          expect(await database.query('SELECT FROM noted WHERE consumer = $1', [consumer])).toHaveLength(moved);
          from = now;
        },
      );
      expect(cuts).toBeGreaterThan(30);
    });

    it('migrating is done, or has left nothing behind', async () => {
      const schema = `cut_${way.replaceAll(/\W/g, '_').toLowerCase()}`;
      await cutBehindEach(
        [way, 'lastWords'],
        (store) => endOf(store.migrate()),
        async (migration) => {
          const tables = `SELECT FROM pg_class WHERE relnamespace = to_regnamespace('${schema}') AND relname = 'events'`;
          if (migration !== undefined) expect(await database.query(tables)).toHaveLength(1);
          await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
        },
        // It has many messages, all of a kind.
        { schema, step: 29 },
      );
    });
  });
}

it('whoever listens hears again, wherever the connection that listens ends', async () => {
  for (let last = 0; ; last++) {
    const hasEnded = endBehind(last, 'lastWords');
    const pool = database.pool({ max: 1 });
    await using store = createPostgresStore({ pool, listen: connectionString });
    const end = new AbortController();
    const hints = store.watch!(end.signal)[Symbol.asyncIterator]();
    // It says that somebody listens now.
    await hints.next();
    await direct.append([blindAppend(['note-heard'])]);
    await hints.next();
    end.abort();
    if (!hasEnded()) break;
  }
});
