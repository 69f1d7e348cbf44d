/**
 * Empty stores for the contract suite, one after the other, all in one schema.
 *
 * A schema for each of the three hundred tests would take ten times as long: not for the tables, but since every session
 * would have to compile and plan the functions of every schema. So what a test has called off, and what is under way on the
 * server nevertheless, has to be over before the next one begins.
 */
import type { EventStore } from '@eventcore/core';
import type { Effects, StoreContract } from '@eventcore/testing';
import { createPostgresStore, type PostgresContext, type PostgresStore, type PostgresStoreOptions } from '../index.js';
import type { TestDatabase } from '../fixtures/test-database.fixture.js';

interface Tables {
  readonly effects: { readonly key: string };
}

interface Surroundings {
  /** What else the tests need of the schema is built once. */
  readonly build?: () => Promise<void>;
  /** Whether the server has nothing left to do for clients that have left. */
  readonly idle?: () => Promise<boolean>;
}

/** `connections` are those of a store, and of its peer. */
export function contractStores(
  { query }: Pick<TestDatabase, 'query'>,
  connections: (peer: boolean) => PostgresStoreOptions,
  { build = async () => {}, idle = async () => true }: Surroundings = {},
): Required<Pick<StoreContract, 'makeStore' | 'makePeer'>> & { readonly effects: Effects<PostgresContext<Tables>> } {
  let ready: Promise<unknown> | undefined;

  async function prepare(store: PostgresStore): Promise<void> {
    await store.migrate();
    await query('CREATE TABLE effects (key text PRIMARY KEY)');
    await query('GRANT ALL ON effects TO PUBLIC');
    // What keeps events from being deleted has tests of its own.
    await query('ALTER TABLE eventcore.events DISABLE TRIGGER events_are_immutable');
    await build();
  }

  return {
    async makeStore(): Promise<EventStore> {
      const store = createPostgresStore(connections(false));
      await (ready ??= prepare(store));
      while (!(await idle()));
      // Not TRUNCATE, which would make every session plan anew.
      for (const table of ['events', 'checkpoints', 'leases', 'rows']) await query(`DELETE FROM eventcore.${table}`);
      await query('DELETE FROM effects');
      return store;
    },
    effects: {
      write: ({ tx }, key) => tx.insertInto('effects').values({ key }).execute(),
      isThere: async (_, key) => (await query('SELECT FROM effects WHERE key = $1', [key])).length > 0,
    },
    makePeer: async () => createPostgresStore(connections(true)),
  };
}
