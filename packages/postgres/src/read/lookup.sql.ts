/**
 * `find_events`: whole records by the ids that tie events together, in the order of their positions. By pages of whole commands,
 * since any number of them may share a correlation; `up_to` is the position from which to go on, if there may be more.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { wholeCommands } from '../sql/record.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function findEvents(schema: SchemaName): string {
  // A command's events share the ids, and its first one stands for them in the index. An id that is the command's own isn't
  // stored; then a command is found that says nothing else.
  const together = (column: string): string => sql`found := ARRAY(
      (SELECT f.position FROM ${schema}.events f
        WHERE f.index = 0 AND f.${column} IS NOT NULL AND f.${column} = id AND f.position > p_after ORDER BY f.position LIMIT p_limit)
      UNION ALL
      SELECT f.position FROM ${schema}.events f WHERE f.index = 0 AND f.${column} IS NULL AND f.command_id = as_uuid AND f.position > p_after
      ORDER BY 1 LIMIT p_limit);`;

  return sql`CREATE OR REPLACE FUNCTION ${schema}.find_events(
  id_kind text, id text, p_after bigint, p_limit bigint, p_bytes bigint, OUT records text, OUT up_to text
)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  -- As it was written by whoever chose it, so that another way to write a UUID is another text.
  as_uuid uuid := CASE WHEN id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN id::uuid END;
  found   bigint[];
  top     bigint;
BEGIN
  CASE id_kind
  WHEN 'event' THEN
    ${wholeCommands(schema, sql`${schema}.events e WHERE e.event_id = as_uuid`)}
    RETURN;
  WHEN 'command' THEN found := ARRAY(SELECT f.position FROM ${schema}.events f WHERE f.command_id = as_uuid AND f.index = 0);
  WHEN 'correlation' THEN ${together('correlation_id')}
  WHEN 'causation' THEN ${together('causation_id')}
  END CASE;

  IF cardinality(found) = p_limit THEN top := found[p_limit]; END IF;
  ${wholeCommands(schema, sql`${schema}.events e WHERE e.position = ANY (found)`)}
  up_to := top;
END $function$`;
}
