/** Rows by table and key, which consumers write in their steps. */
import type { Json, RowStore } from '@eventcore/core';
import type { Database, Run } from './connection/database.js';
import { isPossible } from './feed.js';
import { SEPARATOR } from './schema/sql.js';
import { isOneStatement, takeStep, type StepWriter } from './step.js';

export function rowStore(database: Database, writer: StepWriter): RowStore {
  const { statements, own } = writer;
  const run: Run = (statement, values) => database.run(statement, values);
  return {
    async load(table, keys) {
      const possible = keys.filter(isPossible);
      if (possible.length === 0) return new Map();
      const theirs = own.get(table);
      if (theirs !== undefined) return theirs.load(run, possible);
      const [[found, datas] = []] = await run(statements.loadRows, [table, possible.join(SEPARATOR)]);
      if (typeof found !== 'string') return new Map();
      const rows = JSON.parse(`[${datas}]`) as readonly Json[];
      return new Map(found.split(SEPARATOR).map((key, index) => [key, rows[index]!]));
    },
    async list(table, { after, limit }) {
      const theirs = own.get(table);
      if (theirs !== undefined) return theirs.list(run, after ?? '', limit);
      const found = await run(statements.listRows, [table, after ?? null, String(limit)]);
      return found.map(([key, row]) => ({ key: key!, row: JSON.parse(row!) as Json }));
    },
    step: (step) =>
      isOneStatement(writer, step)
        ? takeStep(run, writer, step)
        : database.transaction((within) => takeStep(within, writer, step)),
  };
}
