/**
 * `end_stalled`: ends sessions that have appended, have not committed, and have heard nothing from their client for long.
 *
 * A process that stops for good between sending an append and the message that commits it, which go out together but may
 * arrive apart, keeps its streams, and every consumer waits at its mark. No timeout of PostgreSQL before 17 ends such a
 * session: it is neither running a statement nor idle.
 */
import { lowWaterMarks } from './schema/lock-keys.sql.js';
import { sql, type SchemaName } from './schema/sql.js';

export function endStalled(schema: SchemaName): string {
  // With the rights of the caller, and not of the owner: one may end sessions of one's own role.
  return sql`CREATE OR REPLACE FUNCTION ${schema}.end_stalled(p_limit_ms text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  RETURN (
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a
     WHERE a.wait_event_type = 'Client'
       AND a.xact_start < clock_timestamp() - p_limit_ms::float8 * interval '1 ms'
       AND pg_has_role(a.usesysid, 'USAGE')
       AND a.pid IN (SELECT l.pid FROM pg_locks l WHERE ${lowWaterMarks(schema)}));
END $function$`;
}
