/** The store keeps the contract, with two clients of one database, on pools of their own. */
import { beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import type pg from 'pg';
import { contractStores } from './contract-stores.fixture.js';
import { gates } from '../fixtures/held-commits.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const offers: readonly OptionalPart[] = [
  'hold',
  'watch',
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
const { build, holdCommits } = gates({ query: database.query, url: () => database.url });
let pool: pg.Pool;
let peers: pg.Pool;

beforeAll(() => {
  pool = database.pool({ max: 8 });
  peers = database.pool({ max: 8 });
});

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract',
  offers,
  holdCommits,
  ...contractStores(database, (peer) => ({ pool: peer ? peers : pool }), build),
});
