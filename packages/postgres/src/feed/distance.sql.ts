/** `count_events`: how many events lie between two positions; counted where they are few, else estimated. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

/** Counting so many takes some milliseconds. */
const MOST_COUNTED = 50_000;

export function countEvents(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.count_events(
  p_from bigint, p_from_index integer, p_to bigint, p_to_index integer, OUT events text, OUT exact text
)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  counted bigint;
  reached bigint;
BEGIN
  SELECT count(*), max(e.position) INTO counted, reached
    FROM (SELECT e.position FROM ${schema}.events e
           WHERE (e.position, e.index) > (p_from, p_from_index) AND (e.position, e.index) <= (p_to, p_to_index)
           ORDER BY e.position, e.index LIMIT ${String(MOST_COUNTED)}) e;
  exact := (counted < ${String(MOST_COUNTED)})::text;
  -- As dense as in the part that was counted.
  events := CASE WHEN counted < ${String(MOST_COUNTED)} THEN counted
                 ELSE (counted * ((p_to - p_from)::float8 / greatest(1, reached - p_from)))::bigint END::text;
END $function$`;
}
