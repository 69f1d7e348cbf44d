/** Locks streams to the end of the transaction: exclusively those that may be written, shared those that are only read. */
import { sql, type SchemaName } from './sql.js';

export function lockStreams(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.lock_streams(ids text[], written boolean[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $function$
BEGIN
  -- In the order of keys, the stronger lock of one key first: whoever comes in another order would deadlock. OFFSET 0 keeps
  -- the planner from taking the locks before it has sorted.
  PERFORM CASE WHEN stream.written THEN pg_advisory_xact_lock(stream.key) ELSE pg_advisory_xact_lock_shared(stream.key) END
    FROM (SELECT ${schema}.stream_key(u.id) AS key, u.written
            FROM unnest(ids, written) AS u(id, written) ORDER BY 1, 2 DESC OFFSET 0) AS stream;
END $function$`;
}
