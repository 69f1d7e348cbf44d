/** A store for one command, on one connection of its own. */
import { createPostgresStore, type PostgresStore } from '../postgres-store.js';
import { WrongUsage } from './wrong-usage.js';

/** Of everything that is awaited: others that migrate, and an index of a long log. Who has no such patience ends the process. */
const PATIENCE = 24 * 60 * 60 * 1000;

/** @throws {@link WrongUsage} */
export function open({
  databaseUrl,
  schema,
}: {
  readonly databaseUrl: string;
  readonly schema: string;
}): PostgresStore {
  try {
    return createPostgresStore({
      connectionString: databaseUrl,
      schema,
      poolSize: 1,
      // No settings are sent that a pooler would refuse, and no limit of time among them.
      pooler: 'transaction',
      timeouts: { answer: PATIENCE },
    });
  } catch (error) {
    throw new WrongUsage((error as Error).message, { cause: error });
  }
}
