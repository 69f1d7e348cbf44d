/** How a stream came to be what it is: event by event, with the state after each. */
import { version as versionOf } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { EventStore } from '../store/event-store.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import { CompiledStreamType, type EventUnion } from '../stream/define-stream.js';
import { foldEvents, initialStateOf, knownEvent } from '../stream/fold.js';
import type { StreamRef } from '../stream/stream-reference.js';
import { currentEvent } from './current-event.js';
import type { Carried } from '../store/metadata.js';
import { pages } from './stream-pages.js';

/** One event of a stream, and the state that it led to. */
export interface ReplayStep<Event, State> {
  readonly event: Event;
  readonly state: DeepReadonly<State>;
}

/**
 * The events of a stream, in their order, each with the state after it: for whoever wants to see how it came to what it is.
 * Those after a version, if it is given; what was before counts all the same. Read page by page, as {@link readStream} does.
 *
 * @example
 * ```ts
 * for await (const { event, state } of replay(store, Account.at('alice'))) {
 *   console.log(event.version, event.type, state.balance);
 * }
 * ```
 */
export async function* replay<N extends string, E, S, Metadata>(
  store: EventStore<Metadata>,
  stream: StreamRef<N, E, S>,
  options: { readonly after?: number } = {},
): AsyncGenerator<ReplayStep<EventUnion<E, unknown, Carried<Metadata>>, S>, void, undefined> {
  const type = CompiledStreamType.ofReference(stream, 'replay');
  const { id } = stream;
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  const shownAfter = versionOf(options.after ?? 0);
  let state = initialStateOf(type);
  for await (const events of pages(store, { stream: id, after: versionOf(0), detail: 'full' })) {
    for (const event of events as readonly RecordedEvent[]) {
      const spec = knownEvent(type, id, event, onUnknownEvent);
      if (spec === undefined) continue;
      state = foldEvents(type, id, state, [event], onUnknownEvent);
      if (event.version <= shownAfter) continue;
      // The type of the reference is that of the stream type, whose own fold this is.
      yield {
        event: currentEvent(spec, event) as EventUnion<E, unknown, Carried<Metadata>>,
        state: state as DeepReadonly<S>,
      };
    }
  }
}
