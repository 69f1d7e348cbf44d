/** Brings a database to the version that this release needs. */
import { StoreMisconfigured } from '@eventcore/core';
import type { Database, Run, Statement } from '../connection/database.js';
import { functions } from './functions.js';
import { fallenGuards } from './guards.js';
import { guardTriggers } from './immutable.sql.js';
import { STORE_NUMBERS, storeNumber } from '../sql/lock-keys.sql.js';
import { migrations } from './migrations.js';
import { closeToPublic, grantTo } from './roles.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export interface MigrateOptions {
  /** The roles that applications run under: each is granted what a store needs, and nothing else. */
  readonly grantTo?: readonly string[];
  /** Only tells what would be done. */
  readonly dryRun?: boolean;
}

export interface Migration {
  /** The version that the database had; 0: there was nothing. */
  readonly from: number;
  /** The version that it has now, or would have. */
  readonly to: number;
  /** What didn't stand any more of what the store rests on, and was set up again, or would be. */
  readonly mended: readonly string[];
  /** What was done, or would be. */
  readonly statements: readonly string[];
}

/**
 * All in one transaction, under a lock that is one for the whole database: whoever comes meanwhile waits, and then finds
 * nothing to do. A process that dies leaves nothing behind. A database that a later release has migrated is left alone.
 * Whatever guards have fallen are mended, also where there is nothing else to do.
 */
export async function migrateSchema(
  database: Database,
  schema: SchemaName,
  { grantTo: roles = [], dryRun = false }: MigrateOptions = {},
): Promise<Migration> {
  const grants = roles.flatMap((role) => grantTo(schema, role));
  return database.transaction(async (run) => {
    await ask(run, LOCK);
    const from = await currentVersion(run, schema);
    if (from === 0) await refuseIfShared(run, schema);
    const to = Math.max(from, migrations.length);
    const statements = new Set<string>();
    const carryOut = async (texts: readonly string[]): Promise<void> => {
      for (const text of texts) {
        if (!statements.has(text) && !dryRun) await ask(run, text);
        statements.add(text);
      }
    };
    if (from < to) await carryOut(await steps(run, schema, from));
    // A later release has guards of its own, and an older one those that it was left with until it is migrated.
    const guards = to > migrations.length || (dryRun && from < to) ? [] : await fallenGuards(run, schema);
    await carryOut(guards.flatMap((guard) => guard.statements));
    await carryOut(grants);
    if (from > 0 && !dryRun) await ask(run, catchUpSequence(schema));
    return { from, to, mended: guards.map(({ name }) => name), statements: [...statements] };
  });
}

/** The number means nothing, but to all releases of this package. */
const LOCK = sql`SELECT pg_advisory_xact_lock(7305804402566624353)::text`;

/** A table that is called `migrations` may be anybody's. The sequence was made with ours. */
export async function currentVersion(run: Run, schema: SchemaName): Promise<number> {
  const [[ours] = []] = await run(
    { text: sql`SELECT (to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL)::text` },
    [`${schema}.migrations`, `${schema}.position_sequence`],
  );
  if (ours !== 'true') return 0;
  const [[current] = []] = await ask(run, sql`SELECT max(version)::text FROM ${schema}.migrations`);
  return Number(current ?? 0);
}

/** Rights are granted and revoked for all that a schema holds, so it has to be the store's alone. */
async function refuseIfShared(run: Run, schema: SchemaName): Promise<void> {
  const [[other] = []] = await run(
    {
      text: sql`SELECT name FROM (
        SELECT 'the relation ' || relname AS name FROM pg_class WHERE relnamespace = to_regnamespace($1)
        UNION ALL SELECT 'the function ' || proname FROM pg_proc WHERE pronamespace = to_regnamespace($1)
        UNION ALL SELECT 'the type ' || typname FROM pg_type WHERE typnamespace = to_regnamespace($1)) AS others ORDER BY 1 LIMIT 1`,
    },
    [schema],
  );
  if (typeof other !== 'string') return;
  throw new StoreMisconfigured(
    `The schema ${schema} holds other things already, such as ${other}. A store needs a schema of its own: leave the option schema out, or name one that is empty or doesn't exist.`,
  );
}

async function steps(run: Run, schema: SchemaName, from: number): Promise<string[]> {
  const pending = migrations
    .slice(from)
    .flatMap((step, index) => [
      ...step(schema),
      sql`INSERT INTO ${schema}.migrations (version) VALUES (${String(from + index + 1)})`,
    ]);
  return [
    ...(from === 0 ? [sql`CREATE SCHEMA IF NOT EXISTS ${schema}`] : []),
    ...pending,
    ...(from === 0 ? [storeNumber(schema, await freeStoreNumber(run, schema))] : []),
    ...functions(schema),
    ...guardTriggers(schema).flatMap((trigger) => trigger.statements),
    ...closeToPublic(schema),
  ];
}

/** One that no other store of this database has: else they would see each other's locks. */
async function freeStoreNumber(run: Run, schema: SchemaName): Promise<number> {
  const rows = await ask(
    run,
    sql`SELECT substring(p.prosrc FROM '\d+') FROM pg_proc p WHERE p.proname = 'eventcore_store_number'`,
  );
  const taken = new Set(rows.map(([number]) => Number(number)));
  const [[wish] = []] = await run({ text: sql`SELECT (hashtext($1) & ${String(STORE_NUMBERS - 1)})::text` }, [schema]);
  let number = Number(wish);
  while (taken.has(number)) number = (number + 1) % STORE_NUMBERS;
  return number;
}

/**
 * After a restore or a logical replication without the sequence, appends would draw numbers that are taken. The highest
 * position is looked at first: in a store that is well the sequence has come at least that far.
 */
function catchUpSequence(schema: SchemaName): string {
  return sql`SELECT setval('${schema}.position_sequence', behind.highest)::text
    FROM (SELECT (SELECT max(position) FROM ${schema}.events) AS highest OFFSET 0) AS behind
   WHERE behind.highest > coalesce(pg_sequence_last_value('${schema}.position_sequence'), 0)`;
}

function ask(run: Run, text: Statement['text']) {
  return run({ text }, []);
}
