/** Listing streams by id. */
import { version, type StreamId } from '@eventcore/core';
import type { StreamListing } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import { isPossible } from '../sql/possible-text.js';
import type { StoreStatements } from '../sql/statements.js';

export function listing(database: Database, statements: StoreStatements): StreamListing {
  return {
    async list({ prefix, after, limit }) {
      if (!isPossible(prefix)) return [];
      const rows = await database.run(statements.list, [prefix, after ?? null, String(limit)]);
      return rows.map(([id, count]) => ({ stream: id as StreamId, version: version(Number(count)) }));
    },
  };
}
