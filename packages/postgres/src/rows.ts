/** Rows by table and key, which consumers write in their steps. */
import type { Json, RowStore } from '@eventcore/core';
import type { Database } from './connection/database.js';
import { isPossible } from './feed.js';
import { SEPARATOR } from './schema/sql.js';
import type { StoreStatements } from './statements.js';
import { takeStep } from './step.js';

export function rowStore(database: Database, statements: StoreStatements): RowStore {
  return {
    async load(table, keys) {
      const possible = keys.filter(isPossible);
      if (possible.length === 0) return new Map();
      const found = await database.run(statements.loadRows, [table, possible.join(SEPARATOR)]);
      return new Map(found.map(([key, row]) => [key!, JSON.parse(row!) as Json]));
    },
    async list(table, { after, limit }) {
      const found = await database.run(statements.listRows, [table, after ?? null, String(limit)]);
      return found.map(([key, row]) => ({ key: key!, row: JSON.parse(row!) as Json }));
    },
    step: (step) => takeStep((statement, values) => database.run(statement, values), statements, step),
  };
}
