/**
 * The streams of one execution, as far as they are known: version and state of each. What was read once is kept over all
 * attempts, and only what is new is read or folded.
 */
import { StoreContractBroken } from '../errors/store-errors.js';
import type { Expected } from '../store/append.js';
import type { StreamPage, StreamQuery } from '../store/event-store.js';
import type { Stale } from '../store/outcome.js';
import type { Version } from '../event/position.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import { foldEvents, initialStateOf, type OnUnknownEvent } from '../stream/fold.js';
import type { StreamId } from '../event/stream-id.js';

export interface KnownStream {
  readonly id: StreamId;
  readonly type: StreamTypeInternals;
  version: Version;
  /** Whether it was read already. One that was, and didn't exist, is at the same version as one that never was. */
  read: boolean;
  /** Folded by the stream's own type; undefined where the command has a state of its own. */
  state: unknown;
  /** Every event from the start, where the command has a state of its own: that is folded anew on every attempt. */
  readonly events: LeanEvent[];
}

const NOTHING = 0 as Version;
const NONE: LeanEvent[] = [];

export class KnownStreams {
  readonly #streams = new Map<StreamId, KnownStream>();
  readonly #keepEvents: boolean;
  readonly #detail: 'lean' | 'full';
  readonly #onUnknownEvent: OnUnknownEvent;
  /** Whether what is known is one snapshot. */
  consistent = false;
  eventsRead = 0;

  constructor(options: {
    readonly keepEvents: boolean;
    readonly detail: 'lean' | 'full';
    readonly onUnknownEvent: OnUnknownEvent;
  }) {
    this.#keepEvents = options.keepEvents;
    this.#detail = options.detail;
    this.#onUnknownEvent = options.onUnknownEvent;
  }

  get(id: StreamId): KnownStream | undefined {
    return this.#streams.get(id);
  }

  get size(): number {
    return this.#streams.size;
  }

  values(): Iterable<KnownStream> {
    return this.#streams.values();
  }

  /** Takes a stream in, of which nothing has been read yet. */
  add(id: StreamId, type: StreamTypeInternals): void {
    if (this.#streams.has(id)) return;
    const state = this.#keepEvents ? undefined : initialStateOf(type);
    this.#streams.set(id, {
      id,
      type,
      version: NOTHING,
      read: false,
      state,
      events: this.#keepEvents ? [] : NONE,
    });
    this.consistent = false;
  }

  /** Takes a stream as somebody else has folded it. */
  adopt(id: StreamId, version: Version, state: unknown): void {
    const known = this.#streams.get(id)!;
    known.version = version;
    known.state = state;
  }

  /** Forgets what was adopted: it may never have been. */
  unread(): void {
    for (const known of this.#streams.values()) {
      known.version = NOTHING;
      known.state = initialStateOf(known.type);
    }
    this.consistent = this.#streams.size === 0;
  }

  /** Asks for all that isn't known yet, of every stream. */
  queries(): StreamQuery[] {
    const queries: StreamQuery[] = [];
    for (const { id, version } of this.#streams.values()) queries.push(this.#query(id, version));
    return queries;
  }

  /**
   * Takes in what was read in one snapshot, and says what to ask for next: the rest of pages that ended early, up to the
   * versions of that snapshot, whatever has come since. `moved` tells whether a stream that was read before has moved, or has come into being.
   */
  absorb(
    asked: readonly { readonly stream: StreamId; readonly upTo?: Version }[],
    pages: readonly StreamPage[],
  ): { readonly rest: StreamQuery[]; readonly moved: boolean } {
    const rest: StreamQuery[] = [];
    let moved = false;
    for (let index = 0; index < asked.length; index++) {
      const { stream, upTo } = asked[index]!;
      const page = pages[index];
      const known = this.#streams.get(stream)!;
      if (page?.stream !== stream) {
        throw new StoreContractBroken(`The store was asked for "${stream}", and gave ${page?.stream ?? 'no page'}.`);
      }
      const { events } = page;
      const version = upTo ?? page.version;
      if (version < known.version) throw shrunk(known, version);
      const wasRead = known.read;
      known.read = true;
      if (version === known.version) continue;
      if (events.length === 0)
        throw new StoreContractBroken(
          `The store says that "${stream}" is at version ${version}, and gave no event after ${known.version}.`,
        );
      if (wasRead) moved = true;
      this.#fold(known, events);
      if (known.version > version) {
        throw new StoreContractBroken(
          `The store gave events of "${stream}" after version ${version}, which was asked for.`,
        );
      }
      if (known.version < version) rest.push({ ...this.#query(stream, known.version), upTo: version });
    }
    return { rest, moved };
  }

  /**
   * Takes in what a conflict says was missed. When it said all, what is known is one snapshot again: that of the refusal,
   * in which every stream that was expected and wasn't stale was as expected. Of streams that weren't expected, read by an
   * earlier attempt alone, it says nothing: they are forgotten.
   */
  absorbMissed(stale: readonly Stale[], expected: ReadonlyMap<StreamId, Expected>): void {
    for (const { id } of this.#streams.values()) {
      if (typeof expected.get(id) !== 'number') this.#streams.delete(id);
    }
    for (const conflict of stale) {
      const known = this.#streams.get(conflict.stream);
      const missed = conflict.reason === 'stale' && this.#detail === 'lean' ? (conflict.missed ?? []) : [];
      if (known !== undefined && missed.length > 0 && known.version + missed.length === conflict.actual)
        this.#fold(known, missed);
      else this.consistent = false;
    }
  }

  #query(stream: StreamId, after: Version): StreamQuery {
    return this.#detail === 'full' ? { stream, after, detail: 'full' } : { stream, after };
  }

  #fold(known: KnownStream, events: readonly LeanEvent[]): void {
    if (this.#keepEvents) for (const event of events) known.events.push(event);
    else known.state = foldEvents(known.type, known.id, known.state, events, this.#onUnknownEvent);
    known.version = (known.version + events.length) as Version;
    this.eventsRead += events.length;
  }
}

/** Versions only grow. Whoever finds one smaller looks at another history: a restored backup, a lagging replica. */
function shrunk({ id, version }: KnownStream, now: Version): StoreContractBroken {
  return new StoreContractBroken(
    `"${id}" was at version ${version}, and the store now says ${now}. Versions only grow: was a backup restored, or a replica read?`,
  );
}
