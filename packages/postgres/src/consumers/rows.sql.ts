/** `load_rows`, `list_rows` and `count_rows`: what consumers have written by table and key. `take_step` writes it. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function rows(schema: SchemaName): readonly string[] {
  return [
    // One pass through the index, and two texts instead of a thousand rows.
    sql`CREATE OR REPLACE FUNCTION ${schema}.load_rows(p_table text, p_keys text, OUT keys text, OUT datas text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  SELECT string_agg(r.key, E'\x1f'), string_agg(r.data::text, ',') INTO keys, datas
    FROM ${schema}.rows r WHERE r.table_name = p_table AND r.key = ANY (string_to_array(p_keys, E'\x1f'));
END $function$`,

    sql`CREATE OR REPLACE FUNCTION ${schema}.list_rows(p_table text, p_after text, p_limit bigint) RETURNS TABLE (key text, data text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT r.key, r.data::text FROM ${schema}.rows r
     WHERE r.table_name = p_table AND r.key > coalesce(p_after, '') ORDER BY r.key LIMIT p_limit;
END $function$`,

    sql`CREATE OR REPLACE FUNCTION ${schema}.count_rows(p_table text) RETURNS text
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  RETURN (SELECT count(*) FROM ${schema}.rows r WHERE r.table_name = p_table);
END $function$`,
  ];
}
