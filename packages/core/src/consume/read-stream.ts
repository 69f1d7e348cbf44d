/** Reading without a command: the events of a stream, its state, and which streams there are. */
import { CapabilityMissing } from '../errors/input-errors.js';
import { StoreContractBroken } from '../errors/store-errors.js';
import type { EventStore, StreamQuery } from '../store/event-store.js';
import { version as versionOf, type Version } from '../event/position.js';
import type { LeanEvent, RecordedEvent } from '../event/recorded-event.js';
import type { ListedStream } from '../store/capabilities.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import { CompiledStreamType, type EventUnion, type StreamType } from '../stream/define-stream.js';
import { foldEvents, initialStateOf, knownEvent } from '../stream/fold.js';
import type { StreamRef } from '../stream/stream-reference.js';
import { currentEvent } from './current-event.js';

/**
 * The state of one stream, folded by its type. A snapshot to show: to decide on it, write a command.
 *
 * @example
 * ```ts
 * const { balance } = await load(store, Account.at('alice'));
 * ```
 */
export async function load<N extends string, E, S>(
  store: EventStore,
  stream: StreamRef<N, E, S>,
): Promise<DeepReadonly<S>> {
  const type = CompiledStreamType.ofReference(stream, 'load');
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  let state = initialStateOf(type);
  for await (const events of pages(store, { stream: stream.id, after: versionOf(0) })) {
    state = foldEvents(type, stream.id, state, events, onUnknownEvent);
  }
  return state as DeepReadonly<S>;
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
export async function* readStream<N extends string, E, S>(
  store: EventStore,
  stream: StreamRef<N, E, S>,
  options: { readonly after?: number } = {},
): AsyncGenerator<EventUnion<E, unknown>, void, undefined> {
  const type = CompiledStreamType.ofReference(stream, 'readStream');
  const { id } = stream;
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  for await (const events of pages(store, { stream: id, after: versionOf(options.after ?? 0), detail: 'full' })) {
    for (const event of events as readonly RecordedEvent[]) {
      const spec = knownEvent(type, id, event, onUnknownEvent);
      if (spec !== undefined) yield currentEvent(spec, event) as EventUnion<E, unknown>;
    }
  }
}

/**
 * The streams of a type, in the order of their ids.
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

/** The events of a stream, page by page, up to the version of the first page's snapshot. */
async function* pages(store: EventStore, query: StreamQuery): AsyncGenerator<readonly LeanEvent[], void, undefined> {
  let { after } = query;
  let upTo: Version | undefined;
  do {
    const { pages: read } = await store.read({ streams: [upTo === undefined ? query : { ...query, after, upTo }] });
    const page = read[0]!;
    upTo ??= page.version;
    if (page.events.length === 0 && after < upTo) {
      throw new StoreContractBroken(
        `The store says that "${query.stream}" is at version ${upTo}, and gave no event after ${after}.`,
      );
    }
    if (page.events.length > 0) yield page.events;
    after = versionOf(after + page.events.length);
  } while (after < upTo);
}
