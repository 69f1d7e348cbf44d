/** How many events lie between two positions. */
import type { PositionDistance } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import { numbersOf } from '../sql/record.js';
import type { StoreStatements } from '../sql/statements.js';

export function distance(database: Database, statements: StoreStatements): PositionDistance {
  return async (from, to) => {
    const [start, end] = [numbersOf(from), numbersOf(to)];
    if (from >= to) return { events: 0, exact: true };
    const values = [start.number, String(start.index), end.number, String(end.index)];
    const [[events, exact] = []] = await database.run(statements.distance, values);
    return { events: Number(events), exact: exact === 'true' };
  };
}
