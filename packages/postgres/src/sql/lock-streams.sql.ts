/**
 * Locks streams to the end of the transaction: exclusively those that may be written, shared those that are only read.
 *
 * Each is an entry in a table of locks that is one for the whole server, and of a fixed size: `max_locks_per_transaction` for
 * each of `max_connections`. When that is full, everybody's next lock is refused. So whoever locks many streams at once first
 * takes one of a few places: as many as there is room for, when every connection locks as many as need no place.
 */
import { MAX_STREAMS } from '@eventcore/core/store';
import { sql, type SchemaName } from './sql.js';

/** Who locks more streams than these is wide. With the settings that a server is installed with, three may be so at a time. */
export const NARROW = 32;
const MOST_PLACES = 64;

export function lockStreams(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.lock_streams(ids text[], written boolean[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $function$
DECLARE
  connections int;
  places      int;
  place       int     := 0;
  taken       boolean := false;
BEGIN
  IF cardinality(ids) > ${String(NARROW)} THEN
    connections := current_setting('max_connections')::int;
    places := (current_setting('max_locks_per_transaction')::int - ${String(NARROW)}) * connections / ${String(MAX_STREAMS)};
    places := least(greatest(places, 1), ${String(MOST_PLACES)});
    WHILE NOT taken AND place < places LOOP
      place := place + 1;
      taken := pg_try_advisory_xact_lock(${schema}.wide_key(place));
    END LOOP;
    -- Before any stream, and so never in a deadlock; in a queue, which is fair.
    IF NOT taken THEN
      PERFORM pg_advisory_xact_lock(${schema}.wide_key(1 + pg_backend_pid() % places));
    END IF;
  END IF;
  -- In the order of keys, the stronger lock of one key first: whoever comes in another order would deadlock. OFFSET 0 keeps
  -- the planner from taking the locks before it has sorted.
  PERFORM CASE WHEN stream.written THEN pg_advisory_xact_lock(stream.key) ELSE pg_advisory_xact_lock_shared(stream.key) END
    FROM (SELECT ${schema}.stream_key(u.id) AS key, u.written
            FROM unnest(ids, written) AS u(id, written) ORDER BY 1, 2 DESC OFFSET 0) AS stream;
END $function$`;
}
