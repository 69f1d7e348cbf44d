/** What the application's role may do, and nothing else: call the functions, and read. */
import { DefinitionError } from '@eventcore/core';
import { sql, type SchemaName } from '../sql/sql.js';

/** Nobody who wasn't named calls anything; a function that is new could be called by everybody. */
export function closeToPublic(schema: SchemaName): readonly string[] {
  return [
    sql`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`,
    sql`REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC`,
    sql`REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC`,
  ];
}

/** No INSERT: events that are written past the function `append` are skipped by consumers. */
export function grantTo(schema: SchemaName, role: string): readonly string[] {
  const name = roleName(role);
  return [
    sql`GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
    sql`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${name}`,
    sql`GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}`,
    sql`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${name}`,
  ];
}

function roleName(role: string): string {
  if (typeof role !== 'string' || role === '' || role.includes('\u0000')) {
    throw new DefinitionError(`The role ${JSON.stringify(role)} is none. Name one that exists: grantTo: ['bank_app'].`);
  }
  return `"${role.replaceAll('"', '""')}"`;
}
