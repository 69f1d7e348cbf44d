/**
 * Time that passes only when something happens. Whoever sleeps is woken in the order of time, one after the other, and
 * whoever was woken goes on until it sleeps again, before the next one is. So the same program sleeps and wakes in the same
 * order every time, and an hour takes no longer than what happens in it.
 */
interface Sleeper {
  readonly at: number;
  /** Who went to sleep first is woken first. */
  readonly order: number;
  wake(): void;
}

/** Taken before any test framework can put something else in its place. */
const { nextTick } = process;

export class VirtualTime {
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 1);
  #order = 0;
  /** A binary heap. */
  readonly #sleepers: Sleeper[] = [];

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
      this.#push({ at: this.now + Math.max(0, milliseconds), order: this.#order++, wake });
    });
  }

  /** Lets time pass until something is done, or until it never will be: nobody sleeps, or a moment has come. */
  async pass(done: () => boolean, latest: number): Promise<void> {
    await everythingElse();
    while (!done()) {
      const next = this.#sleepers[0];
      if (next === undefined || next.at > latest) return;
      this.#pop();
      this.now = Math.max(this.now, next.at);
      next.wake();
      await everythingElse();
    }
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers;
    let index = heap.push(sleeper) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(sleeper, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = sleeper;
  }

  #pop(): void {
    const heap = this.#sleepers;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Sleeper, other: Sleeper): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** All that can go on without anybody waking up has gone on by then: ticks come when there are no more microtasks. */
function everythingElse(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}
