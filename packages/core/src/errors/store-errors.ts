/** What stores raise. An adapter translates its driver's errors into these; core never sees a driver's codes. */
import { EventCoreError, nameError } from './event-core-error.js';

/** The store can't be reached, or can't answer now. Nothing is known to be wrong with the call. */
export class StoreUnavailable extends EventCoreError {
  readonly code = 'STORE_UNAVAILABLE';
  override readonly retriable = true;
}
nameError(StoreUnavailable, 'StoreUnavailable');

/**
 * The store can't be used the way it is set up: its schema is missing or of an older release, a right wasn't granted, a password is
 * wrong. Nothing was written. No code has to change, and no trying again helps, but what the message says.
 */
export class StoreMisconfigured extends EventCoreError {
  readonly code = 'STORE_MISCONFIGURED';
}
nameError(StoreMisconfigured, 'StoreMisconfigured');

/** The store was closed, by whoever owns it. */
export class StoreClosed extends EventCoreError {
  readonly code = 'STORE_CLOSED';
}
nameError(StoreClosed, 'StoreClosed');

/** Another worker holds the lease by now: what this one wanted to write was refused. */
export class LeaseLost extends EventCoreError {
  readonly code = 'LEASE_LOST';
}
nameError(LeaseLost, 'LeaseLost');

/** A consumer's checkpoint isn't where it was when a step was begun: somebody else moved it. Nothing was written. */
export class CheckpointMoved extends EventCoreError {
  readonly code = 'CHECKPOINT_MOVED';
  override readonly retriable = true;
}
nameError(CheckpointMoved, 'CheckpointMoved');

/** A store answered in a way that its contract rules out: a fault in the adapter. */
export class StoreContractBroken extends EventCoreError {
  readonly code = 'STORE_CONTRACT_BROKEN';
}
nameError(StoreContractBroken, 'StoreContractBroken');

/** Whether an error is one that stores raise by themselves. */
export function isStoresOwn(error: EventCoreError): boolean {
  return storesOwn.has(error.code);
}
const storesOwn = new Set([
  'STORE_UNAVAILABLE',
  'STORE_MISCONFIGURED',
  'STORE_CLOSED',
  'LEASE_LOST',
  'CHECKPOINT_MOVED',
]);
