import type { MemoryContext } from '@eventcore/memory';
import type { Effects } from './transactions.js';

/** What a handler can do in a transaction of the memory store. */
export const memoryEffects: Effects<MemoryContext> = {
  write: async ({ tx }, key) => tx.set('effects', key, true),
  isThere: async (store, key) => (await store.capabilities.rows!.load('effects', [key])).has(key),
};
