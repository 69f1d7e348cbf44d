/** `feed_head`: where the last event stands that is visible, whether or not the feed gives it yet. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function feedHead(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.feed_head(OUT number text, OUT nth text)
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  SELECT e.position, e.index INTO number, nth FROM ${schema}.events e ORDER BY e.position DESC, e.index DESC LIMIT 1;
END $function$`;
}
