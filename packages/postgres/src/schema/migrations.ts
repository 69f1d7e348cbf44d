/**
 * What was changed, step by step, and only ever forward. A step that was released is never edited.
 *
 * Steps make tables and indexes. Functions and triggers are not part of one: whenever a database has come to a new version, all
 * of them are created anew, as they stand in their files. One whose arguments or answers change gets a new name, and the old
 * one stays for a release, since processes of both releases run side by side while one is replaced by the other.
 */
import type { SchemaName } from '../sql/sql.js';
import { tables } from './tables.sql.js';

export const migrations: readonly ((schema: SchemaName) => readonly string[])[] = [
  // 1
  (schema) => tables(schema),
];
