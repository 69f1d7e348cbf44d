/** A bank in memory with its API, for tests of what has nothing to do with storage. */
import { createMemoryStore } from '@eventcore/memory';
import { Bank, type BankStore } from '../bank.js';
import { Metadata } from '../metadata.js';
import { createApp } from './app.js';
import type { App } from './client.fixture.js';

export interface MemoryBank extends AsyncDisposable {
  readonly bank: Bank;
  readonly app: App;
  readonly close: () => Promise<void>;
}

interface Otherwise {
  /** Makes the store behave otherwise. */
  readonly change?: (store: BankStore) => BankStore;
  readonly isReady?: () => boolean;
}

export async function memoryBank({ change = (store) => store, ...options }: Otherwise = {}): Promise<MemoryBank> {
  const store = createMemoryStore({ metadata: Metadata });
  const bank = new Bank(change(store));
  const app = await createApp(bank, { secret: 'known to the test', storage: 'memory', ...options });
  const close = async (): Promise<void> => {
    await bank.close();
    await store.close();
  };
  return { bank, app, close, [Symbol.asyncDispose]: close };
}
