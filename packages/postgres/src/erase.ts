/** Forgetting what events say. */
import type { EventId, Json } from '@eventcore/core';
import type { Database } from './connection/database.js';
import { array } from './read.js';
import type { StoreStatements } from './statements.js';

/**
 * What is to be forgotten.
 *
 * @example
 * ```ts
 * import type { PostgresStore } from '@eventcore/postgres';
 *
 * export async function forget(owner: PostgresStore, stream: string) {
 *   const events = [];
 *   for (let after = ''; ; ) {
 *     const page = await owner.readAll({ after: after as never, filter: { streams: [stream as never] }, limit: 500 });
 *     events.push(...page.events.map(({ id }) => id));
 *     if (page.upTo === after) break;
 *     after = page.upTo;
 *   }
 *   await owner.erase({ events, data: { owner: '[erased]' }, reason: 'request 4711' });
 * }
 * ```
 */
export interface Erasure {
  readonly events: readonly EventId[];
  /** What the data of each of them is from now on. Folds and handlers have to be able to read it. */
  readonly data: Json;
  /** For the log. It says nothing of what was erased. */
  readonly reason: string;
}

export async function eraseEvents(
  database: Database,
  statements: StoreStatements,
  { events, data, reason }: Erasure,
): Promise<void> {
  await database.run(statements.erase, [array(events), JSON.stringify(data), reason]);
}
