/** `oversize_of`: what of a command is too large to be given back, as {@link sizeFault} puts it into words; NULL: nothing. */
import { sql, type SchemaName } from '../sql/sql.js';
import { MOST_APPEND_BYTES, MOST_EVENT_BYTES } from './stored-size.js';

export function oversizeOf(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.oversize_of(sizes int[], metadata_size int) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
  largest bigint;
  total   bigint;
BEGIN
  SELECT max(u.size), coalesce(sum(u.size), 0) + coalesce(metadata_size, 0) INTO largest, total FROM unnest(sizes) AS u(size);
  RETURN CASE WHEN largest > ${String(MOST_EVENT_BYTES)} THEN format('%s,%s', array_position(sizes, largest::int) - 1, largest)
              WHEN metadata_size > ${String(MOST_EVENT_BYTES)} THEN format('-1,%s', metadata_size)
              WHEN total > ${String(MOST_APPEND_BYTES)} THEN format('-2,%s', total) END;
END $function$`;
}
