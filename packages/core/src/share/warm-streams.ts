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

export class WarmStreams {
  readonly #most: number;
  readonly #onUnknownEvent: OnUnknownEvent;
  /** In the order of their last use. */
  readonly #streams = new Map<StreamId, FoldedStream>();

  constructor(most: number, onUnknownEvent: OnUnknownEvent) {
    this.#most = most;
    this.#onUnknownEvent = onUnknownEvent;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Undefined also for one that was folded by another definition of its type. */
  get(id: StreamId, type: StreamTypeInternals): FoldedStream | undefined {
    const warm = this.#streams.get(id);
    if (warm?.type !== type) return undefined;
    this.#streams.delete(id);
    this.#streams.set(id, warm);
    return warm;
  }

  set(id: StreamId, folded: FoldedStream): void {
    this.#streams.delete(id);
    this.#streams.set(id, folded);
    if (this.#streams.size > this.#most) {
      const [oldest] = this.#streams.keys();
      this.#streams.delete(oldest!);
    }
  }

  forget(id: StreamId): void {
    this.#streams.delete(id);
  }

  /** What was missed since it was last seen, if it leads from there to `actual`; else the stream is forgotten. */
  catchUp(id: StreamId, missed: readonly LeanEvent[] | undefined, actual: Version): void {
    const warm = this.#streams.get(id);
    if (warm === undefined || warm.version === actual) return;
    if (missed === undefined || warm.version + missed.length !== actual) return this.forget(id);
    try {
      this.set(id, this.fold(id, warm, missed));
    } catch {
      // A fold that fails fails the command that needs it, when it reads the stream.
      this.forget(id);
    }
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
