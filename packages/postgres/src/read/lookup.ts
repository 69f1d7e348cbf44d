/** Finding events by their ids. */
import type { RecordedEvent } from '@eventcore/core';
import type { EventLookup } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import { isPossible } from '../sql/possible-text.js';
import { recordsOf } from '../sql/record.js';
import type { StoreStatements } from '../sql/statements.js';

export function lookup(database: Database, statements: StoreStatements): EventLookup {
  async function find(kind: string, id: string): Promise<readonly RecordedEvent[]> {
    if (!isPossible(id)) return [];
    const [[records] = []] = await database.run(statements.find, [kind, id]);
    return recordsOf(records ?? null);
  }

  return {
    byEvent: async (id) => (await find('event', id))[0],
    byCommand: (id) => find('command', id),
    byCorrelation: (id) => find('correlation', id),
    byCausation: (id) => find('causation', id),
  };
}
