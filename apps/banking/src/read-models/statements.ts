/** Reading statements: pages of movements, the newest first, from any day to any day. */
import { consumerOf, type EventStore, type RowOf, type RowStore } from '@eventcore/core';
import { keyOfMovement, Movements, prefixOf } from './movements.js';

export interface Period {
  /** The first and the last moment that count. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface MovementEntry {
  readonly key: string;
  readonly row: RowOf<typeof Movements>;
}

/** Movements of an account in a period, the newest first; those that are older than `before`, a key, if it is given. */
export async function* movementsOf(
  { capabilities }: EventStore,
  account: string,
  { from, to, before }: Period & { readonly before?: string | undefined },
  pageSize = 500,
): AsyncGenerator<MovementEntry, void, undefined> {
  const rows = capabilities.rows!;
  const last = from === undefined ? `${prefixOf(account)}~` : keyOfMovement(account, from, 0);
  let after = before ?? (to === undefined ? prefixOf(account) : keyOfMovement(account, to, Number.MAX_SAFE_INTEGER));
  for (;;) {
    const page = await pageOf(rows, after, pageSize);
    for (const entry of page) {
      if (entry.key > last) return;
      yield entry;
    }
    if (page.length < pageSize) return;
    after = page.at(-1)!.key;
  }
}

/** `rowsOf(…).all()` reads a thousand rows at a time; a page of a statement has a few. So this asks the store itself, and
 * says what the rows are. */
async function pageOf(rows: RowStore, after: string, limit: number): Promise<readonly MovementEntry[]> {
  return (await rows.list(consumerOf(Movements).name, { after, limit })) as unknown as readonly MovementEntry[];
}
