/** Forgetting what events say. */
import type { EventId, Json } from '@eventcore/core';
import type { Database } from '../connection/database.js';
import { array } from '../read/read.js';
import type { StoreStatements } from '../sql/statements.js';

/**
 * What is to be forgotten.
 *
 * @example
 * ```ts
 * import { defineStream, readStream, type EventId } from '@eventcore/core';
 * import type { PostgresStore } from '@eventcore/postgres';
 * import * as v from 'valibot';
 *
 * const Patient = defineStream('patient', {
 *   events: { Admitted: v.object({ name: v.string() }) },
 *   state: () => ({}),
 *   fold: {},
 * });
 *
 * export async function forget(owner: PostgresStore, key: string) {
 *   const events: EventId[] = [];
 *   for await (const { id } of readStream(owner, Patient.at(key))) events.push(id);
 *   await owner.erase({ events, data: { name: '[erased]' }, reason: 'request 4711' });
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
