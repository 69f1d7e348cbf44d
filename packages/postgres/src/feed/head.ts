/** Where the last event stands. */
import { START } from '@eventcore/core';
import { sequencePosition, type FeedHead } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import type { StoreStatements } from '../sql/statements.js';

export function head(database: Database, statements: StoreStatements): FeedHead {
  return async () => {
    const [[position, index] = []] = await database.run(statements.head, []);
    return typeof position === 'string' ? sequencePosition(position, Number(index)) : START;
  };
}
