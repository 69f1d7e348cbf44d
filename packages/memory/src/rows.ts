/** Rows by table and key, and the steps of consumers that write them. */
import { CheckpointMoved, type Json } from '@eventcore/core';
import { byteOrder, inByteOrder } from '@eventcore/core/store';
import type { ConsumerStep, RowChange } from '@eventcore/core/store';
import type { Checkpoints } from './checkpoints.js';

export class Rows {
  readonly #tables = new Map<string, Table>();
  readonly #checkpoints: Checkpoints;

  constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  load(table: string, keys: readonly string[]): Map<string, Json> {
    const rows = this.#tables.get(table)?.rows;
    const found = new Map<string, Json>();
    for (const key of keys) {
      const row = rows?.get(key);
      if (row !== undefined) found.set(key, row);
    }
    return found;
  }

  list(
    table: string,
    { after, limit }: { readonly after?: string; readonly limit: number },
  ): readonly { readonly key: string; readonly row: Json }[] {
    const found = this.#tables.get(table);
    if (found === undefined) return [];
    const keys = sortedKeys(found);
    const first = after === undefined ? 0 : firstAfter(keys, after);
    return keys.slice(first, first + limit).map((key) => ({ key, row: found.rows.get(key)! }));
  }

  count(table: string): number {
    return this.#tables.get(table)?.rows.size ?? 0;
  }

  /** All of it or nothing: whatever can be refused is refused before anything is written. */
  step({ consumer, from, to, fence, clear = [], rows = [] }: ConsumerStep): void {
    const stands = this.#checkpoints.load(consumer);
    this.#checkpoints.checkFence(consumer, to, fence);
    if (from !== undefined && from !== stands) {
      throw new CheckpointMoved(
        `The step of "${consumer}" was not taken: it was begun at "${from}", and the checkpoint is at "${stands}" by now.`,
        { context: { consumer, position: stands } },
      );
    }
    for (const table of clear) this.#tables.delete(table);
    for (const change of rows) this.#write(change);
    this.#checkpoints.save(consumer, to, fence);
  }

  #write({ table: name, key, row }: RowChange): void {
    let table = this.#tables.get(name);
    if (table === undefined) this.#tables.set(name, (table = { rows: new Map(), sorted: undefined }));
    const isNews = (row === undefined) === table.rows.has(key);
    if (row === undefined) table.rows.delete(key);
    else table.rows.set(key, row);
    if (isNews) table.sorted = undefined;
  }
}

interface Table {
  readonly rows: Map<string, Json>;
  /** Its keys in order, until one comes or goes: sorted by whoever asks, so that steps never pay for it. */
  sorted: readonly string[] | undefined;
}

function sortedKeys(table: Table): readonly string[] {
  return (table.sorted ??= inByteOrder(table.rows.keys()));
}

function firstAfter(keys: readonly string[], after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byteOrder(keys[middle]!, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
