/**
 * `list_streams`: streams by id, with their versions.
 *
 * There is no table of streams. It hops through the index from one id to the next, so a page costs as many probes as it
 * has streams, however many events those hold.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function listStreams(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.list_streams(prefix text, p_after text, p_limit bigint)
RETURNS TABLE (id text, version_now text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  last text COLLATE "C" := coalesce(p_after, '');
BEGIN
  -- The prefix itself may be a stream's id, and is the first in order of all that begin with it.
  SELECT e.stream_id INTO id FROM ${schema}.events e
   WHERE e.stream_id >= prefix COLLATE "C" AND e.stream_id > last ORDER BY e.stream_id LIMIT 1;
  FOR n IN 1 .. p_limit LOOP
    EXIT WHEN id IS NULL OR NOT starts_with(id, prefix);
    version_now := (SELECT max(e.version) FROM ${schema}.events e WHERE e.stream_id = id);
    RETURN NEXT;
    last := id;
    SELECT e.stream_id INTO id FROM ${schema}.events e WHERE e.stream_id > last ORDER BY e.stream_id LIMIT 1;
  END LOOP;
END $function$`;
}
