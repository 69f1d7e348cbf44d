/**
 * `safe_position`: up to here nothing moves any more. Every transaction that has drawn a number up to it is over.
 *
 * Numbers are drawn before their transactions commit, so a reader that goes by the largest one it sees would pass by those
 * that commit late. An appender therefore announces itself before it draws: a *shared* advisory lock on its low-water
 * mark, the sequence's last value at that time. "Whatever I draw is greater than this." In time, with the sequence at 40:
 *
 * - A marks 40 and draws 41. B marks 41, draws 42, commits.
 * - A reader finds the last value 42, then the lowest mark, 40. Safe is 40; it reads nothing of 42 yet.
 * - A commits, and its mark goes with it. The reader: last value 42, no marks. Safe is 42; it reads 41 and 42, in order.
 *
 * Transactions that don't append hold nobody up, there are no timeouts to guess, and nothing is stored that a restored
 * dump could contradict. A safe position is good for *reading* only, and no checkpoint: below it there may be numbers
 * that were rolled back, and after a crash the sequence may hand those out again.
 */
import { FUNCTION_SETTINGS } from '../sql/function-settings.js';
import { lowWaterMarks } from '../sql/lock-keys.sql.js';
import { sql, type SchemaName } from '../sql/sql.js';

export function safePosition(schema: SchemaName): string {
  return sql`CREATE OR REPLACE FUNCTION ${schema}.safe_position() RETURNS bigint
LANGUAGE plpgsql VOLATILE ${FUNCTION_SETTINGS} AS $function$
DECLARE
  last_drawn bigint;
  low_water  bigint;
BEGIN
  -- In this order. Who draws between the two looks is above the first one; who has drawn before it is seen by the second.
  last_drawn := coalesce(pg_sequence_last_value('${schema}.position_sequence'), 0);
  SELECT min((l.classid::bigint << 32 | l.objid::bigint) & ((1::bigint << 48) - 1)) INTO low_water
    FROM pg_locks l
   WHERE ${lowWaterMarks(schema)};
  RETURN least(last_drawn, low_water);
END $function$`;
}
