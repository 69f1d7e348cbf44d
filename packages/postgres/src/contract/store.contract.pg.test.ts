/** The store keeps the contract, with two clients of one database, on pools of their own; one of them behind what can lose replies. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import type pg from 'pg';
import { contractStores } from './contract-stores.fixture.js';
import { noSessionLeft } from './sessions.fixture.js';
import { startProxy, type Proxy } from '../fixtures/proxy.fixture.js';
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
  'oneCommit',
  'rows',
  'transactions',
];

const database = testDatabase();
const { build, holdCommits } = gates({ query: database.query, url: () => database.url });
let proxy: Proxy;
let pool: pg.Pool;
let peers: pg.Pool;

beforeAll(async () => {
  proxy = await startProxy(database.url);
  pool = database.pool({ max: 8, connectionString: proxy.url, application_name: 'contract' });
  peers = database.pool({ max: 8, application_name: 'contract' });
});
afterAll(() => proxy.close());

async function loseReply(): Promise<void> {
  proxy.onCall = (name) => {
    if (name !== 'append') return undefined;
    proxy.onCall = () => undefined;
    return 'cutAfter';
  };
}

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract',
  offers,
  shortLease: 20,
  holdCommits,
  loseReply,
  ...contractStores(database, (peer) => ({ pool: peer ? peers : pool }), {
    build,
    idle: () => noSessionLeft(database, 'contract', [pool, peers]),
  }),
});
