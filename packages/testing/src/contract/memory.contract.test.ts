/** The in-memory store keeps the contract: as it is made by default, and with pages that end early. */
import { describe, it } from '@jest/globals';
import { createMemoryStore } from '@eventcore/memory';
import { eventStoreContract, type OptionalPart } from '../index.js';
import { memoryEffects } from './consumers/memory-effects.fixture.js';

const offers: readonly OptionalPart[] = [
  'hold',
  'watch',
  'checkpoints',
  'leases',
  'rows',
  'transactions',
  'lookup',
  'listing',
  'distance',
  'head',
  'oneCommit',
];
eventStoreContract({
  describe,
  it,
  title: 'the memory store keeps the contract',
  makeStore: async () => createMemoryStore(),
  offers,
  shortLease: 20,
  effects: memoryEffects,
});

eventStoreContract({
  describe,
  it,
  title: 'the memory store keeps the contract with pages of one event',
  makeStore: async () => createMemoryStore({ pageSize: 1 }),
  offers,
  shortLease: 20,
  effects: memoryEffects,
});
