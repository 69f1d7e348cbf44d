import { StoreUnavailable, type EventStore } from '@eventcore/core';
import { aroundCalls, checkCall, type StoreCall } from './around-store.js';

/**
 * A store whose next call of one kind throws, before anything is sent; all others go through.
 *
 * @example
 * ```ts
 * const receipt = await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), failOnce(store, 'append'));
 * console.log(receipt.attempts); // 2: it was unavailable the first time
 * ```
 */
export function failOnce<Metadata>(
  store: EventStore<Metadata>,
  call: StoreCall,
  error: Error = new StoreUnavailable(`The store could not be reached (failOnce: ${call}).`),
): EventStore<Metadata> {
  checkCall(call);
  let failed = false;
  return aroundCalls(store, (kind) => {
    if (kind !== call || failed) return;
    failed = true;
    throw error;
  });
}
