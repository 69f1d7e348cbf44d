/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The store contract: what an adapter implements, and what the executor rests on.
 *
 * **Reading.** `read` answers for any number of streams, and for command ids, as of *one* snapshot that holds
 * everything acknowledged before the call. A page's `version` is the stream's version in that snapshot; 0 means that it
 * doesn't exist. A page may end early, though not before its first event, and then the reader goes on with `after += events.length, upTo = version`:
 * history is immutable, so later pages need no snapshot.
 *
 * **Appending.** `append` takes any number of commands. Each one is all or nothing and judged by itself, in their
 * order; what one is refused for doesn't touch its neighbours. A store that can makes the whole call one commit, and says so
 * (`capabilities.oneCommit`). In others somebody else may come between the appends of a call. That is no refusal of the call:
 * what was committed before stays, and whatever the newcomer has overtaken is a conflict like any other.
 * Inside, the order of the steps is what makes it safe:
 *
 * 1. Lock the declared streams, those that are only read as well. (A store that runs alone in its process needs none.)
 * 2. Answer the command ids that are recorded already, *before* versions are looked at: `duplicate` with the recorded
 *    receipt if the fingerprints agree or either is `{ any: true }`, else `idReused`. An append that is sent again after
 *    a lost reply would otherwise meet its own events, and take them for somebody else's.
 * 3. Compare every expectation. A number is committed history: it is refused too for a stream that an earlier append of
 *    the same call has moved (`moved`). `{ after: k }` is the stream as append k of this call leaves it, and is refused
 *    when that one wasn't applied here (`chain`) or another append has moved the stream since (`moved`); where somebody
 *    else has come in between, it is `stale`, with the version where the stream is now. `'any'` expects nothing. A number that the stream has not reached is as `stale` as one that it has passed.
 * 4. Draw positions in the appends' order, one number a command, and record. The events of a command stand together.
 *
 * An append without events is checked like any other, leaves no record, and is `committed` with no events.
 *
 * A conflict lists every stream that wasn't as expected, and of those that are stale also what was missed, unless that is
 * more than some cap in bytes: all of it or nothing, never a part. Then a retry reads nothing. What a store gives out is the reader's: nothing done to it changes what is kept.
 *
 * **Outcomes.** `committed`, `duplicate`, `conflict` and `idReused` are the truth. `failed` was certainly not applied.
 * `unknown` may have been, or may yet be. `append` throws only if nothing was sent. A call whose outcome is unknown is
 * sent again whole and unchanged until it is answered.
 *
 * **The feed.** `readAll` gives events in position order and whole commands: a page never ends inside one (so the limit
 * is soft), while `after` may point inside one. Filters apply before the limit. `upTo` is the position of the last
 * committed event that was looked at, matching or not, so that a filtered reader advances; `upTo === after` is the end
 * for now. Positions are printable ASCII, at most 255 characters. An `after` that can be none of the store's own is refused by
 * a `ValidationError`, or goes on where plain string order has it. A filter's part that lists nothing matches nothing. A reader that remembers only `upTo` never skips an event, whatever commits late.
 *
 * **The end.** After `close` every call throws `StoreClosed`, and every watch ends.
 *
 * A minimal store is `read`, `append`, `readAll` and `close`. The rest is optional, and tested when it is there.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { StreamId } from '../event/stream-id.js';
import type { Append } from './append.js';
import type { Capabilities } from './capabilities.js';
import type { Outcome } from './outcome.js';
import type { Position, Version } from '../event/position.js';
import type { CommandId, CommandRecord, LeanEvent, RecordedEvent } from '../event/recorded-event.js';

export interface EventStore<Metadata = unknown> extends AsyncDisposable {
  read(request: ReadRequest, options?: CallOptions): Promise<ReadResult>;
  append(appends: readonly Append[], options?: CallOptions): Promise<readonly Outcome[]>;
  readAll(query: FeedQuery, options?: CallOptions): Promise<FeedPage>;

  /**
   * Decides under locks, so that no conflict is possible: locks the streams, hands over all that the caller has missed of
   * each (nobody can read on while holding), calls `decide` once, appends what `decide` gives back, commits. `decide` is synchronous, and the store bounds the hold in time.
   * It throws what `decide` throws, and whatever kept it from sending; then nothing was written.
   */
  hold?(
    queries: readonly HoldQuery[],
    decide: (pages: readonly StreamPage[]) => readonly Append[],
    options?: CallOptions,
  ): Promise<readonly Outcome[]>;

  /** Wakes up when something may be new. A hint: nothing may depend on it. Ends when the signal does. */
  watch?(signal: AbortSignal): AsyncIterable<void>;

  readonly capabilities: Capabilities;
  readonly settings?: StoreSettings<Metadata>;
  /** What the store takes of one command, where that is less than what a command may have. */
  readonly limits?: StoreLimits;

  /** Lets go of what the store itself opened. A pool that the user gave is never ended. */
  close(): Promise<void>;
}

/** What an application decides once for all its commands on a store. */
export interface StoreSettings<Metadata = unknown> {
  /** The schema of the custom metadata that every command on this store carries. */
  readonly metadata?: StandardSchemaV1<unknown, Metadata>;
  /** What folding does with an event that its stream type doesn't know. The default is to throw `UnknownEventType`. */
  readonly onUnknownEvent?: 'throw' | 'skip';
  /**
   * Whether commands that are under way at the same time share calls and commits. The default is what suits the store. By
   * `warmStreams`, of how many streams the state is kept for that: of the 10,000 that were used last, unless given.
   */
  readonly share?: boolean | SharingSettings;
}

export interface SharingSettings {
  readonly warmStreams?: number;
}

/** Core heeds them before it reads anything for a command, so that nobody learns of them at the append. */
export interface StoreLimits {
  /** The most streams that a command may name, declared and discovered together; 1,000 unless given, and never more. */
  readonly streams?: number;
}

/**
 * For every call: a store passes them to its driver as well as it can, and rejects with any error where they end a call.
 * `Aborted`, `DeadlineExceeded` and `Indeterminate` are the executor's to raise, and it does so whatever the store's error is.
 */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The moment, in milliseconds since the epoch, after which nobody waits for the answer any more. */
  readonly deadline?: number;
}

export interface ReadRequest {
  readonly streams: readonly StreamQuery[];
  /** Command ids to look up in the same snapshot. It saves work and decides nothing: `append` does. */
  readonly commands?: readonly CommandId[];
}

export interface StreamQuery {
  readonly stream: StreamId;
  /** Events after this version. */
  readonly after: Version;
  /** ... and up to this one; without it, up to the stream's end. */
  readonly upTo?: Version;
  /** At most so many events. */
  readonly limit?: number;
  /** `full` asks for whole records; the default is lean. */
  readonly detail?: 'lean' | 'full';
}

export interface ReadResult {
  /** One page for each query, in the queries' order. */
  readonly pages: readonly StreamPage[];
  /** One entry for each command id that was asked for, in that order. */
  readonly recorded: readonly (CommandRecord | undefined)[];
}

export interface StreamPage<Event extends LeanEvent = LeanEvent> {
  readonly stream: StreamId;
  /** The stream's version in the snapshot. */
  readonly version: Version;
  readonly events: readonly Event[];
}

export interface HoldQuery {
  readonly stream: StreamId;
  /** The version that the caller knows. */
  readonly after: Version;
  /** `write` for streams that may be appended to, `read` for those that only have to stand still. */
  readonly mode: 'write' | 'read';
  readonly detail?: 'lean' | 'full';
}

export interface FeedQuery {
  readonly after: Position;
  readonly filter?: EventFilter;
  /** About how many events to give. */
  readonly limit: number;
}

/** Each part that is there has to match. */
export interface EventFilter {
  readonly types?: readonly string[];
  /** Plain prefixes of stream ids: no character in them is special. */
  readonly streamPrefixes?: readonly string[];
  readonly streams?: readonly StreamId[];
}

export interface FeedPage {
  readonly events: readonly RecordedEvent[];
  /** The position of the last committed event that was looked at; equal to `after`: nothing more for now. */
  readonly upTo: Position;
}
