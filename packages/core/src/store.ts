/**
 * `@eventcore/core/store`: what only authors of stores need. What an application speaks of as well (`EventStore`, `Position`,
 * `RecordedEvent`, the errors) is at home in `@eventcore/core`.
 */

export type {
  CallOptions,
  FeedPage,
  FeedQuery,
  HoldQuery,
  ReadRequest,
  ReadResult,
  SharingSettings,
  StoreLimits,
  StoreSettings,
  StreamPage,
  StreamQuery,
} from './store/event-store.js';
export {
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  MAX_EVENT_BYTES,
  MAX_STREAMS,
  prepareAppend,
  type Append,
  type AppendDraft,
  type EventDraft,
  type Expected,
  type NewEvent,
} from './store/append.js';
export { chainFault } from './store/chained-expectation.js';
export { oneByOne, type AppendOne } from './store/one-by-one.js';
export { sharesCalls } from './store/sharing.js';
export { Watchers } from './store/watchers.js';
export type { Answered, Outcome, Stale, StoreFailure } from './store/outcome.js';
export { byteOrder, inByteOrder } from './event/byte-order.js';
export { numbersOfPosition, sequencePosition } from './event/position.js';
export type { AppendReceipt, CommandRecord, EventReceipt, Fingerprint, LeanEvent } from './event/recorded-event.js';
export type {
  Capabilities,
  CheckpointStore,
  ConsumerStep,
  EventLookup,
  FeedHead,
  HandlerTransactions,
  LeaseStore,
  ListedStream,
  PositionDistance,
  RowChange,
  RowStore,
  StreamListing,
} from './store/capabilities.js';
export { MAX_DEPTH, toJson } from './event/json.js';
