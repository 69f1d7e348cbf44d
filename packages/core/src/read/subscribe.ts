/**
 * Consuming all events, in the store's order: first those that are there, then those that come.
 *
 * Who remembers only the position of the last event never skips one. The store's `watch` wakes a subscription up; it is
 * correct without it, since it also looks by itself.
 */
import { inspect } from 'node:util';
import { ValidationError, type Issue } from '../errors/input-errors.js';
import type { EventFilter, EventStore } from '../store/event-store.js';
import { START, type Position } from '../event/position.js';
import type { Json } from '../event/json.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { systemRuntime, type Runtime } from '../runtime/runtime.js';
import { warn } from '../observe/warn.js';
import type { EventUnion, StreamType } from '../stream/define-stream.js';
import type { Mistake } from '../stream/mistake.js';
import type { Carried } from '../store/metadata.js';
import { typedFeed } from './typed-feed.js';

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

/** What to subscribe to, where it is all streams of some types. */
export interface SubscribeToTypes<Types extends readonly object[]> extends SubscribeOptions {
  /** Only streams of these types, whose events are given typed, and as their newest schemas have them. */
  readonly streamTypes: Types & { readonly [Index in keyof Types]: StreamTypeVerdict<Types[Index]> };
}

type StreamTypeVerdict<T> =
  T extends StreamType<infer _Name, infer _Events, infer _State>
    ? unknown
    : Mistake<'streamTypes are what defineStream gives: [Account, Order]'>;

/** Events with what a consumer needs for its checkpoint. A batch never ends inside a command. */
export interface Batch<Event = RecordedEvent> {
  readonly events: readonly Event[];
  /** The position of the last committed event that was looked at, matching the filter or not. */
  readonly upTo: Position;
}

export interface Subscription<Event = RecordedEvent> extends AsyncIterable<Event> {
  /** Batch by batch; those without a matching event are there too, since their `upTo` moves on. */
  batches(): AsyncIterable<Batch<Event>>;
}

/**
 * All events of a store, or those that a filter lets through: first those that are there, then each one as it comes.
 *
 * Nothing is fetched before the loop asks for it. Leaving the loop ends the subscription.
 *
 * With `streamTypes` events are typed, and upcast to their newest schemas; without, they come as they were stored.
 *
 * @throws {@link ValidationError} at once, for options that no store could be asked with.
 * @throws `UnknownEventType` from the loop, for an event that its stream type doesn't know, unless the store skips those.
 *
 * @example
 * ```ts
 * for await (const event of subscribe(store, { streamTypes: [Account] })) {
 *   if (event.type === 'MoneyDeposited') console.log(event.stream, event.data.amount);
 *   if (event.type === 'AccountClosed') break;
 * }
 * ```
 *
 * @example
 * ```ts
 * for await (const event of subscribe(store, { filter: { types: ['MoneyDeposited'] } })) {
 *   console.log(event.position, event.stream, event.data);
 *   if (event.version === 1) break;
 * }
 * ```
 */
export function subscribe<const Types extends readonly object[], Metadata>(
  store: EventStore<Metadata>,
  options: SubscribeToTypes<Types>,
): Subscription<EventsOf<Types[number], Carried<Metadata>>>;
export function subscribe<Metadata>(
  store: EventStore<Metadata>,
  options?: SubscribeOptions,
): Subscription<RecordedEvent<string, Json, Carried<Metadata>>>;
export function subscribe(
  store: EventStore,
  given: SubscribeOptions & { readonly streamTypes?: readonly object[] } = {},
): Subscription {
  checkOptions(given);
  const { streamTypes, ...options } = given;
  if (streamTypes === undefined) return subscription(store, options, (events) => events);
  const { filter, current } = typedFeed(store, streamTypes, options.filter);
  return subscription(store, { ...options, filter }, current);
}

type EventsOf<Type, Metadata> =
  Type extends StreamType<infer _Name, infer E, infer _State> ? EventUnion<E, unknown, Metadata> : never;

/** `as` gives events as they are to be given, one by one, so that those before one that fails are given all the same. */
function subscription(
  store: EventStore,
  options: SubscribeOptions,
  as: (events: readonly RecordedEvent[]) => Iterable<RecordedEvent>,
): Subscription {
  return {
    async *batches() {
      for await (const { events, upTo } of batches(store, options)) yield { events: [...as(events)], upTo };
    },
    async *[Symbol.asyncIterator]() {
      for await (const { events } of batches(store, options)) {
        for (const event of as(events)) {
          if (options.signal?.aborted === true) return;
          yield event;
        }
      }
    },
  };
}

function checkOptions({
  batchSize = 1,
  pollInterval = 1,
  filter = {},
  streamTypes = [],
}: SubscribeOptions & { readonly streamTypes?: unknown }): void {
  const issues: Issue[] = [];
  const refuse = (path: readonly string[], needed: string, value: unknown): void =>
    void issues.push({ path, message: `must be ${needed}, not ${inspect(value, { depth: 0 })}` });

  if (!Number.isSafeInteger(batchSize) || batchSize < 1) refuse(['batchSize'], 'a whole number from 1 on', batchSize);
  if (!Number.isFinite(pollInterval) || pollInterval <= 0)
    refuse(['pollInterval'], 'a positive number of milliseconds', pollInterval);
  if (!Array.isArray(streamTypes)) refuse(['streamTypes'], 'an array of stream types', streamTypes);
  if (typeof filter !== 'object' || filter === null) refuse(['filter'], 'an object', filter);
  else {
    for (const part of ['types', 'streamPrefixes', 'streams'] as const) {
      const given: unknown = filter[part];
      if (given !== undefined && !Array.isArray(given)) refuse(['filter', part], 'an array', given);
    }
  }
  if (issues.length > 0) throw new ValidationError('What subscribe was given', issues);
}

async function* batches(store: EventStore, options: SubscribeOptions): AsyncGenerator<Batch, void, undefined> {
  const { filter, batchSize = 500, signal, pollInterval = 1000, runtime = systemRuntime } = options;
  let after = options.after ?? START;
  const left = new AbortController();
  const ended = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const alarm = new Alarm(store, ended);
  try {
    while (!ended.aborted) {
      const heard = alarm.hints;
      const query = { after, limit: batchSize, ...(filter && { filter }) };
      const page = await unlessEnded(store.readAll(query, { signal: ended }), ended);
      if (page === undefined) return;
      const { events, upTo } = page;
      if (upTo === after) {
        // A hint that came while the store was asked may be of something that it hadn't seen yet.
        if (alarm.hints === heard) await alarm.sleep(pollInterval, runtime);
        continue;
      }
      after = upTo;
      yield { events, upTo };
    }
  } finally {
    left.abort();
  }
}

/** The answer; or undefined when the subscription ends first, however long the store takes, and whatever it says then. */
function unlessEnded<T>(answer: Promise<T>, ended: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(undefined);
    if (ended.aborted) end();
    ended.addEventListener('abort', end, { once: true });
    answer.finally(() => ended.removeEventListener('abort', end)).then(resolve, reject);
  });
}

/** Without a reason, each abort would make an error with a stack. */
const WOKEN = 'woken';

/** Sleeps between two looks at the store, and is woken by the store's hints, where it gives any. */
class Alarm {
  hints = 0;
  readonly #ended: AbortSignal;
  #nap: AbortController | undefined;

  constructor(store: EventStore, ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener('abort', () => this.#nap?.abort(WOKEN), { once: true });
    void this.#listen(store);
  }

  async sleep(milliseconds: number, runtime: Runtime): Promise<void> {
    // Whoever ended it a moment ago found nobody asleep.
    if (this.#ended.aborted) return;
    this.#nap = new AbortController();
    await runtime.sleep(milliseconds, this.#nap.signal);
    this.#nap = undefined;
  }

  async #listen(store: EventStore): Promise<void> {
    if (store.watch === undefined) return;
    try {
      for await (const _ of store.watch(this.#ended)) {
        this.hints += 1;
        this.#nap?.abort(WOKEN);
      }
    } catch (error) {
      // Hints are only hints: without them the subscription looks by itself. But somebody should know.
      warn(
        'EVENTCORE_WATCH_FAILED',
        "The store's watch failed, and the subscription goes on by looking at intervals",
        error,
      );
    }
  }
}
