/** The store keeps the contract through a Kysely that the user has made. */
import { beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import { Kysely, PostgresDialect } from 'kysely';
import { contractStores } from './contract-stores.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const offers: readonly OptionalPart[] = [
  'hold',
  'checkpoints',
  'leases',
  'lookup',
  'listing',
  'distance',
  'head',
  'rows',
  'transactions',
];

const database = testDatabase();
let kysely: Kysely<{ readonly accounts: { readonly id: string } }>;

beforeAll(() => {
  kysely = new Kysely({ dialect: new PostgresDialect({ pool: database.pool({ max: 8 }) }) });
});

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract through Kysely',
  offers,
  ...contractStores(database, () => ({ kysely })),
});
