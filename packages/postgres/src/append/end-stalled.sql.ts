/**
 * `end_stalled`: ends sessions that have appended, or keep one of the streams, or have taken a consumer's step, have not
 * committed, and have heard nothing from their client for long.
 *
 * A process that stops for good between sending an append and the message that commits it, which go out together but may
 * arrive apart, keeps its streams, and every consumer waits at its mark. One that stops so within a consumer's step keeps the
 * row of its lease, and nobody is granted another one. No timeout of PostgreSQL before 17 ends such a
 * session: it is neither running a statement nor idle.
 */
import { lowWaterMarks, widePlaces } from '../sql/lock-keys.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function endStalled(schema: SchemaName): string {
  // With the rights of the caller, and not of the owner: one may end sessions of one's own role.
  return sql`CREATE OR REPLACE FUNCTION ${schema}.end_stalled(p_limit_ms text, p_streams text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  RETURN (
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a
     -- In the middle of a call, and not idle, which has timeouts of its own.
     WHERE a.state = 'active' AND a.wait_event_type = 'Client'
       AND a.xact_start < clock_timestamp() - p_limit_ms::float8 * interval '1 ms'
       AND pg_has_role(a.usesysid, 'USAGE')
       AND a.pid IN (
         SELECT l.pid FROM pg_locks l WHERE ${lowWaterMarks(schema)}
         UNION ALL
         SELECT l.pid FROM pg_locks l WHERE l.granted AND ${widePlaces}
         UNION ALL
         SELECT l.pid FROM pg_locks l
          WHERE l.locktype = 'relation' AND l.relation = '${schema}.checkpoints'::regclass AND l.mode = 'RowExclusiveLock'
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         UNION ALL
         SELECT l.pid FROM pg_locks l JOIN unnest(string_to_array(p_streams, E'\x1f')) AS s(id)
             ON (l.classid::bigint << 32 | l.objid::bigint) = ${schema}.stream_key(s.id)
          WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())));
END $function$`;
}
