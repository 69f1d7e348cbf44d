/**
 * SQL in TypeScript files, so that it is published, bundled and found like any other code: nothing has to copy `.sql` files
 * into `dist`, and no application that bundles its dependencies has to be told of them.
 *
 * A file `x.sql.ts` holds one function of the database, and beside it stands `x.ts` with the few lines that call it.
 */
import { DefinitionError } from '@eventcore/core';

/** A schema's name, quoted and ready to be put into SQL. */
export type SchemaName = string & { readonly __quoted: 'schema' };

/** Marks SQL for editors and takes backslashes as they are. */
export const sql = String.raw;

/** Runs a statement for each answer of a query, which stands in it as `%s`. */
export function forEach(query: string, statement: string): string {
  return sql`DO $mend$ DECLARE found text; BEGIN
  FOR found IN ${query} LOOP EXECUTE format('${statement}', found); END LOOP;
END $mend$`;
}

/** In bytes: a name has 63 at most, and those of the channel and of statements, `"schema".take_lease_over/1`, are longer than the schema's. */
const LONGEST_SCHEMA = 43;

/** @throws `DefinitionError` for a name that would have to be escaped in more places than one, or that is PostgreSQL's own. */
export function schemaName(name: string): SchemaName {
  const theServers = /^(pg_.*|information_schema)$/;
  if (
    typeof name !== 'string' ||
    !/^[a-z_][a-z0-9_]*$/.test(name) ||
    theServers.test(name) ||
    name.length > LONGEST_SCHEMA
  ) {
    throw new DefinitionError(
      `The schema ${JSON.stringify(name)} can't hold a store: its name has to match [a-z_][a-z0-9_]*, with ${LONGEST_SCHEMA} characters at most, and not be one of PostgreSQL's own.`,
    );
  }
  return `"${name}"` as SchemaName;
}

/** The separator of lists that travel as one text. Ids, names and JSON never hold it: control characters are refused or escaped. */
export const SEPARATOR = '\u001f';
