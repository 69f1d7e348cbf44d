import type { EventStore } from '@eventcore/core';
import { aroundCalls, type StoreCall } from './around-store.js';

/**
 * A store that counts its calls: each is a round trip, on a store that is elsewhere.
 *
 * @example
 * ```ts
 * const counted = countCalls(store);
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), counted);
 * console.log(counted.calls); // { read: 1, append: 1, readAll: 0, hold: 0 }
 * ```
 */
export function countCalls<Metadata>(
  store: EventStore<Metadata>,
): EventStore<Metadata> & { readonly calls: Readonly<Record<StoreCall, number>> } {
  const calls = { read: 0, append: 0, readAll: 0, hold: 0 };
  return { ...aroundCalls(store, (call) => void (calls[call] += 1)), calls };
}
