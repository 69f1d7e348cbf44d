/** The in-memory store keeps the contract: as it is made by default, and with pages that end early. */
import { describe, it } from '@jest/globals';
import { createMemoryStore } from '@eventcore/memory';
import type { MemoryContext } from '@eventcore/memory';
import { eventStoreContract, type Effects, type OptionalPart } from '../index.js';

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
];
const effects: Effects<MemoryContext> = {
  write: async ({ tx }, key) => tx.set('effects', key, true),
  isThere: async (store, key) => (await store.capabilities.rows!.load('effects', [key])).has(key),
};

eventStoreContract({
  describe,
  it,
  title: 'the memory store keeps the contract',
  makeStore: async () => createMemoryStore(),
  offers,
  effects,
});

eventStoreContract({
  describe,
  it,
  title: 'the memory store keeps the contract with pages of one event',
  makeStore: async () => createMemoryStore({ pageSize: 1 }),
  offers,
  effects,
});
