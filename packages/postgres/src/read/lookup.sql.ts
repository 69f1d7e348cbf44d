/** `find_events`: whole records by the ids that tie events together, in the order of their positions. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { recordJson } from '../sql/record.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function findEvents(schema: SchemaName): string {
  const records = (where: string): string => sql`
    RETURN (SELECT string_agg(${recordJson('e')}, ',' ORDER BY e.position, e.index) FROM ${schema}.events e WHERE ${where});`;
  // A command's events share the ids, and its first one stands for them in the index. An id that is the command's own isn't
  // stored; then a command is found that says nothing else.
  const together = (column: string): string => sql`e.position IN (
      SELECT f.position FROM ${schema}.events f WHERE f.index = 0 AND f.${column} IS NOT NULL AND f.${column} = id
      UNION ALL
      SELECT f.position FROM ${schema}.events f WHERE f.index = 0 AND f.${column} IS NULL AND f.command_id = as_uuid)`;

  return sql`CREATE OR REPLACE FUNCTION ${schema}.find_events(id_kind text, id text) RETURNS text
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  -- As it was written by whoever chose it, so that another way to write a UUID is another text.
  as_uuid uuid := CASE WHEN id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN id::uuid END;
BEGIN
  CASE id_kind
  WHEN 'event' THEN ${records('e.event_id = as_uuid')}
  WHEN 'command' THEN ${records(sql`e.position = (SELECT f.position FROM ${schema}.events f WHERE f.command_id = as_uuid AND f.index = 0)`)}
  WHEN 'correlation' THEN ${records(together('correlation_id'))}
  WHEN 'causation' THEN ${records(together('causation_id'))}
  END CASE;
END $function$`;
}
