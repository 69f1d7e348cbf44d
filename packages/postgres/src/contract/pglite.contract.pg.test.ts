/**
 * The store keeps the contract on PGlite, as far as one session can show it: a peer is another client in the same process,
 * and nothing really races. No commit can be held back either (`holdCommits`), since whoever would let go of it, or look
 * at the feed meanwhile, would need a second session.
 */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { eventStoreContract, type OptionalPart } from '@eventcore/testing';
import { contractStores } from './contract-stores.fixture.js';

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

let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
}, 60_000);
afterAll(() => pglite.close());

eventStoreContract({
  describe,
  it,
  title: 'the PostgreSQL store keeps the contract on PGlite',
  offers,
  shortLease: 20,
  racers: 40,
  ...contractStores(
    { query: async (text, values) => (await pglite.query<Record<string, unknown>>(text, [...(values ?? [])])).rows },
    () => ({
      pglite,
    }),
  ),
});
