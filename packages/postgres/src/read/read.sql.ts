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
import { eventsOf, recordJson } from '../sql/record.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function read(schema: SchemaName): string {
  const queries = sql`unnest(string_to_array(p_streams, E'\x1f'), p_after::bigint[], p_up_to::bigint[], p_limits::bigint[])
         WITH ORDINALITY AS q(id, after, up_to, most, number)`;
  const events = (columns: string): string => sql`(SELECT ${columns} FROM ${schema}.events s
                      WHERE s.stream_id = q.id AND s.version > q.after AND (q.up_to IS NULL OR s.version <= q.up_to)
                      ORDER BY s.version LIMIT q.most)`;
  const versionOf = (query: string): string =>
    sql`coalesce((SELECT max(v.version) FROM ${schema}.events v WHERE v.stream_id = ${query}.id), 0)::text`;
  /** The bytes of the events before each, in its page. */
  const before = (bytes: string): string =>
    sql`sum(r.${bytes}) OVER (ORDER BY r.version ROWS UNBOUNDED PRECEDING) - r.${bytes} AS bytes_before`;

  return sql`CREATE OR REPLACE FUNCTION ${schema}.read(
  -- By stream: the events after a version, up to another, and at most so many. Whether whole records are wanted.
  p_streams text, p_after text, p_up_to text, p_limits text, p_full boolean,
  -- Where a page ends early: when it holds so many bytes. Its first event is always in it.
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

  IF p_full THEN
    -- What belongs to a command is said once in the whole answer, in how many of the streams it may have written.
    RETURN QUERY
    SELECT ${versionOf('e')}, NULL, NULL, NULL,
           string_agg(${recordJson(schema, 'e', 'e.nth_of_command = 1')}, ',' ORDER BY e.version) FILTER (WHERE e.version IS NOT NULL)
      FROM (SELECT q.id, q.number, page.*, row_number() OVER (PARTITION BY page.position ORDER BY q.number, page.version) AS nth_of_command
              FROM ${queries} LEFT JOIN LATERAL (
                SELECT p.* FROM (SELECT r.*, ${before('weight')} FROM ${eventsOf(sql`${events('s.*')} e`, 'e.version')} r) p
                 WHERE p_bytes IS NULL OR p.bytes_before < p_bytes::bigint) page ON true) e
     GROUP BY e.number, e.id ORDER BY e.number;
  ELSE
    RETURN QUERY
    SELECT ${versionOf('q')}, page.*, NULL
      FROM ${queries} CROSS JOIN LATERAL (
        SELECT string_agg(e.type, E'\x1f'), CASE WHEN max(e.schema_version) > 1 THEN string_agg(e.schema_version::text, ',') END,
               string_agg(e.data::text, ',')
          FROM (SELECT r.*, ${before('bytes')} FROM ${events('s.version, s.type, s.schema_version, s.data, s.bytes')} r) e
         WHERE p_bytes IS NULL OR e.bytes_before < p_bytes::bigint) page
     ORDER BY q.number;
  END IF;

  IF p_commands <> '{}' THEN
    RETURN QUERY SELECT NULL, NULL, NULL, NULL, ${schema}.recorded_command(u.id)
                   FROM unnest(p_commands::uuid[]) WITH ORDINALITY AS u(id, number) ORDER BY u.number;
  END IF;
END $function$`;
}
