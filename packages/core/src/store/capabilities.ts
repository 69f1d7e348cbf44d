/** What a store may offer beyond reading and appending: small interfaces, each one optional and tested by itself. */
import type { Json } from '../event/json.js';
import type { StreamId } from '../event/stream-id.js';
import type { Position, Version } from '../event/position.js';
import type { CommandId, EventId, RecordedEvent } from '../event/recorded-event.js';

/** `Context` is what a store's own transactions give to the handlers that run in them. */
export interface Capabilities<Context = unknown> {
  readonly checkpoints?: CheckpointStore;
  readonly leases?: LeaseStore;
  readonly rows?: RowStore;
  readonly transactions?: HandlerTransactions<Context>;
  readonly lookup?: EventLookup;
  readonly listing?: StreamListing;
  readonly distance?: PositionDistance;
  readonly head?: FeedHead;
  /**
   * A call of several appends is one commit: nobody writes between them, and nobody sees some of them without the others.
   * Only where the engine refuses the call as a whole may its appends be made one by one.
   *
   * Without it each append of a call may be a commit of its own, as `oneByOne` makes them, and others may come in between:
   * `{ after: k }` is judged against the version that append k really left.
   */
  readonly oneCommit?: true;
  /**
   * Whether a call with many appends is one commit, and costs about as much as a call with one: then executions that are under
   * way at the same time share calls. Left out by stores to which a call costs nothing, and by those that commit one by one.
   */
  readonly sharedCalls?: boolean;
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
 * Time ends a lease for those who ask for it next, and for its renewal. A fence stays the current one until another grant, so
 * a worker that is late but alone may still save its checkpoint, and one that somebody has replaced may not.
 *
 * When a lease ends goes by one clock: the store's, where it has one, else those of the clients, which then have to agree as
 * well as leases are long. Only waiting hangs on it, never what is written. A store need not tell less than a second apart; a
 * lease may end later than it was asked for, and never earlier.
 */
export interface LeaseStore {
  /**
   * The lease, or undefined while another holder's is running. Each grant has a higher fence than all before it, also one
   * to the holder that has it already: it may have been started anew, with its old self still around.
   */
  acquire(consumer: string, holder: string, ttlMs: number): Promise<{ readonly fence: number } | undefined>;
  /** The lease, whoever has it: from now on what a former holder writes is refused. For a rebuild. */
  takeOver(consumer: string, holder: string, ttlMs: number): Promise<{ readonly fence: number }>;
  /**
   * Whether the lease still was ours, and then it runs for `ttlMs` from now on. One that has run out is ours no more, also if
   * nobody has taken it: who wants it asks for it anew, and gets a higher fence.
   */
  renew(consumer: string, fence: number, ttlMs: number): Promise<boolean>;
  release(consumer: string, fence: number): Promise<void>;
  /** Who has the lease, as long as it runs; undefined while nobody does. For people: nothing is decided by it. */
  holder?(consumer: string): Promise<string | undefined>;
}

/**
 * A step of a consumer: its checkpoint, and what is written together with it. All of it happens, or nothing does.
 */
export interface ConsumerStep {
  readonly consumer: string;
  /** Where the checkpoint was when the step was begun; anywhere, unless given. Elsewhere by now: `CheckpointMoved`. */
  readonly from?: Position;
  /** Where it is afterwards; perhaps where it was, and then the rows alone are written. */
  readonly to: Position;
  /** A lease's. Not the current one any more: `LeaseLost`. */
  readonly fence?: number;
  /** The tables that are emptied before anything is written. */
  readonly clear?: readonly string[];
  /** No row is there twice. */
  readonly rows?: readonly RowChange[];
}

export interface RowChange {
  readonly table: string;
  readonly key: string;
  /** What the row is from now on; undefined deletes it, if it is there. */
  readonly row: Json | undefined;
}

/**
 * Keeps rows, which are JSON, by table and key, and writes them together with the checkpoint of the consumer whose rows they
 * are. A table is there as soon as it has a row. Names of tables hold letters, digits, `-`, `_` and `/`.
 */
export interface RowStore {
  /** The rows of these keys, as far as there are any. */
  load(table: string, keys: readonly string[]): Promise<ReadonlyMap<string, Json>>;
  /** The rows of a table page by page, in the order of their keys' UTF-8 bytes: those after `after`, at most `limit`. */
  list(
    table: string,
    query: { readonly after?: string; readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly row: Json }[]>;
  /** How many rows a table has. */
  count(table: string): Promise<number>;
  /**
   * Takes a step. The fence is compared first.
   * @throws `LeaseLost` when its fence isn't the current one.
   * @throws `CheckpointMoved` when the checkpoint isn't where the step was begun.
   */
  step(step: ConsumerStep): Promise<void>;
}

/** Runs handlers in a transaction of the store's own, in which the checkpoint moves as well: exactly once. */
export interface HandlerTransactions<Context = unknown> {
  /**
   * Begins a transaction, lets `work` act in it, takes the step that `work` gives back in it, and commits. If anything fails,
   * nothing of it has happened, unless the answer to the commit was lost: then the checkpoint tells.
   *
   * The fence and `from` of the step are compared in the transaction, so that of two which began at the same place only one
   * commits. The store bounds the transaction in time: a worker that was paused in the middle of it holds up nobody for long.
   *
   * @throws what `work` throws, unless the transaction is lost: then `StoreUnavailable`.
   * @throws `LeaseLost`, `CheckpointMoved` as {@link RowStore.step} does.
   */
  run(work: (context: Context) => Promise<ConsumerStep>): Promise<void>;
}

/** Finds events by the ids that tie them together, in position order. */
export interface EventLookup {
  byEvent(id: EventId): Promise<RecordedEvent | undefined>;
  byCommand(id: CommandId): Promise<readonly RecordedEvent[]>;
  byCorrelation(id: string): Promise<readonly RecordedEvent[]>;
  byCausation(id: string): Promise<readonly RecordedEvent[]>;
}

/** Lists streams by id, page by page, in the order of the ids' UTF-8 bytes ({@link byteOrder}). */
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

/**
 * How many events lie between two positions: after `from`, up to and with `to`. From a position to itself it costs nothing, and
 * tells what can be none of the store's own.
 * @throws `ValidationError` for that.
 */
export type PositionDistance = (
  from: Position,
  to: Position,
) => Promise<{ readonly events: number; readonly exact: boolean }>;

/**
 * The position of the last event that there is, also if the feed doesn't give it yet; the start where there is none. It sees all
 * that was acknowledged before the call.
 */
export type FeedHead = () => Promise<Position>;
