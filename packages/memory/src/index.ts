export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from './memory-store.js';
export type { MemoryContext, MemoryTransaction } from './transaction.js';
