/** `load_checkpoint` and `save_checkpoint`: how far each consumer has come. Both may be called in a transaction of the user's. */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function checkpoints(schema: SchemaName): readonly string[] {
  return [
    sql`CREATE OR REPLACE FUNCTION ${schema}.load_checkpoint(p_consumer text) RETURNS text
LANGUAGE plpgsql STABLE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  RETURN (SELECT c.position FROM ${schema}.checkpoints c WHERE c.consumer = p_consumer);
END $function$`,

    // Whether it was saved: with a fence, only under the lease that was granted last. The lease's row is locked, so a
    // grant that is under way is waited for, and one to come waits for the transaction that saves.
    sql`CREATE OR REPLACE FUNCTION ${schema}.save_checkpoint(p_consumer text, p_position text, p_fence bigint) RETURNS text
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
BEGIN
  IF p_fence IS NOT NULL THEN
    PERFORM FROM ${schema}.leases l WHERE l.consumer = p_consumer AND l.fence = p_fence FOR SHARE;
    IF NOT FOUND THEN
      RETURN 'lost';
    END IF;
  END IF;
  INSERT INTO ${schema}.checkpoints AS c (consumer, position) VALUES (p_consumer, p_position)
  ON CONFLICT (consumer) DO UPDATE SET position = excluded.position, saved_at = clock_timestamp();
  RETURN 'saved';
END $function$`,
  ];
}
