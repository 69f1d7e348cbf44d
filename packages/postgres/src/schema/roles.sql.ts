/** What the application's role may do, and nothing else: call the functions that are for it, and read. */
import { DefinitionError } from '@eventcore/core';
import { forEach, sql, type SchemaName } from '../sql/sql.js';

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
    sql`REVOKE EXECUTE ON FUNCTION ${schema}.erase(uuid[], jsonb, text) FROM ${name}`,
  ];
}

/** Whether nobody but the owner may do more than that; and everybody, nothing. */
export function areRightsClosed(schema: SchemaName): string {
  return sql`NOT EXISTS (${excessiveRights(schema)})`;
}

/** Whoever has granted them, and to whomever. */
export function takeBackRights(schema: SchemaName): string {
  return forEach(excessiveRights(schema), 'REVOKE %s CASCADE');
}

/** As REVOKE names them. A right to a column is taken back with that to its table. */
function excessiveRights(schema: SchemaName): string {
  const here = sql`to_regnamespace('${schema}')`;
  return sql`SELECT format('%s ON %s FROM %s', g.privilege_type, o.name, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
    FROM (SELECT 'SCHEMA ' || quote_ident(nspname) AS name, nspowner AS owner, coalesce(nspacl, acldefault('n', nspowner)) AS acl, ARRAY['USAGE'] AS allowed
            FROM pg_namespace WHERE oid = ${here}
          UNION ALL
          SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || oid::regclass, relowner, relacl, ARRAY['SELECT', 'MAINTAIN']
            FROM pg_class WHERE relnamespace = ${here} AND relkind IN ('r', 'S')
          UNION ALL
          SELECT 'TABLE ' || c.oid::regclass, c.relowner, a.attacl, ARRAY['SELECT']
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = ${here} AND c.relkind = 'r'
          UNION ALL
          SELECT 'FUNCTION ' || oid::regprocedure, proowner, coalesce(proacl, acldefault('f', proowner)), CASE proname WHEN 'erase' THEN '{}' ELSE ARRAY['EXECUTE'] END
            FROM pg_proc WHERE pronamespace = ${here}) AS o
   CROSS JOIN LATERAL aclexplode(o.acl) AS g
   WHERE g.grantee <> o.owner AND (g.grantee = 0 OR g.privilege_type <> ALL (o.allowed))`;
}

function roleName(role: string): string {
  if (typeof role !== 'string' || role === '' || role.includes('\u0000')) {
    throw new DefinitionError(`The role ${JSON.stringify(role)} is none. Name one that exists: grantTo: ['bank_app'].`);
  }
  return `"${role.replaceAll('"', '""')}"`;
}
