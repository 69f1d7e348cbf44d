/** Where events are kept: in this process's memory, in a folder, or in PostgreSQL. */
import { createMemoryStore } from '@eventcore/memory';
import { createPostgresStore } from '@eventcore/postgres';
import * as path from 'node:path';
import type { BankStore } from '../bank.js';
import { Metadata } from '../metadata.js';
import { openPGliteFolder } from './pglite-folder.js';

export interface Storage {
  /** As people call it. */
  readonly name: string;
  readonly store: BankStore;
  /** Where this process may keep things of its own; undefined where nothing lasts, or others share it. */
  readonly folder?: string;
  readonly close: () => Promise<void>;
}

const FOLDER = path.resolve(import.meta.dirname, '../../.data/bank');

/**
 * `STORAGE` is `memory`, `pglite` or `postgres`. Unless it is given, a `DATABASE_URL` means PostgreSQL, and else it is PGlite
 * in the folder `BANK_DATA`.
 */
export async function openStorage(env: NodeJS.ProcessEnv): Promise<Storage> {
  const url = env['DATABASE_URL'] || undefined;
  const kind = env['STORAGE'] || (url === undefined ? 'pglite' : 'postgres');
  switch (kind) {
    case 'memory': {
      const store = createMemoryStore({ metadata: Metadata });
      return { name: 'memory', store, close: () => store.close() };
    }
    case 'pglite':
      return inFolder(path.resolve(env['BANK_DATA'] || FOLDER));
    case 'postgres':
      if (url === undefined) throw new Error('STORAGE is postgres, and no DATABASE_URL says where it is.');
      return inPostgres(url);
    default:
      throw new Error(`STORAGE is "${kind}", and may be memory, pglite or postgres.`);
  }
}

async function inFolder(folder: string): Promise<Storage> {
  const { pglite, close } = await openPGliteFolder(folder);
  const store = createPostgresStore({ pglite, metadata: Metadata });
  await store.migrate();
  return {
    name: 'PGlite',
    store,
    folder,
    close: async () => {
      await store.close();
      await close();
    },
  };
}

/** Any number of processes may migrate at once. */
async function inPostgres(connectionString: string): Promise<Storage> {
  const store = createPostgresStore({ connectionString, metadata: Metadata });
  try {
    await store.migrate();
  } catch (error) {
    await store.close();
    throw error;
  }
  return { name: 'PostgreSQL', store, close: () => store.close() };
}
