/**
 * Streams as they were last seen: version and folded state, the least recently used forgotten first.
 *
 * Hints, all of them. Whoever decides on one has it compared by the append, which tells what was missed meanwhile; so one
 * that is out of date costs a round trip, and never a wrong decision.
 */
import type { Version } from '../event/position.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import { foldEvents, initialStateOf, type OnUnknownEvent } from '../stream/fold.js';

/** A stream at a version, folded by its own type. */
export interface FoldedStream {
  readonly type: StreamTypeInternals;
  readonly version: Version;
  readonly state: unknown;
}

const NOTHING = 0 as Version;

/** By so many definitions of its type one stream is kept folded: by one, nearly always. */
const MOST_DEFINITIONS = 4;

export class WarmStreams {
  readonly #most: number;
  readonly #onUnknownEvent: OnUnknownEvent;
  /** In the order of their last use; each as every definition of its type has it that was asked for. */
  readonly #streams = new Map<StreamId, readonly FoldedStream[]>();

  constructor(most: number, onUnknownEvent: OnUnknownEvent) {
    this.#most = most;
    this.#onUnknownEvent = onUnknownEvent;
  }

  get size(): number {
    return this.#streams.size;
  }

  get(id: StreamId, type: StreamTypeInternals): FoldedStream | undefined {
    const warm = this.#streams.get(id);
    if (warm === undefined) return undefined;
    this.#put(id, warm);
    return warm.find((folded) => folded.type === type);
  }

  set(id: StreamId, folded: FoldedStream): void {
    const warm = this.#streams.get(id);
    const others =
      warm === undefined || isOnly(warm, folded.type) ? [] : warm.filter(({ type }) => type !== folded.type);
    this.#put(id, [folded, ...others.slice(0, MOST_DEFINITIONS - 1)]);
    if (this.#streams.size > this.#most) {
      const [oldest] = this.#streams.keys();
      this.#streams.delete(oldest!);
    }
  }

  #put(id: StreamId, warm: readonly FoldedStream[]): void {
    this.#streams.delete(id);
    if (warm.length > 0) this.#streams.set(id, warm);
  }

  forget(id: StreamId): void {
    this.#streams.delete(id);
  }

  /** What was missed since it was last seen, where it leads from there to `actual`; else what was known of the stream is forgotten. */
  catchUp(id: StreamId, missed: readonly LeanEvent[] | undefined, actual: Version): void {
    const warm = this.#streams.get(id);
    if (warm === undefined) return;
    const caughtUp = warm.map((folded) => {
      if (folded.version === actual) return folded;
      if (missed === undefined || folded.version + missed.length !== actual) return undefined;
      try {
        return this.fold(id, folded, missed);
      } catch {
        // A fold that fails fails the command that needs it, when it reads the stream.
        return undefined;
      }
    });
    this.#put(
      id,
      caughtUp.filter((folded) => folded !== undefined),
    );
  }

  /** Goes on folding. @throws what the stream type's folds throw, and `UnknownEventType`. */
  fold(id: StreamId, { type, version, state }: FoldedStream, events: readonly LeanEvent[]): FoldedStream {
    return {
      type,
      version: (version + events.length) as Version,
      state: foldEvents(type, id, state, events, this.#onUnknownEvent),
    };
  }

  /** A stream of which nothing is known yet. */
  static unread(type: StreamTypeInternals): FoldedStream {
    return { type, version: NOTHING, state: initialStateOf(type) };
  }
}

const isOnly = ([first, second]: readonly FoldedStream[], type: StreamTypeInternals): boolean =>
  second === undefined && first?.type === type;
