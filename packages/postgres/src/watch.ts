/**
 * Wake-ups for those who wait for news: hints, which may come too often, too late or not at all. Who reads the feed looks by
 * itself as well.
 *
 * Appends that are made here wake the watchers here at once. Those of other processes are heard by one connection that
 * listens for all watchers, as long as there are any.
 */
import type { Listen } from './connection/database.js';

export class Watchers {
  readonly #listen: () => (() => void) | undefined;
  readonly #watchers = new Set<Watcher>();
  #stop: (() => void) | undefined;
  #ended = false;

  constructor(listen: Listen | undefined, channel: string) {
    this.#listen = () => listen?.(channel, () => this.wake());
  }

  watch(signal: AbortSignal): AsyncIterable<void> {
    // It watches from now on, and not from the first `next()`: what comes in between is news as well.
    const watcher = new Watcher(() => {
      signal.removeEventListener('abort', watcher.end);
      this.#leave(watcher);
    });
    if (this.#ended || signal.aborted) {
      watcher.end();
      return watcher;
    }
    signal.addEventListener('abort', watcher.end);
    this.#watchers.add(watcher);
    if (this.#watchers.size === 1) this.#stop = this.#listen();
    return watcher;
  }

  wake(): void {
    for (const watcher of this.#watchers) watcher.wake();
  }

  /** Ends them all, and those to come. */
  end(): void {
    this.#ended = true;
    for (const watcher of this.#watchers) watcher.end();
  }

  #leave(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }
}

/** One who waits. Wake-ups that come while he is busy are one. */
class Watcher implements AsyncIterableIterator<void> {
  readonly #leave: () => void;
  #news = false;
  #ended = false;
  #waiting: PromiseWithResolvers<IteratorResult<void>> | undefined;

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  wake(): void {
    if (this.#waiting === undefined) this.#news = true;
    else this.#answer({ done: false, value: undefined });
  }

  readonly end = (): void => {
    this.#ended = true;
    this.#answer({ done: true, value: undefined });
    this.#leave();
  };

  next(): Promise<IteratorResult<void>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#news) {
      this.#news = false;
      return Promise.resolve({ done: false, value: undefined });
    }
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  return(): Promise<IteratorResult<void>> {
    this.end();
    return this.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #answer(result: IteratorResult<void>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(result);
  }
}
