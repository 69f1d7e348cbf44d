/** How events leave the database: as JSON text, whatever a driver would make of a bigint, a timestamp or an array. */
import { sql, type SchemaName } from './sql.js';

/** An event as a whole record: what {@link recordOf} takes apart. The names stand for a row of `events`. */
export const recordJson = (event: string): string => sql`format('["%s",%s,%s,%s,%s,%s,%s,%s,%s,"%s",%s,%s,%s]',
           ${event}.event_id, to_json(${event}.stream_id), ${event}.version, ${event}.position, ${event}.index,
           to_json(${event}.type), ${event}.schema_version, ${event}.data, ${milliseconds(event)}, ${event}.command_id,
           coalesce(to_json(${event}.correlation_id)::text, 'null'), coalesce(to_json(${event}.causation_id)::text, 'null'),
           ${event}.metadata)`;

/** Since the epoch. What is stored has no finer parts. */
const milliseconds = (event: string): string => sql`(extract(epoch FROM ${event}.recorded_at) * 1000)::bigint`;

/** What is recorded under a command id, as what {@link commandRecordOf} takes apart; NULL for an id that nobody used. */
export function recordedCommand(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.recorded_command(id uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $function$
BEGIN
  RETURN (
    SELECT format('[%s,%s,%s,[%s]]', coalesce(to_json(min(e.fingerprint))::text, 'null'), min(e.position),
             (extract(epoch FROM min(e.recorded_at)) * 1000)::bigint,
             string_agg(format('["%s",%s,%s,%s]', e.event_id, to_json(e.stream_id), to_json(e.type), e.version), ',' ORDER BY e.index))
      FROM ${schema}.events e
     WHERE e.position = (SELECT f.position FROM ${schema}.events f WHERE f.command_id = id AND f.index = 0)
    HAVING count(*) > 0);
END $function$`;
}
