/** A whole event as its newest schema has it: what a type promises of it. */
import type { RecordedEvent } from '../event/recorded-event.js';
import type { EventSpec } from '../stream/event-schema.js';

/** @throws `UnknownEventType` for a version that only a newer release knows. */
export function currentEvent(spec: EventSpec, event: RecordedEvent): RecordedEvent {
  if (event.schemaVersion === spec.version) return event;
  return { ...event, schemaVersion: spec.version, data: spec.current(event, event.stream) };
}
