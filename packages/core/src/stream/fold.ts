/** Folding: from events to state. */
import { DefinitionError } from '../errors/input-errors.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { StreamTypeInternals } from './define-stream.js';
import { freezeInDevelopment } from './deep-readonly.js';
import type { EventSpec } from './event-schema.js';
import { isUnwantedPromise } from './thenable.js';
import { unknownEvent } from './unknown-event.js';
import type { StreamId } from '../event/stream-id.js';

/** What to do with an event that its stream type doesn't know, or not in that version. */
export type OnUnknownEvent = 'throw' | 'skip';

/** The state of a stream without events. */
export function initialStateOf(type: StreamTypeInternals): unknown {
  const state = type.initialState();
  if (isUnwantedPromise(state)) {
    throw new DefinitionError(
      `The state of stream type "${type.name}" is asynchronous. It is given at once: state: () => ({ … }).`,
    );
  }
  return freezeInDevelopment(state);
}

/** Goes on folding a stream. In pages or at once, the result is the same. */
export function foldEvents(
  type: StreamTypeInternals,
  stream: StreamId,
  state: unknown,
  events: readonly LeanEvent[],
  onUnknownEvent: OnUnknownEvent,
): unknown {
  let next = state;
  for (const event of events) {
    const spec = knownEvent(type, stream, event, onUnknownEvent);
    const fold = spec === undefined ? undefined : type.folds.get(spec.name);
    if (fold === undefined) continue;
    next = fold(next, spec!.current(event, stream));
    if (next === undefined || isUnwantedPromise(next)) throw badFold(type, event, next);
    freezeInDevelopment(next);
  }
  return next;
}

/** The schema of a stored event; undefined for one to be skipped. @throws {@link UnknownEventType} */
export function knownEvent(
  type: StreamTypeInternals,
  stream: StreamId,
  event: LeanEvent,
  onUnknownEvent: OnUnknownEvent,
): EventSpec | undefined {
  const spec = type.events.get(event.type);
  // A newer version is no trouble to who doesn't look at its data: whoever does is told.
  if (spec !== undefined && (event.schemaVersion <= spec.version || onUnknownEvent === 'throw')) return spec;
  if (onUnknownEvent === 'skip') return undefined;
  throw unknownEvent(type.name, stream, event, undefined);
}

function badFold(type: StreamTypeInternals, event: LeanEvent, result: unknown): DefinitionError {
  return new DefinitionError(
    result === undefined
      ? `The fold of ${event.type} in stream type "${type.name}" gave nothing back. It has to return the next state.`
      : `The fold of ${event.type} in stream type "${type.name}" is asynchronous. Folds are pure and synchronous.`,
  );
}
