/** Reading without a command: the events of a stream, its state, and which streams there are. */
import { inspect, types } from 'node:util';
import { CapabilityMissing, ValidationError } from '../errors/input-errors.js';
import type { EventStore, StreamQuery } from '../store/event-store.js';
import { version as versionOf, type Version } from '../event/position.js';
import type { LeanEvent, RecordedEvent } from '../event/recorded-event.js';
import type { Carried } from '../store/metadata.js';
import type { ListedStream } from '../store/capabilities.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import { CompiledStreamType, type EventUnion, type StreamType } from '../stream/define-stream.js';
import { foldEvents, initialStateOf, knownEvent } from '../stream/fold.js';
import type { StreamRef } from '../stream/stream-reference.js';
import { currentEvent } from './current-event.js';
import { pages } from './stream-pages.js';

/** Which state of a stream: after so many events, or at a time. */
export type LoadOptions =
  | {
      /** The state after so many of its events; its last, where it has fewer. */
      readonly version?: number;
      readonly time?: never;
    }
  | {
      readonly version?: never;
      /** The state at this moment: a Date, or an ISO text in UTC such as an event's `recordedAt`. What was recorded then counts. */
      readonly time: Date | string;
    };

/**
 * The state of one stream, folded by its type: now, at a version, or at a time. A snapshot to show: to decide on it, write a
 * command.
 *
 * A time is compared with those at which events were recorded: those up to the first that was recorded later count.
 *
 * @throws `ValidationError` for a version or a time that is none.
 *
 * @example
 * ```ts
 * const { balance } = await load(store, Account.at('alice'));
 * const before = await load(store, Account.at('alice'), { time: '2026-03-03T23:59:59.999Z' });
 * console.log(balance - before.balance);
 * ```
 */
export async function load<N extends string, E, S>(
  store: EventStore,
  stream: StreamRef<N, E, S>,
  options: LoadOptions = {},
): Promise<DeepReadonly<S>> {
  const type = CompiledStreamType.ofReference(stream, 'load');
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  const fold = (state: unknown, events: readonly LeanEvent[]) =>
    foldEvents(type, stream.id, state, events, onUnknownEvent) as DeepReadonly<S>;
  const from: StreamQuery = { stream: stream.id, after: versionOf(0) };
  let state = initialStateOf(type) as DeepReadonly<S>;
  if (options.time === undefined) {
    for await (const events of pages(store, from, countOf(options.version))) state = fold(state, events);
    return state;
  }
  const moment = isoMoment(options.time);
  for await (const events of pages(store, { ...from, detail: 'full' })) {
    const later = (events as readonly RecordedEvent[]).findIndex(({ recordedAt }) => recordedAt > moment);
    if (later !== -1) return fold(state, events.slice(0, later));
    state = fold(state, events);
  }
  return state;
}

function countOf(given: number | undefined): Version | undefined {
  if (given === undefined || (Number.isSafeInteger(given) && given >= 0)) return given as Version | undefined;
  throw new ValidationError('The version', [{ path: [], message: `must be a count of events, not ${String(given)}` }]);
}

const isoText = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z)?$/;

/** A moment as events have it, so that plain string order tells which is earlier. */
function isoMoment(time: Date | string): string {
  const parts = isoText.exec(typeof time === 'string' ? time : isoTextOf(time));
  if (parts !== null) {
    const [, day, minute = '00:00', second = '00', fraction = ''] = parts;
    return `${day}T${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  }
  const message = `must be a Date, or a text such as "2026-03-03T12:00:00.000Z", not ${inspect(time)}`;
  throw new ValidationError('The time', [{ path: [], message }]);
}

/**
 * The events of one stream, typed, in their order, as far as they go when the reading begins. Read page by page, so a
 * stream may be of any length.
 *
 * @example
 * ```ts
 * for await (const event of readStream(store, Account.at('alice'))) {
 *   if (event.type === 'MoneyDeposited') console.log(event.version, event.data.amount);
 * }
 * ```
 */
export async function* readStream<N extends string, E, S, Metadata>(
  store: EventStore<Metadata>,
  stream: StreamRef<N, E, S>,
  options: { readonly after?: number } = {},
): AsyncGenerator<EventUnion<E, unknown, Carried<Metadata>>, void, undefined> {
  const type = CompiledStreamType.ofReference(stream, 'readStream');
  const { id } = stream;
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  for await (const events of pages(store, { stream: id, after: versionOf(options.after ?? 0), detail: 'full' })) {
    for (const event of events as readonly RecordedEvent[]) {
      const spec = knownEvent(type, id, event, onUnknownEvent);
      if (spec !== undefined) yield currentEvent(spec, event) as EventUnion<E, unknown, Carried<Metadata>>;
    }
  }
}

/**
 * The streams of a type, in the order of their ids' UTF-8 bytes.
 *
 * @throws {@link CapabilityMissing} on a store that can't list streams.
 *
 * @example
 * ```ts
 * for await (const { stream, version } of streams(store, Account)) console.log(stream, version);
 * ```
 */
export async function* streams<N extends string, E, S>(
  store: EventStore,
  type: StreamType<N, E, S>,
): AsyncGenerator<ListedStream, void, undefined> {
  const { listing } = store.capabilities;
  if (listing === undefined)
    throw new CapabilityMissing('This store can\'t list its streams: it has no capability "listing".');
  const query = { prefix: `${type.name}-`, limit: 1000 };
  let page = await listing.list(query);
  while (page.length > 0) {
    yield* page;
    page = await listing.list({ ...query, after: page[page.length - 1]!.stream });
  }
}

/** What isn't a date gives a text that isn't one. */
function isoTextOf(time: Date): string {
  const valid = types.isDate(time) && !Number.isNaN(time.getTime());
  return valid ? time.toISOString() : '';
}
