/** Reading streams that aren't warm: those that are wanted while a call is under way are read by the next one, together. */
import { StoreContractBroken } from '../errors/store-errors.js';
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import type { Runtime } from '../runtime/runtime.js';
import type { EventStore, StreamQuery } from '../store/event-store.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import { UnderWay } from './under-way.js';
import { WarmStreams, type FoldedStream } from './warm-streams.js';

/** As many streams as one call asks for. */
const MOST_STREAMS = 500;
/** Calls that are under way at once: the next one goes out when the others are late, or when there is enough for a call. */
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
  readonly #runtime: Runtime;
  readonly #wanted = new Map<
    StreamId,
    { readonly type: StreamTypeInternals; readonly promise: Promise<FoldedStream> }
  >();
  readonly #calls = new Set<UnderWay>();
  #queue: Wanted[] = [];

  constructor(store: EventStore, warm: WarmStreams, runtime: Runtime) {
    this.#store = store;
    this.#warm = warm;
    this.#runtime = runtime;
  }

  /** Rejects with a {@link NotRead}, or with what the stream type's folds throw. */
  load(id: StreamId, type: StreamTypeInternals): Promise<FoldedStream> {
    const wanted = this.#wanted.get(id);
    if (wanted?.type === type) return wanted.promise;
    const promise = new Promise<FoldedStream>((loaded, failed) => {
      const folded = this.#warm.get(id, type) ?? WarmStreams.unread(type);
      this.#queue.push({ id, folded, loaded, failed });
      this.#soon();
    });
    this.#wanted.set(id, { type, promise });
    const done = (): void => {
      if (this.#wanted.get(id)?.promise === promise) this.#wanted.delete(id);
    };
    promise.then(done, done);
    return promise;
  }

  /** Those that ask in the same turn go together. While a call is under way, the next ones wait for it, unless it is late. */
  #soon(): void {
    if (this.#queue.length === 0 || this.#calls.size >= MOST_CALLS) return;
    const early = [...this.#calls].filter(({ late }) => !late);
    if (early.length > 0 && this.#queue.length < MOST_STREAMS) {
      for (const call of early) call.watch(this.#runtime, () => this.#soon());
      return;
    }
    const call = new UnderWay();
    this.#calls.add(call);
    void Promise.resolve().then(() => this.#call(call));
  }

  async #call(call: UnderWay): Promise<void> {
    const asked = this.#queue.splice(0, MOST_STREAMS);
    try {
      if (asked.length > 0) await this.#read(asked);
    } finally {
      call.end();
      this.#calls.delete(call);
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
