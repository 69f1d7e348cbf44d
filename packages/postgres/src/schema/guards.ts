/**
 * What the store rests on in a database, and what somebody may have weakened there, meaning it or not: a trigger that was
 * enabled again as an ordinary one, an index that was dropped for a bulk load, a right that was granted.
 *
 * A guard is known by how it looks in the server's catalogues, which everybody may read. Whoever is the owner mends those that
 * have fallen.
 */
import type { Row, Run } from '../connection/database.js';
import { functions } from './functions.js';
import { guardTriggers } from './immutable.sql.js';
import { areRightsClosed, closeToPublic, takeBackRights } from './roles.sql.js';
import { forEach, sql, type SchemaName } from '../sql/sql.js';

export interface Guard {
  /** What it is, for people: `the trigger events_are_immutable`. */
  readonly name: string;
  /** What sets it up, whatever is there. */
  readonly statements: readonly string[];
}

/** Those that don't stand. @throws `CallFailed` where there is no such schema. */
export async function fallenGuards(run: Run, schema: SchemaName): Promise<readonly Guard[]> {
  const fallen = await fallenFunctions(run, schema);
  const structure = structuralGuards(schema);
  const columns = structure.map(({ stands }, index) => sql`(${stands})::text AS stands_${String(index)}`);
  const [stands = []] = await run({ text: sql`SELECT ${columns.join(', ')}` }, []);
  return [...fallen, ...structure.filter((_, index) => stands[index] !== 'true')];
}

async function fallenFunctions(run: Run, schema: SchemaName): Promise<readonly Guard[]> {
  const found = await run(
    {
      text: sql`SELECT p.proname AS name, p.prosrc AS body, p.prosecdef::text AS lends, array_to_string(p.proconfig, '; ') AS settings
        FROM pg_proc p WHERE p.pronamespace = to_regnamespace($1)`,
    },
    [schema],
  );
  return functions(schema).flatMap((statement) => {
    const expected = describeFunction(statement);
    if (found.some((row) => isSame(row, expected))) return [];
    // One that is new, since it was dropped, may be called by everybody.
    return [{ name: `the function ${expected[0]}`, statements: [statement, ...closeToPublic(schema)] }];
  });
}

/** What the catalogues say of a function that a statement of ours makes: its name, its body, whose rights it has, its settings. */
function describeFunction(
  statement: string,
): readonly [name: string, body: string, lends: string, settings: string | null] {
  const [head = '', body = ''] = statement.split('$function$');
  const [, name = ''] = /FUNCTION "\w+"\.(\w+)\(/.exec(head) ?? [];
  const settings = [...head.matchAll(/SET (\w+) = (.+?)(?=\s+SET |\s+AS\s*$)/g)].map(
    ([, key, value]) => `${key}=${value}`,
  );
  return [name, body, String(head.includes('SECURITY DEFINER')), settings.length === 0 ? null : settings.join('; ')];
}

function isSame(row: Row, expected: Row): boolean {
  return expected.every((value, index) => row[index] === value);
}

/** `stands`: a condition, in SQL. */
function structuralGuards(schema: SchemaName): readonly (Guard & { readonly stands: string })[] {
  const tables = sql`FROM pg_class c WHERE c.relnamespace = to_regnamespace('${schema}') AND c.relkind = 'r'`;
  return [
    ...guardTriggers(schema).map(({ name, table, type, calls, statements }) => ({
      name: `the trigger ${name}`,
      stands: sql`EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass('${schema}.${table}') AND t.tgname = '${name}'
        AND t.tgenabled = 'A' AND t.tgtype = ${String(type)} AND t.tgqual IS NULL AND t.tgattr = ''
        AND t.tgfoid = to_regproc('${schema}.${calls}'))`,
      statements,
    })),
    ...uniqueIndexes(schema).map(({ name, ends, statement }) => ({
      name: `the index ${name}`,
      stands: sql`EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = to_regclass('${schema}.${name}')
        AND i.indrelid = to_regclass('${schema}.events') AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND right(replace(pg_get_indexdef(i.indexrelid), '"', ''), length('${ends}')) = '${ends}')`,
      statements: [
        sql`ALTER TABLE ${schema}.events DROP CONSTRAINT IF EXISTS ${name}`,
        sql`DROP INDEX IF EXISTS ${schema}.${name}`,
        statement,
      ],
    })),
    {
      name: 'the sequence of positions',
      stands: sql`EXISTS (SELECT FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        WHERE s.seqrelid = to_regclass('${schema}.position_sequence') AND c.relpersistence = 'p'
        AND s.seqcache = 1 AND s.seqincrement = 1 AND NOT s.seqcycle)`,
      statements: [
        sql`ALTER SEQUENCE ${schema}.position_sequence INCREMENT BY 1 CACHE 1 NO CYCLE`,
        sql`ALTER SEQUENCE ${schema}.position_sequence SET LOGGED`,
      ],
    },
    {
      name: 'tables that outlive a crash',
      stands: sql`NOT EXISTS (SELECT ${tables} AND c.relpersistence <> 'p')`,
      statements: [
        forEach(sql`SELECT c.oid::regclass ${tables} AND c.relpersistence <> 'p'`, 'ALTER TABLE %s SET LOGGED'),
      ],
    },
    {
      name: 'tables that show all of their rows',
      stands: sql`NOT EXISTS (SELECT ${tables} AND (c.relrowsecurity OR c.relforcerowsecurity))`,
      statements: [
        forEach(
          sql`SELECT c.oid::regclass ${tables} AND (c.relrowsecurity OR c.relforcerowsecurity)`,
          'ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY',
        ),
      ],
    },
    {
      name: 'tables that are written to, and no rule says otherwise',
      stands: sql`NOT EXISTS (SELECT ${tables} AND EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid))`,
      statements: [
        forEach(
          sql`SELECT format('%I ON %s', r.rulename, r.ev_class::regclass) FROM pg_rewrite r WHERE r.ev_class IN (SELECT c.oid ${tables})`,
          'DROP RULE %s',
        ),
      ],
    },
    {
      name: 'rights: to read, and to call functions',
      stands: areRightsClosed(schema),
      statements: [takeBackRights(schema)],
    },
  ];
}

/** What has the last word: on a command's id, on a stream's version, on a position. */
function uniqueIndexes(schema: SchemaName) {
  const constraint = (name: string, kind: string, columns: string) => ({
    name,
    ends: sql`(${columns})`,
    statement: sql`ALTER TABLE ${schema}.events ADD CONSTRAINT ${name} ${kind} (${columns})`,
  });
  return [
    constraint('events_pkey', 'PRIMARY KEY', 'position, index'),
    constraint('events_stream_version_key', 'UNIQUE', 'stream_id, version'),
    {
      name: 'events_command_id_key',
      ends: sql`(command_id) WHERE (index = 0)`,
      statement: sql`CREATE UNIQUE INDEX events_command_id_key ON ${schema}.events (command_id) WHERE index = 0`,
    },
  ];
}
