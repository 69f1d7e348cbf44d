/** Where the last event stands. */
import { sequencePosition, START, type FeedHead } from '@eventcore/core';
import type { Database } from '../connection/database.js';
import type { StoreStatements } from '../sql/statements.js';

export function head(database: Database, statements: StoreStatements): FeedHead {
  return async () => {
    const [[position, index] = []] = await database.run(statements.head, []);
    return typeof position === 'string' ? sequencePosition(position, Number(index)) : START;
  };
}
