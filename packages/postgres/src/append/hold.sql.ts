/**
 * `hold`: the first half of deciding under locks. It locks streams to the end of the caller's transaction, and tells what
 * came after the versions that the caller knows. `append` follows in the same transaction, then COMMIT.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function hold(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.hold(
  p_streams text, p_written text, p_after text, p_full boolean, p_limit_ms text, hears_warnings boolean
) RETURNS TABLE (version_now text, types text, schema_versions text, datas text, records text)
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  nothing text := array_fill(NULL::bigint, ARRAY[cardinality(p_written::boolean[])]);
BEGIN
  PERFORM ${schema}.guard_transaction(hears_warnings);
  -- A caller that is paused must not hold others up for long.
  PERFORM set_config('idle_in_transaction_session_timeout', p_limit_ms, true);
  PERFORM ${schema}.lock_streams(string_to_array(p_streams, E'\x1f'), p_written::boolean[]);
  -- A statement of its own, and so a snapshot that was taken after the locks were granted. Nobody can read on under locks,
  -- so pages have no limit.
  RETURN QUERY SELECT * FROM ${schema}.read(p_streams, p_after, nothing, nothing, p_full, NULL, '{}');
END $function$`;
}
