/** Rows by table and key, which consumers write in their steps. */
import { DefinitionError, type Json } from '@eventcore/core';
import type { RowStore } from '@eventcore/core/store';
import type { Database, Run } from '../connection/database.js';
import { isPossible } from '../sql/possible-text.js';
import { SEPARATOR } from '../sql/sql.js';
import { isOneStatement, takeStep, type StepWriter } from './step.js';

export function rowStore(database: Database, writer: StepWriter): RowStore {
  const { statements, own } = writer;
  const run: Run = (statement, values) => database.run(statement, values);
  const looked = new Set<string>();

  /** Once for each. A read model that was given a table later would go on in it as if it had been empty all the time. */
  async function refuseIfLeftBehind(table: string): Promise<void> {
    if (looked.has(table)) return;
    const documents = await run(statements.listRows, [table, null, '1']);
    if (documents.length > 0) {
      throw new DefinitionError(
        `The read model "${table}" has a table of its own by now, and its rows are documents, from before. Build it anew: for await (const { done } of rebuild(store, …)) {}.`,
      );
    }
    looked.add(table);
  }
  return {
    async load(table, keys) {
      const possible = keys.filter(isPossible);
      if (possible.length === 0) return new Map();
      const theirs = own.get(table);
      if (theirs !== undefined) {
        await refuseIfLeftBehind(table);
        return theirs.load(run, possible);
      }
      const [[found, datas] = []] = await run(statements.loadRows, [table, possible.join(SEPARATOR)]);
      if (typeof found !== 'string') return new Map();
      const rows = JSON.parse(`[${datas}]`) as readonly Json[];
      return new Map(found.split(SEPARATOR).map((key, index) => [key, rows[index]!]));
    },
    async list(table, { after, limit }) {
      const theirs = own.get(table);
      if (theirs !== undefined) {
        await refuseIfLeftBehind(table);
        return theirs.list(run, after ?? '', limit);
      }
      const found = await run(statements.listRows, [table, after ?? null, String(limit)]);
      return found.map(([key, row]) => ({ key: key!, row: JSON.parse(row!) as Json }));
    },
    async count(table) {
      const theirs = own.get(table);
      if (theirs !== undefined) {
        await refuseIfLeftBehind(table);
        return theirs.count(run);
      }
      const [[count] = []] = await run(statements.countRows, [table]);
      return Number(count);
    },
    step: (step) =>
      isOneStatement(writer, step)
        ? takeStep(run, writer, step)
        : database.transaction((within) => takeStep(within, writer, step)),
  };
}
