/**
 * A server whose last words come in the same chunk as what a client waits for: nobody who awaits that client can have begun to
 * listen by then, and an error that nobody listens for ends the process.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { START } from '@eventcore/core';
import { Kysely, PostgresDialect } from 'kysely';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { createPostgresStore, type Connections } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';

let leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const left of leave.reverse()) await left();
  leave = [];
});

function message(letter: string, body: string): Buffer {
  const buffer = Buffer.alloc(5 + body.length);
  buffer.write(letter, 0, 'latin1');
  buffer.writeInt32BE(4 + body.length, 1);
  buffer.write(body, 5, 'latin1');
  return buffer;
}
const READY = message('Z', 'I');
const HELLO = Buffer.concat([message('R', '\0\0\0\0'), READY]);
const DONE = Buffer.concat([message('C', 'SELECT 0\0'), READY]);
const LAST_WORDS = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

/** Answers each connection's first messages so, and ends it with the last of them. */
async function serverThatSays(...answers: readonly Buffer[]): Promise<string> {
  const server: Server = createServer((client) => {
    const left = [...answers];
    client.on('error', () => {});
    client.on('data', () => {
      const answer = left.shift();
      if (answer !== undefined) client.write(answer);
      if (left.length === 0) client.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  leave.push(async () => new Promise((resolve) => server.close(resolve)));
  return `postgres://app@127.0.0.1:${(server.address() as AddressInfo).port}/bank`;
}

function poolAt(connectionString: string, config: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString, ...config });
  leave.push(() => pool.end());
  return pool;
}

function open(connections: Connections) {
  const store = createPostgresStore(connections);
  leave.push(() => store.close());
  return store;
}

const ways: Readonly<Record<string, (url: string) => Connections>> = {
  'a connection string': (connectionString) => ({ connectionString, listen: false }),
  'a pool of the user': (url) => ({ pool: poolAt(url), listen: false }),
  'a pool of the user that does something first': (url) => ({
    pool: poolAt(url, { onConnect: () => {} }),
    listen: false,
  }),
  'a pooler': (connectionString) => ({ connectionString, pooler: 'transaction' }),
  'a Kysely': (url) => {
    const pool = poolAt(url);
    return { kysely: new Kysely({ dialect: new PostgresDialect({ pool }) }), pool };
  },
};

describe.each(Object.keys(ways))('a server that ends a connection as it becomes ready, by %s,', (way) => {
  const unavailable = { code: 'STORE_UNAVAILABLE', retriable: true };

  it('makes every call fail as unavailable, and the process goes on', async () => {
    const store = open(ways[way]!(await serverThatSays(Buffer.concat([HELLO, LAST_WORDS]))));
    const { transactions } = store.capabilities;
    await expect(store.readAll({ after: START, limit: 1 })).rejects.toMatchObject(unavailable);
    await expect(store.hold([], () => [])).rejects.toMatchObject(unavailable);
    await expect(store.migrate()).rejects.toMatchObject(unavailable);
    await expect(transactions.run(async () => Promise.reject(new Error('too far')))).rejects.toMatchObject(unavailable);
  });
});

it('an append whose connection had ended on its way was not sent', async () => {
  const store = open({ connectionString: await serverThatSays(Buffer.concat([HELLO, LAST_WORDS])), listen: false });
  await expect(store.append([blindAppend(['note-1'])])).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    cause: { code: '57P01' },
  });
});

it("a client that is older than the store, and ends as somebody else's query does, ends no process", async () => {
  const url = await serverThatSays(HELLO, DONE, Buffer.concat([DONE, LAST_WORDS]));
  const pool = poolAt(url, { max: 1 });
  await pool.query('SELECT 1');
  const store = open({ pool, listen: false });
  // The pool hands the client on in the very moment in which this query is answered.
  const queried = pool.query('SELECT 1');
  const read = store.readAll({ after: START, limit: 1 });
  await queried;
  await expect(read).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: '57P01' } });
});

it('a Kysely is refused without the pool behind it, as nobody else could listen to its clients', () => {
  const kysely = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool() }) });
  // As plain JavaScript gives it: the compiler refuses it already.
  expect(() => createPostgresStore({ kysely } as unknown as Connections)).toThrow('{ kysely, pool }');
});
