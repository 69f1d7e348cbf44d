/** What handlers get from a memory store's transaction: rows to read and write, all of which are kept, or none. */
import type { Json } from '@eventcore/core';
import { toJson, type ConsumerStep, type RowChange } from '@eventcore/core/store';
import type { Rows } from './rows.js';

/** What a memory store's transaction gives to handlers. */
export interface MemoryContext {
  readonly tx: MemoryTransaction;
}

/**
 * A transaction of the memory store, for the handlers of a projection: what they write becomes visible together with the
 * checkpoint, or not at all. Rows are JSON, by table and key.
 *
 * @example
 * ```ts
 * import { defineStream } from '@eventcore/core';
 * import { defineProjection } from '@eventcore/core/consumers';
 * import type { MemoryContext } from '@eventcore/memory';
 * import * as v from 'valibot';
 *
 * const Account = defineStream('account', {
 *   events: { AccountOpened: v.object({ owner: v.string() }) },
 *   state: () => ({}),
 *   fold: {},
 * });
 *
 * export const Owners = defineProjection<MemoryContext>('owners').on(Account, {
 *   AccountOpened: async ({ data }, { tx }) => {
 *     const accounts = ((await tx.get('owners', data.owner)) ?? 0) as number;
 *     tx.set('owners', data.owner, accounts + 1);
 *   },
 * });
 * ```
 */
export interface MemoryTransaction {
  /** The row, as this transaction sees it. */
  get(table: string, key: string): Promise<Json | undefined>;
  /** @throws `ValidationError` for what isn't JSON. */
  set(table: string, key: string, row: Json): void;
  delete(table: string, key: string): void;
}

/** Writes are kept here until the step is taken: one turn of the event loop for all of it. */
export async function runInTransaction(
  rows: Rows,
  work: (context: MemoryContext) => Promise<ConsumerStep>,
): Promise<void> {
  const written = new Map<string, Map<string, RowChange>>();
  const write = (change: RowChange): void => {
    const table = written.get(change.table) ?? new Map<string, RowChange>();
    written.set(change.table, table.set(change.key, change));
  };
  const tx: MemoryTransaction = {
    async get(table, key) {
      const own = written.get(table)?.get(key);
      return own === undefined ? rows.load(table, [key]).get(key) : own.row;
    },
    set: (table, key, row) => write({ table, key, row: toJson(row, `The row "${key}" of "${table}"`) }),
    delete: (table, key) => write({ table, key, row: undefined }),
  };
  const step = await work({ tx });
  step.rows?.forEach(write);
  rows.step({ ...step, rows: [...written.values()].flatMap((table) => [...table.values()]) });
}
