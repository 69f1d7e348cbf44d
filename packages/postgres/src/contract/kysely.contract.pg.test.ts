/** The store keeps the contract through a Kysely that the user has made, and with its own limits turned down. */
import { beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { contractStores } from './contract-stores.fixture.js';
import { noSessionLeft } from './sessions.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const offers: readonly OptionalPart[] = [
  'hold',
  'checkpoints',
  'leases',
  'lookup',
  'listing',
  'distance',
  'head',
  'oneCommit',
  'rows',
  'transactions',
];

const database = testDatabase();
let pool: pg.Pool;
let kysely: Kysely<{ readonly accounts: { readonly id: string } }>;

beforeAll(() => {
  pool = database.pool({ max: 8, application_name: 'contract' });
  kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });
});

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract through Kysely',
  offers,
  shortLease: 20,
  ...contractStores(database, () => ({ kysely, pool, pageSize: 20, pageBytes: 2_000 }), {
    idle: () => noSessionLeft(database, 'contract', [pool]),
  }),
});
