/**
 * `take_step`: a consumer's checkpoint moves, and what belongs to it is written; all of it or nothing. Called by itself, or as
 * the last statement of a transaction in which handlers have acted.
 *
 * In the order of what it compares: the fence, since a worker that was replaced is to be told so whatever else is wrong; then
 * where the checkpoint stands. Both rows are locked first, so of two steps that were begun at one place the second sees what
 * the first has done, and a grant of the lease waits until a step under the old one is over.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function takeStep(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.take_step(
  p_consumer text, p_from text, p_to text, p_fence bigint, p_clear text,
  -- The rows, table by table: how many each has. A row that is to be deleted is '-', which no JSON is.
  p_tables text, p_counts text, p_keys text, p_rows text
) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  tables   text[] := string_to_array(p_tables, E'\x1f');
  counts   int[]  := p_counts;
  all_keys text[] := string_to_array(p_keys, E'\x1f');
  all_rows text[] := string_to_array(p_rows, E'\x1f', '-');
  keys     text[];
  rows     text[];
  last     int := 0;
  stands   text;
BEGIN
  IF p_fence IS NOT NULL THEN
    PERFORM FROM ${schema}.leases l WHERE l.consumer = p_consumer AND l.fence = p_fence FOR SHARE;
    IF NOT FOUND THEN
      RETURN 'lost';
    END IF;
  END IF;

  INSERT INTO ${schema}.checkpoints (consumer, position) VALUES (p_consumer, '') ON CONFLICT (consumer) DO NOTHING;
  SELECT c.position INTO stands FROM ${schema}.checkpoints c WHERE c.consumer = p_consumer FOR NO KEY UPDATE;
  IF stands <> p_from THEN
    RETURN 'moved ' || stands;
  END IF;

  -- What somebody was told is handled, or rejected, has to be so after a crash, whatever a role's or a database's defaults say.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;

  IF p_clear <> '' THEN
    DELETE FROM ${schema}.rows r WHERE r.table_name = ANY (string_to_array(p_clear, E'\x1f'));
  END IF;

  FOR t IN 1 .. cardinality(tables) LOOP
    keys := all_keys[last + 1 : last + counts[t]];
    rows := all_rows[last + 1 : last + counts[t]];
    last := last + counts[t];
    INSERT INTO ${schema}.rows AS r (table_name, key, data)
    SELECT tables[t], u.key, u.data::jsonb FROM unnest(keys, rows) AS u(key, data) WHERE u.data IS NOT NULL
    ON CONFLICT (table_name, key) DO UPDATE SET data = excluded.data;
    -- By the index, whatever a plan thinks of a table that was just filled.
    DELETE FROM ${schema}.rows r
     WHERE r.table_name = tables[t] AND r.key = ANY (ARRAY(SELECT u.key FROM unnest(keys, rows) AS u(key, data) WHERE u.data IS NULL));
  END LOOP;

  UPDATE ${schema}.checkpoints c SET position = p_to, saved_at = clock_timestamp() WHERE c.consumer = p_consumer;
  RETURN 'taken';
END $function$`;
}
