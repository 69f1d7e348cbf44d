/** Finding events by their ids. */
import type { RecordedEvent } from '@eventcore/core';
import type { EventLookup } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import { isPossible } from '../sql/possible-text.js';
import type { PageLimits } from './read.js';
import { recordsOf } from '../sql/record.js';
import type { StoreStatements } from '../sql/statements.js';

export function lookup(database: Database, statements: StoreStatements, limits: PageLimits): EventLookup {
  async function find(kind: string, id: string): Promise<readonly RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    if (!isPossible(id)) return found;
    for (let after: string | undefined = '0'; after !== undefined;) {
      const values = [kind, id, after, String(limits.events), String(limits.bytes)];
      const [[records, upTo] = []] = await database.run(statements.find, values);
      for (const record of recordsOf(records ?? null)) found.push(record);
      after = upTo ?? undefined;
    }
    return found;
  }

  return {
    byEvent: async (id) => (await find('event', id))[0],
    byCommand: (id) => find('command', id),
    byCorrelation: (id) => find('correlation', id),
    byCausation: (id) => find('causation', id),
  };
}
