/** The store keeps the contract, with two clients of one database, on pools of their own. */
import { beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import type pg from 'pg';
import { createPostgresStore } from './index.js';
import { testDatabase } from './test-database.fixture.js';

const offers: readonly OptionalPart[] = ['hold', 'watch', 'checkpoints', 'leases', 'lookup', 'listing', 'distance'];

const database = testDatabase();
const schemas = new WeakMap<object, string>();
let count = 0;
let pools: readonly [pg.Pool, pg.Pool];

beforeAll(() => {
  pools = [database.pool({ max: 8 }), database.pool({ max: 8 })];
});

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract',
  offers,
  async makeStore() {
    const schema = `store_${++count}`;
    const store = createPostgresStore({ pool: pools[0], schema });
    await store.migrate();
    schemas.set(store, schema);
    return store;
  },
  makePeer: async (store) => createPostgresStore({ pool: pools[1], schema: schemas.get(store)! }),
});
