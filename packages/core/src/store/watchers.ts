/**
 * Wake-ups for those who wait for news: what a store's `watch` is made of. They are hints, which may come too often, too
 * late or not at all; several that come while somebody is busy are one, since whoever wakes up reads all there is.
 */

/** Begins to hear of news from elsewhere, and gives back how to end that. */
type Listen = () => (() => void) | undefined;

/**
 * Those who watch a store. `wake` tells all of them; `end` ends them, and those to come.
 *
 * A store that others write to as well says how it hears of that: it listens while there is anybody to be told.
 *
 * @example
 * ```ts
 * const watchers = new Watchers();
 * const watch: EventStore['watch'] = (signal) => watchers.watch(signal);
 * // … and after each append:
 * watchers.wake();
 * ```
 */
export class Watchers {
  readonly #listen: Listen;
  readonly #watchers = new Set<Watcher>();
  #stop: (() => void) | undefined;
  #ended = false;

  constructor(listen: Listen = () => undefined) {
    this.#listen = listen;
  }

  get size(): number {
    return this.#watchers.size;
  }

  watch(signal: AbortSignal): AsyncIterable<void> {
    // It watches from now on, and not from the first `next()`: what comes in between is news as well.
    const watcher = new Watcher(() => {
      signal.removeEventListener('abort', watcher.end);
      this.#leave(watcher);
    });
    if (this.#ended || signal.aborted) {
      watcher.end();
    } else {
      signal.addEventListener('abort', watcher.end);
      this.#watchers.add(watcher);
      if (this.#watchers.size === 1) this.#stop = this.#listen();
    }
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

/** One who waits. */
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
