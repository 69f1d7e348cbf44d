/** Reading statements: pages of movements, the newest first, from any day to any day. */
import type { EventStore } from '@eventcore/core';
import { rowsOf, type RowOf } from '@eventcore/core/consumers';
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
  store: EventStore,
  account: string,
  { from, to, before }: Period & { readonly before?: string | undefined },
  pageSize = 500,
): AsyncGenerator<MovementEntry, void, undefined> {
  const movements = rowsOf(store, Movements);
  const last = from === undefined ? `${prefixOf(account)}~` : keyOfMovement(account, from, 0);
  const first = to === undefined ? prefixOf(account) : keyOfMovement(account, to, Number.MAX_SAFE_INTEGER);
  let after = before !== undefined && before > first ? before : first;
  for (;;) {
    const page = await movements.page({ after, limit: pageSize });
    for (const entry of page) {
      if (entry.key > last) return;
      yield entry;
    }
    if (page.length < pageSize) return;
    after = page.at(-1)!.key;
  }
}
