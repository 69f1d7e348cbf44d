/**
 * A schema as SQL, from the server's catalogues: everything that migrating has made, in an order that doesn't depend on
 * how. Like `pg_dump --schema-only`, which the binaries that npm installs don't have, without what differs between servers.
 */
type Query = (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** `role` is the one to which the application's rights were granted. */
export async function dumpSchema(query: Query, schema: string, role: string): Promise<string> {
  const lines = async (text: string): Promise<readonly string[]> =>
    (await query(text, [schema])).map(({ line }) => `${String(line).replaceAll(role, 'application').trimEnd()};`);
  const parts = await Promise.all(PARTS.map(lines));
  return `${[[`CREATE SCHEMA ${schema};`], ...parts].flat().join('\n\n')}\n`;
}

/** Each takes the schema's name, and answers with one statement a row, without its semicolon. */
const PARTS: readonly string[] = [
  `SELECT format('CREATE SEQUENCE %s.%s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
                 schemaname, sequencename, data_type, increment_by, min_value, max_value, start_value, cache_size,
                 CASE WHEN cycle THEN ' CYCLE' ELSE ' NO CYCLE' END) AS line
     FROM pg_sequences WHERE schemaname = $1 ORDER BY sequencename`,

  `SELECT format(E'CREATE%s TABLE %s (\\n%s\\n)%s', CASE c.relpersistence WHEN 'u' THEN ' UNLOGGED' ELSE '' END, c.oid::regclass,
                 (SELECT string_agg(format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                           CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN format(' COLLATE %s', a.attcollation::regcollation) ELSE '' END,
                           CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                           CASE WHEN d.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END),
                         E',\\n' ORDER BY a.attnum)
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                 coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')) AS line
     FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' ORDER BY c.relname`,

  // From version 18 on a NOT NULL is a constraint as well. It stands with its column.
  `SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
     FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype IN ('p', 'u', 'c', 'f', 'x') ORDER BY conrelid::regclass::text, conname`,

  `SELECT pg_get_indexdef(i.indexrelid) AS line
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = $1::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY c.relname`,

  // A function whose body is checked has to come after those that it calls; they were made in such an order.
  `SELECT pg_get_functiondef(oid) AS line FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY prolang, oid`,

  `SELECT pg_get_triggerdef(t.oid) || CASE tgenabled WHEN 'O' THEN '' ELSE format(E';\\nALTER TABLE %s ENABLE %s TRIGGER %I',
            tgrelid::regclass, CASE tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE 'NOT' END, tgname) END AS line
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = $1::regnamespace AND NOT tgisinternal ORDER BY tgname`,

  `SELECT format('COMMENT ON %s %s IS %L', CASE WHEN objsubid = 0 THEN 'TABLE' ELSE 'COLUMN' END,
                 c.oid::regclass || coalesce('.' || a.attname, ''), d.description) AS line
     FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
    WHERE c.relnamespace = $1::regnamespace ORDER BY c.relname, d.objsubid`,

  // Rights, of everybody but the owner. Where nothing was ever granted or revoked, the defaults hold, as acldefault has them.
  `WITH objects AS (
     SELECT 1 AS kind, 'SCHEMA' AS word, nspname::text AS name, nspowner AS owner, coalesce(nspacl, acldefault('n', nspowner)) AS acl
       FROM pg_namespace WHERE oid = $1::regnamespace
     UNION ALL
     SELECT CASE relkind WHEN 'S' THEN 2 ELSE 3 END, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text, relowner,
            coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner))
       FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
     UNION ALL
     SELECT 4, 'FUNCTION', oid::regprocedure::text, proowner, coalesce(proacl, acldefault('f', proowner))
       FROM pg_proc WHERE pronamespace = $1::regnamespace
   )
   SELECT format('GRANT %s ON %s %s TO %s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), word, name,
                 CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) AS line
     FROM objects CROSS JOIN LATERAL aclexplode(acl) g WHERE g.grantee <> owner
    GROUP BY kind, word, name, g.grantee ORDER BY kind, name, g.grantee`,
];
