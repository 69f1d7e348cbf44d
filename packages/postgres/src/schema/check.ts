/** Whether a database is as this release needs it, for whoever only wants to know. */
import type { Database, Run } from '../connection/database.js';
import { fallenGuards } from './guards.js';
import { currentVersion } from './migrate.js';
import { migrations } from './migrations.js';
import type { SchemaName } from '../sql/sql.js';

/**
 * How a database stands. It is as it should be when `version` is `needed` and nothing has fallen.
 *
 * @example
 * ```ts
 * import type { SchemaCheck } from '@eventcore/postgres';
 *
 * export const isWell = ({ version, needed, fallen }: SchemaCheck): boolean => version === needed && fallen.length === 0;
 * ```
 */
export interface SchemaCheck {
  /** The version that the database has; 0: there is no store. */
  readonly version: number;
  /** The version that this release needs. */
  readonly needed: number;
  /** What no longer stands of what the store rests on, in words. `migrate` mends it. Nothing is known of other versions' guards. */
  readonly fallen: readonly string[];
}

export async function checkSchema(database: Database, schema: SchemaName): Promise<SchemaCheck> {
  const run: Run = (statement, values) => database.run(statement, values);
  const version = await currentVersion(run, schema);
  const needed = migrations.length;
  const fallen = version === needed ? await fallenGuards(run, schema) : [];
  return { version, needed, fallen: fallen.map(({ name }) => name) };
}
