/** Events of the feed as their stream types promise them. */
import { DefinitionError } from '../errors/input-errors.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { typeNameOf } from '../event/stream-id.js';
import type { EventFilter } from '../store/event-store.js';
import { CompiledStreamType, type StreamTypeInternals } from '../stream/define-stream.js';
import { knownEvent, type OnUnknownEvent } from '../stream/fold.js';
import { currentEvent } from './current-event.js';

export class TypedFeed {
  readonly filter: EventFilter;
  readonly #types = new Map<string, StreamTypeInternals>();
  readonly #onUnknownEvent: OnUnknownEvent;

  /** @throws {@link DefinitionError} for what isn't a stream type, and for two of one name. */
  constructor(streamTypes: readonly unknown[], onUnknownEvent: OnUnknownEvent = 'throw') {
    for (const given of streamTypes) {
      const type = CompiledStreamType.internals(given, 'subscribe');
      if (this.#types.has(type.name)) {
        throw new DefinitionError(`subscribe was given two stream types named "${type.name}". Name each once.`);
      }
      this.#types.set(type.name, type);
    }
    this.#onUnknownEvent = onUnknownEvent;
    this.filter = { streamPrefixes: [...this.#types.keys()].map((name) => `${name}-`) };
  }

  /** @throws `UnknownEventType`, unless those are skipped. */
  read(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    return events.flatMap((event) => {
      const type = this.#types.get(typeNameOf(event.stream));
      const spec = type && knownEvent(type, event.stream, event, this.#onUnknownEvent);
      return spec === undefined ? [] : [currentEvent(spec, event)];
    });
  }
}
