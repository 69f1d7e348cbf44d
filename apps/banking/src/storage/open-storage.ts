/** Where events are kept: in memory, so far. */
import { createMemoryStore } from '@eventcore/memory';
import type { BankStore } from '../bank.js';
import { Metadata } from '../metadata.js';

export interface Storage {
  readonly name: string;
  readonly store: BankStore;
}

export async function openStorage(): Promise<Storage> {
  return { name: 'memory', store: createMemoryStore({ metadata: Metadata }) };
}
