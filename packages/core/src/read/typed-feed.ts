/** The events of some stream types, as a subscription to them gives them: as their newest schemas have them. */
import { ValidationError } from '../errors/input-errors.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { typeNameOf } from '../event/stream-id.js';
import type { EventFilter, EventStore } from '../store/event-store.js';
import { freezeInDevelopment } from '../stream/deep-readonly.js';
import { CompiledStreamType, type StreamTypeInternals } from '../stream/define-stream.js';
import { knownEvent } from '../stream/fold.js';
import { currentEvent } from './current-event.js';

export interface TypedFeed {
  readonly filter: EventFilter;
  /** @throws `UnknownEventType` for an event that its stream type doesn't know, unless the store skips those. */
  current(events: readonly RecordedEvent[]): Iterable<RecordedEvent>;
}

/** @throws `DefinitionError` for what is no stream type. */
export function typedFeed(store: EventStore, streamTypes: readonly unknown[], filter: EventFilter = {}): TypedFeed {
  if (filter.streamPrefixes !== undefined) {
    const message = 'must be left out where streamTypes say which streams';
    throw new ValidationError('What subscribe was given', [{ path: ['filter', 'streamPrefixes'], message }]);
  }
  const types = new Map<string, StreamTypeInternals>();
  for (const given of streamTypes) {
    const type = CompiledStreamType.internals(given, 'subscribe');
    types.set(type.name, type);
  }
  const onUnknownEvent = store.settings?.onUnknownEvent ?? 'throw';
  return {
    filter: { ...filter, streamPrefixes: [...types.keys()].map((name) => `${name}-`) },
    *current(events) {
      for (const event of events) {
        const spec = knownEvent(types.get(typeNameOf(event.stream))!, event.stream, event, onUnknownEvent);
        if (spec !== undefined) yield freezeInDevelopment(currentEvent(spec, event));
      }
    },
  };
}
