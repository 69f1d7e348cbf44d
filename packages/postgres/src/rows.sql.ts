/** `load_rows` and `list_rows`: what consumers have written by table and key. `take_step` writes it. */
import { FUNCTION_SETTINGS } from './schema/function-settings.js';
import { sql, type SchemaName } from './schema/sql.js';

export function rows(schema: SchemaName): readonly string[] {
  return [
    // A probe of the index for each key, in the order of the keys.
    sql`CREATE OR REPLACE FUNCTION ${schema}.load_rows(p_table text, p_keys text) RETURNS TABLE (key text, data text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT k.key, r.data::text FROM unnest(string_to_array(p_keys, E'\x1f')) AS k(key)
     CROSS JOIN LATERAL (SELECT s.data FROM ${schema}.rows s WHERE s.table_name = p_table AND s.key = k.key OFFSET 0) r;
END $function$`,

    sql`CREATE OR REPLACE FUNCTION ${schema}.list_rows(p_table text, p_after text, p_limit bigint) RETURNS TABLE (key text, data text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT r.key, r.data::text FROM ${schema}.rows r
     WHERE r.table_name = p_table AND r.key > coalesce(p_after, '') ORDER BY r.key LIMIT p_limit;
END $function$`,
  ];
}
