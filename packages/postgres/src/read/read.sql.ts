/**
 * `read`: pages of any number of streams, and what is recorded under command ids, as of one snapshot.
 *
 * STABLE, so that its two statements share the snapshot of the statement that calls it. A function that is VOLATILE takes
 * one for each, and a reader would see one stream before a command and another after it.
 *
 * One row for each stream, with its events put together as texts, then one for each command id: against a row for each
 * event that halves the client's work (10,000 events: 24 ms against 110).
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { recordJson } from '../sql/record.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function read(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.read(
  -- By stream: the events after a version, up to another, and at most so many; whether whole records are wanted.
  p_streams text, p_after text, p_up_to text, p_limits text, p_full text,
  -- Where a page ends early: when it holds so many bytes of data. Its first event is always in it.
  p_bytes text,
  p_commands text
) RETURNS TABLE (version_now text, types text, schema_versions text, datas text, records text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  -- A standby lags behind: what is decided on it may be wrong, and a rejection is checked by nobody.
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'eventcore reads streams on a primary, and this server is a standby'
      USING ERRCODE = 'EC001', HINT = 'Connect to the primary: with several hosts, to the one that takes writes.';
  END IF;

  RETURN QUERY
  SELECT coalesce((SELECT max(e.version) FROM ${schema}.events e WHERE e.stream_id = q.id), 0)::text,
         page.types, page.schema_versions, page.datas, page.records
    FROM unnest(string_to_array(p_streams, E'\x1f'), p_after::bigint[], p_up_to::bigint[], p_limits::bigint[], p_full::boolean[])
         WITH ORDINALITY AS q(id, after, up_to, most, full_records, number)
   CROSS JOIN LATERAL (
     SELECT CASE WHEN NOT q.full_records THEN string_agg(e.type, E'\x1f') END AS types,
            CASE WHEN max(e.schema_version) > 1 THEN string_agg(e.schema_version::text, ',') END AS schema_versions,
            string_agg(CASE WHEN NOT q.full_records THEN e.data::text END, ',') AS datas,
            string_agg(CASE WHEN q.full_records THEN ${recordJson('e')} END, ',') AS records
       FROM (SELECT r.*, sum(r.bytes) OVER (ORDER BY r.version ROWS UNBOUNDED PRECEDING) - r.bytes AS bytes_before
               FROM (SELECT * FROM ${schema}.events s
                      WHERE s.stream_id = q.id AND s.version > q.after AND (q.up_to IS NULL OR s.version <= q.up_to)
                      ORDER BY s.version LIMIT q.most) r) e
      WHERE p_bytes IS NULL OR e.bytes_before < p_bytes::bigint) page
   ORDER BY q.number;

  IF p_commands <> '{}' THEN
    RETURN QUERY SELECT NULL, NULL, NULL, NULL, ${schema}.recorded_command(u.id)
                   FROM unnest(p_commands::uuid[]) WITH ORDINALITY AS u(id, number) ORDER BY u.number;
  END IF;
END $function$`;
}
