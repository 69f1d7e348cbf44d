/** A database of its own for each test file, on the server that jest's global setup has started. */
import { afterAll, beforeAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './index.js';

export interface TestDatabase {
  readonly url: string;
  /** A pool that is ended with the database; of another user, if one is named. */
  readonly pool: (config?: pg.PoolConfig) => pg.Pool;
  /** A store that is closed before its pool is ended. */
  readonly store: (options: PostgresStoreOptions) => PostgresStore;
  /** As the superuser. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
}

/** Made before the tests of a file, and dropped after them. */
export function testDatabase(): TestDatabase {
  const name = `eventcore_test_${randomBytes(6).toString('hex')}`;
  const pools: pg.Pool[] = [];
  const stores: PostgresStore[] = [];
  const url = (): string => withDatabase(serverUrl(), name);
  const make = ({ user, password, ...config }: pg.PoolConfig = {}): pg.Pool => {
    // What the string says goes before what stands beside it.
    const connectionString = user === undefined ? url() : withUser(url(), `${user}:${String(password ?? '')}`);
    const pool = new pg.Pool({ connectionString, ...config });
    pools.push(pool);
    return pool;
  };
  let admin: pg.Pool;

  beforeAll(async () => {
    await onServer(`CREATE DATABASE ${name}`);
    admin = make({ max: 2 });
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await Promise.all(pools.map((pool) => pool.end()));
    // Not by force: the server waits for connections that are being closed, and a connection that leaked is found here.
    await onServer(`DROP DATABASE ${name}`);
  });

  return {
    get url() {
      return url();
    },
    pool: make,
    store(options) {
      const store = createPostgresStore(options);
      stores.push(store);
      return store;
    },
    query: async (text, values = []) => (await admin.query(text, [...values])).rows as Record<string, unknown>[],
  };
}

function serverUrl(): string {
  const url = process.env['EVENTCORE_TEST_SERVER'];
  if (url === undefined) throw new Error('No server was started. Tests that need one are called x.pg.test.ts.');
  return url;
}

function withDatabase(url: string, name: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`);
}

function withUser(url: string, user: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/)([^@/]*@)?/, `$1${user}@`);
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
