/** Functions of a schema that are made worse, or stopped at a gate in their middle: for that schema alone. */
import pg from 'pg';
import type { TestDatabase } from '../test-database.fixture.js';

type Queries = Pick<TestDatabase, 'query' | 'url'>;

/**
 * Replaces parts of a function, as it is. A part that isn't there any more is an error: a mutant that mutates nothing would
 * pass for the real thing.
 */
export async function mutate(
  { query }: Pick<TestDatabase, 'query'>,
  schema: string,
  name: string,
  ...changes: readonly (readonly [part: string | RegExp, instead: string])[]
): Promise<void> {
  const [row] = await query(
    'SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p WHERE p.pronamespace = $1::regnamespace AND p.proname = $2',
    [schema, name],
  );
  let definition = String(row?.['definition']);
  for (const [part, instead] of changes) {
    const changed = definition.replace(part, () => instead);
    if (changed === definition) throw new Error(`${name} has no ${String(part)} to be changed:\n${definition}`);
    definition = changed;
  }
  await query(definition);
}

export interface Gate {
  /** What makes a function wait there; for SQL within plpgsql. */
  readonly wait: string;
  /** From now on nobody passes. */
  readonly close: () => Promise<void>;
  /** Fulfilled when so many sessions wait. */
  readonly reached: (count?: number) => Promise<void>;
  readonly open: () => Promise<void>;
}

let gates = 0;

/** A place where functions can be stopped. Stores take no locks with two keys, so it is in nobody's way. */
export function makeGate({ query, url }: Queries): Gate {
  const key = `4712, ${++gates}`;
  let keeper: pg.Client | undefined;
  return {
    wait: `PERFORM pg_catalog.pg_advisory_xact_lock_shared(${key});`,
    async close() {
      keeper = new pg.Client({ connectionString: url });
      await keeper.connect();
      await keeper.query(`SELECT pg_advisory_lock(${key})`);
    },
    async reached(count = 1) {
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objsubid = 2
        AND (classid, objid) = (4712::oid, ${key.split(', ')[1]}::oid)
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      while ((await query(waiting)).length < count);
    },
    async open() {
      await keeper?.end();
      keeper = undefined;
    },
  };
}
