/**
 * Consuming all events, in the store's order: first those that are there, then those that come.
 *
 * Who remembers only the position of the last event never skips one. The store's `watch` wakes a subscription up; it is
 * correct without it, since it also looks by itself.
 */
import type { EventFilter, EventStore } from '../store/event-store.js';
import { START, type Position } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { systemRuntime, type Runtime } from '../execute/runtime.js';
import { warn } from '../observe/warn.js';

export interface SubscribeOptions {
  /** Events after this position; from the start, unless given. */
  readonly after?: Position;
  readonly filter?: EventFilter;
  /** Ends the subscription: the loop over it is left as if there were no more events. */
  readonly signal?: AbortSignal;
  /** About how many events to fetch at once. */
  readonly batchSize?: number;
  /** How often to look without having been woken up, in milliseconds. */
  readonly pollInterval?: number;
  readonly runtime?: Runtime;
}

/** Events with what a consumer needs for its checkpoint. A batch never ends inside a command. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** The position of the last committed event that was looked at, matching the filter or not. */
  readonly upTo: Position;
}

export interface Subscription extends AsyncIterable<RecordedEvent> {
  /** Batch by batch; those without a matching event are there too, since their `upTo` moves on. */
  batches(): AsyncIterable<Batch>;
}

/**
 * All events of a store, or those that a filter lets through: first those that are there, then each one as it comes.
 *
 * Nothing is fetched before the loop asks for it. Leaving the loop ends the subscription.
 *
 * @example
 * ```ts
 * for await (const event of subscribe(store, { filter: { types: ['MoneyDeposited'] } })) {
 *   console.log(event.position, event.stream, event.data);
 *   if (event.version === 1) break;
 * }
 * ```
 */
export function subscribe(store: EventStore, options: SubscribeOptions = {}): Subscription {
  return {
    batches: () => batches(store, options),
    async *[Symbol.asyncIterator]() {
      for await (const { events } of batches(store, options)) yield* events;
    },
  };
}

async function* batches(store: EventStore, options: SubscribeOptions): AsyncGenerator<Batch, void, undefined> {
  const { filter, batchSize = 500, signal, pollInterval = 1000, runtime = systemRuntime } = options;
  let after = options.after ?? START;
  const left = new AbortController();
  const ended = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const waker = wakerOf(store, ended);
  try {
    while (!ended.aborted) {
      const woken = waker.next();
      const { events, upTo } = await store.readAll({ after, limit: batchSize, ...(filter && { filter }) });
      if (ended.aborted) return;
      if (upTo === after) {
        await sleepUnlessWoken(woken, pollInterval, ended, runtime);
        continue;
      }
      after = upTo;
      yield { events, upTo };
    }
  } finally {
    left.abort();
  }
}

async function sleepUnlessWoken(
  woken: Promise<void>,
  pollInterval: number,
  ended: AbortSignal,
  runtime: Runtime,
): Promise<void> {
  const awake = new AbortController();
  const asleep = runtime.sleep(pollInterval, AbortSignal.any([ended, awake.signal]));
  await Promise.race([woken, asleep]);
  awake.abort();
}

/** Turns a store's hints into promises: `next` is resolved by the first hint after it was asked for. */
function wakerOf(store: EventStore, ended: AbortSignal): { next(): Promise<void> } {
  if (store.watch === undefined) return { next: () => new Promise(() => undefined) };
  let wake = (): void => undefined;
  let waiting: Promise<void> | undefined;
  void (async () => {
    try {
      for await (const _ of store.watch!(ended)) {
        waiting = undefined;
        wake();
      }
    } catch (error) {
      // Hints are only hints: without them the subscription looks by itself. But somebody should know.
      warn(
        'EVENTCORE_WATCH_FAILED',
        "The store's watch failed, and the subscription goes on by looking at intervals",
        error,
      );
    }
  })();
  return { next: () => (waiting ??= new Promise((resolve) => (wake = resolve))) };
}
