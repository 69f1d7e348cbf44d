/** How events leave the database: as JSON text, whatever a driver would make of a bigint, a timestamp or an array. */
import { sql, type SchemaName } from './sql.js';

/**
 * An event as a whole record: what {@link recordsOf} takes apart. What belongs to its command is said with the first of the
 * command's events in an answer, and not with thousands of them: its metadata may be large. `isFirst` says which that is.
 */
export const recordJson = (
  schema: SchemaName,
  event: string,
  isFirst: string,
): string => sql`format('["%s",%s,%s,%s,%s,%s,%s,%s%s]',
           ${event}.event_id, to_json(${event}.stream_id), ${event}.version, ${event}.position, ${event}.index,
           to_json(${event}.type), ${event}.schema_version, ${event}.data,
           CASE WHEN ${isFirst} THEN format(',%s,"%s",%s,%s%s', ${milliseconds(event)}, ${event}.command_id,
             coalesce(to_json(${event}.correlation_id)::text, 'null'), coalesce(to_json(${event}.causation_id)::text, 'null'),
             CASE WHEN ${event}.metadata_bytes IS NULL THEN ''
                  WHEN ${event}.index = 0 THEN ',' || ${event}.metadata::text
                  ELSE (SELECT ',' || f.metadata::text FROM ${schema}.events f WHERE f.position = ${event}.position AND f.index = 0)
             END) END)`;

/** The events of a source in an order in which those of a command stand together: which of them open one, and what each weighs. */
export const eventsOf = (source: string, order: string): string => sql`(
          SELECT o.*, o.bytes + CASE WHEN o.opens THEN coalesce(o.metadata_bytes, 0) ELSE 0 END AS weight
            FROM (SELECT e.*, lag(e.position) OVER (ORDER BY ${order}) IS DISTINCT FROM e.position AS opens FROM ${source}) o)`;

/**
 * Sets "records" to those of a source's events, by whole commands, as long as those before them leave room: so the first one
 * always has it. If something has to stay behind, sets "top" to the last position that was given.
 */
export const wholeCommands = (schema: SchemaName, source: string): string => sql`
    SELECT string_agg(${recordJson(schema, 'g', 'g.opens')}, ',' ORDER BY g.position, g.index) FILTER (WHERE g.fits),
           CASE WHEN bool_and(g.fits) THEN top ELSE max(g.position) FILTER (WHERE g.fits) END
      INTO records, top
      FROM (SELECT w.*, coalesce(sum(w.weight) OVER (ORDER BY w.position RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < p_bytes AS fits
              FROM ${eventsOf(source, 'e.position, e.index')} w) g;`;

/** Since the epoch. What is stored has no finer parts. */
const milliseconds = (event: string): string => sql`(extract(epoch FROM ${event}.recorded_at) * 1000)::bigint`;

/** What is recorded under a command id, as what {@link commandRecordOf} takes apart; NULL for an id that nobody used. */
export function recordedCommand(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.recorded_command(id uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN (
    SELECT format('[%s,%s,%s,[%s],%s]', coalesce(to_json(min(e.fingerprint))::text, 'null'), min(e.position),
             (extract(epoch FROM min(e.recorded_at)) * 1000)::bigint,
             string_agg(format('["%s",%s,%s,%s]', e.event_id, to_json(e.stream_id), to_json(e.type), e.version), ',' ORDER BY e.index),
             coalesce(to_json(min(e.correlation_id))::text, 'null'))
      FROM ${schema}.events e
     WHERE e.position = (SELECT f.position FROM ${schema}.events f WHERE f.command_id = id AND f.index = 0)
    HAVING count(*) > 0);
END $function$`;
}
