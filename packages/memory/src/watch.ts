/** Wake-ups for those who wait for news: a hint each, coalesced, since whoever wakes up reads all there is. */

export class Watchers {
  readonly #watchers = new Set<Watcher>();
  #ended = false;

  get size(): number {
    return this.#watchers.size;
  }

  watch(signal: AbortSignal): AsyncIterable<void> {
    // It watches from now on, and not from the first `next()`: what comes in between is news as well.
    const watcher = new Watcher(() => {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', watcher.end);
    });
    if (this.#ended || signal.aborted) {
      watcher.end();
    } else {
      this.#watchers.add(watcher);
      signal.addEventListener('abort', watcher.end);
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
}

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
