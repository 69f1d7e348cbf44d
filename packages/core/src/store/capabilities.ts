/** What a store may offer beyond reading and appending: small interfaces, each one optional and tested by itself. */
import type { StreamId } from '../event/stream-id.js';
import type { Position, Version } from '../event/position.js';
import type { CommandId, EventId, RecordedEvent } from '../event/recorded-event.js';

export interface Capabilities {
  readonly checkpoints?: CheckpointStore;
  readonly leases?: LeaseStore;
  readonly lookup?: EventLookup;
  readonly listing?: StreamListing;
  readonly distance?: PositionDistance;
}

/** Remembers how far each consumer has come. */
export interface CheckpointStore {
  /** The consumer's checkpoint; {@link START} for one that has none. */
  load(consumer: string): Promise<Position>;
  /**
   * Moves the checkpoint. With a `fence`, a lease's, it is refused when the lease has passed on.
   * @throws `LeaseLost` when the fence isn't the current one.
   */
  save(consumer: string, position: Position, fence?: number): Promise<void>;
}

/**
 * One active worker for each name, across processes.
 *
 * Time ends a lease only for those who ask for it next: a fence stays the current one until another grant, so a worker
 * that is late but alone may still save its checkpoint, and one that somebody has replaced may not.
 */
export interface LeaseStore {
  /**
   * The lease, or undefined while another holder's is running. Each grant has a higher fence than all before it, also one
   * to the holder that has it already: it may have been started anew, with its old self still around.
   */
  acquire(consumer: string, holder: string, ttlMs: number): Promise<{ readonly fence: number } | undefined>;
  /** Whether the lease still was ours, and runs on. */
  renew(consumer: string, fence: number, ttlMs: number): Promise<boolean>;
  release(consumer: string, fence: number): Promise<void>;
}

/** Finds events by the ids that tie them together, in position order. */
export interface EventLookup {
  byEvent(id: EventId): Promise<RecordedEvent | undefined>;
  byCommand(id: CommandId): Promise<readonly RecordedEvent[]>;
  byCorrelation(id: string): Promise<readonly RecordedEvent[]>;
  byCausation(id: string): Promise<readonly RecordedEvent[]>;
}

/** Lists streams by id, page by page, in plain string order. */
export interface StreamListing {
  list(query: {
    readonly prefix: string;
    readonly after?: StreamId;
    readonly limit: number;
  }): Promise<readonly ListedStream[]>;
}

export interface ListedStream {
  readonly stream: StreamId;
  readonly version: Version;
}

/** How many events lie between two positions: after `from`, up to and with `to`. */
export type PositionDistance = (
  from: Position,
  to: Position,
) => Promise<{ readonly events: number; readonly exact: boolean }>;
