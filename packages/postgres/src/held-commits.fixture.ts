/**
 * Stops appends between drawing a position and committing: a trigger waits for a lock that the test holds. Deterministic,
 * where a race would show a late commit once in a thousand times.
 */
import type { HoldCommits } from '@eventcore/testing';
import pg from 'pg';
import type { TestDatabase } from './test-database.fixture.js';

/** The first of two keys, which no store uses; the second is that of a gate. */
const SPACE = 4711;

export interface Gates {
  /** Makes the trigger, once, in a store that is there: making it later would wait for appends, and they for the gate. */
  readonly build: () => Promise<void>;
  readonly holdCommits: HoldCommits;
}

export function gates({ query, url }: Pick<TestDatabase, 'query'> & { readonly url: () => string }): Gates {
  let last = 0;

  const waiting = async (gate: number): Promise<readonly unknown[]> => {
    const rows = await query(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = ${SPACE} AND objid = ${gate} AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.map(({ pid }) => pid);
  };

  return {
    async build() {
      await query('CREATE TABLE gates (gate integer PRIMARY KEY, stream_id text)');
      await query(`CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(${SPACE}, g.gate) FROM public.gates g WHERE g.stream_id = NEW.stream_id;
          RETURN NULL;
        END $$`);
      await query(
        `CREATE TRIGGER gate AFTER INSERT ON eventcore.events FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()`,
      );
    },

    async holdCommits(_, stream) {
      const gate = ++last;
      const keeper = new pg.Client({ connectionString: url() });
      await keeper.connect();
      await keeper.query(`SELECT pg_advisory_lock(${SPACE}, ${gate})`);
      await query('INSERT INTO gates VALUES ($1, $2)', [gate, stream]);
      const open = async (): Promise<void> => {
        await query('DELETE FROM gates WHERE gate = $1', [gate]);
        await keeper.end();
      };
      return {
        reached: (async () => {
          while ((await waiting(gate)).length === 0);
        })(),
        release: open,
        async rollBack() {
          for (const pid of await waiting(gate)) await query('SELECT pg_terminate_backend($1, 5000)', [pid]);
          await open();
        },
      };
    },
  };
}
