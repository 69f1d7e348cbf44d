/** Reading streams that aren't warm: those that are wanted while a call is under way are read by the next one, together. */
import { StoreContractBroken } from '../errors/store-errors.js';
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import type { EventStore, StreamQuery } from '../store/event-store.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import { WarmStreams, type FoldedStream } from './warm-streams.js';

/** As many streams as one call asks for. */
const MOST_STREAMS = 500;
/** Calls that are under way at once, so that a long stream doesn't keep short ones waiting. */
const MOST_CALLS = 4;

/** What the store threw, as distinct from what a fold did. */
export class NotRead {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

interface Wanted {
  readonly id: StreamId;
  folded: FoldedStream;
  /** The version of the snapshot in which its first page was read: no further than that. */
  upTo?: Version;
  readonly loaded: (folded: FoldedStream) => void;
  readonly failed: (error: unknown) => void;
}

export class Loading {
  readonly #store: EventStore;
  readonly #warm: WarmStreams;
  readonly #underWay = new Map<
    StreamId,
    { readonly type: StreamTypeInternals; readonly promise: Promise<FoldedStream> }
  >();
  #queue: Wanted[] = [];
  #calls = 0;

  constructor(store: EventStore, warm: WarmStreams) {
    this.#store = store;
    this.#warm = warm;
  }

  /** Rejects with a {@link NotRead}, or with what the stream type's folds throw. */
  load(id: StreamId, type: StreamTypeInternals): Promise<FoldedStream> {
    const underWay = this.#underWay.get(id);
    if (underWay?.type === type) return underWay.promise;
    const promise = new Promise<FoldedStream>((loaded, failed) => {
      const folded = this.#warm.get(id, type) ?? WarmStreams.unread(type);
      this.#queue.push({ id, folded, loaded, failed });
      this.#soon();
    });
    this.#underWay.set(id, { type, promise });
    const done = (): void => {
      if (this.#underWay.get(id)?.promise === promise) this.#underWay.delete(id);
    };
    promise.then(done, done);
    return promise;
  }

  /** Those that ask in the same turn go together. While a call is under way, the next one waits for it, unless it is full. */
  #soon(): void {
    if (this.#calls > 0 && (this.#queue.length < MOST_STREAMS || this.#calls >= MOST_CALLS)) return;
    if (this.#queue.length === 0) return;
    this.#calls += 1;
    void Promise.resolve().then(() => this.#call());
  }

  async #call(): Promise<void> {
    const asked = this.#queue.splice(0, MOST_STREAMS);
    try {
      if (asked.length > 0) await this.#read(asked);
    } finally {
      this.#calls -= 1;
      this.#soon();
    }
  }

  async #read(asked: readonly Wanted[]): Promise<void> {
    const queries = asked.map(({ id, folded, upTo }): StreamQuery => {
      const query = { stream: id, after: folded.version };
      return upTo === undefined ? query : { ...query, upTo };
    });
    try {
      const { pages } = await this.#store.read({ streams: queries });
      for (const [index, wanted] of asked.entries()) this.#absorb(wanted, pages[index]);
    } catch (error) {
      // What can't be read in one stream must not keep the others out.
      if (asked.length > 1 && !isTransient(error)) for (const wanted of asked) await this.#read([wanted]);
      else for (const wanted of asked) wanted.failed(new NotRead(error));
    }
  }

  #absorb(wanted: Wanted, page: Awaited<ReturnType<EventStore['read']>>['pages'][number] | undefined): void {
    const { id } = wanted;
    try {
      if (page?.stream !== id)
        throw new StoreContractBroken(`The store was asked for "${id}", and gave ${page?.stream ?? 'no page'}.`);
      const upTo = wanted.upTo ?? page.version;
      wanted.folded = this.#warm.fold(id, wanted.folded, page.events);
      if (wanted.folded.version > upTo || (page.events.length === 0 && wanted.folded.version < upTo)) {
        throw new StoreContractBroken(
          `"${id}" is at version ${upTo}, and the store gave ${page.events.length} events that lead to ${wanted.folded.version}: was a backup restored, or a replica read?`,
        );
      }
      if (wanted.folded.version < upTo) {
        wanted.upTo = upTo;
        this.#queue.push(wanted);
        return;
      }
      this.#warm.set(id, wanted.folded);
      wanted.loaded(wanted.folded);
    } catch (error) {
      wanted.failed(error);
    }
  }
}

function isTransient(error: unknown): boolean {
  return (error as { readonly retriable?: unknown } | null)?.retriable === true;
}
