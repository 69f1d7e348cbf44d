/**
 * Empty stores for the contract suite, one after the other, all in one schema.
 *
 * A schema for each of the three hundred tests would take ten times as long: not for the tables, but since every session
 * would have to compile and plan the functions of every schema.
 */
import type { EventStore } from '@eventcore/core';
import type { StoreContract } from '@eventcore/testing';
import { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './index.js';
import type { TestDatabase } from './test-database.fixture.js';

/** `connections` are those of a store, and of its peer. */
export function contractStores(
  { query }: Pick<TestDatabase, 'query'>,
  connections: (peer: boolean) => PostgresStoreOptions,
): Required<Pick<StoreContract, 'makeStore' | 'makePeer'>> {
  let ready: Promise<unknown> | undefined;

  async function prepare(store: PostgresStore): Promise<void> {
    await store.migrate();
    // What keeps events from being deleted has tests of its own.
    await query('ALTER TABLE eventcore.events DISABLE TRIGGER events_are_immutable');
  }

  return {
    async makeStore(): Promise<EventStore> {
      const store = createPostgresStore(connections(false));
      await (ready ??= prepare(store));
      // Not TRUNCATE, which would make every session plan anew.
      for (const table of ['events', 'checkpoints', 'leases']) await query(`DELETE FROM eventcore.${table}`);
      return store;
    },
    makePeer: async () => createPostgresStore(connections(true)),
  };
}
