/** What to say of a stored event that this code can't read. It may be nobody's mistake: a rollout has older releases meet newer events. */
import { UnknownEventType } from '../errors/input-errors.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';

/** `known`: up to which version this code knows the event; undefined where it doesn't know it at all. */
export function unknownEvent(
  streamType: string,
  stream: StreamId,
  { type: event, schemaVersion }: LeanEvent,
  known: number | undefined,
): UnknownEventType {
  const what =
    known === undefined
      ? `"${stream}" holds an event ${event}, which stream type "${streamType}" doesn't know. ` +
        'If a newer release wrote it, deploy that one here too; if it was dropped from the events of defineStream, add it again.'
      : `"${stream}" holds ${event} in version ${schemaVersion}, and this release knows it up to version ${known}: a newer release wrote it. ` +
        `Deploy that one here too; the next time, one before it that reads the new version and writes the old one: event(schema, { version: ${schemaVersion}, writes: ${known} }).`;
  return new UnknownEventType(
    `${what} Where leaving such events out is right, create the store with onUnknownEvent: "skip".`,
    { context: { stream, event, schemaVersion } },
  );
}
