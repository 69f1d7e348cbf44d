/** From known streams to the state that a command decides on: by field, or folded by the command itself. */
import type { CommandMethods, CompiledCommand, StreamField } from '../command/compiled-command.js';
import type { FoldedEvent } from '../command/field-roles.js';
import type { Values } from '../command/parse-properties.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { Version } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { freezeInDevelopment } from '../stream/deep-readonly.js';
import { knownEvent, type OnUnknownEvent } from '../stream/fold.js';
import { isUnwantedPromise } from '../stream/thenable.js';
import type { StreamId } from '../event/stream-id.js';
import type { AnyReference } from '../stream/stream-reference.js';
import type { KnownStream, KnownStreams } from './known-streams.js';

/** The discovered streams of each field. */
export type DiscoveredByField = ReadonlyMap<string, ReadonlyMap<StreamId, AnyReference>>;

export interface StateInput {
  readonly definition: CompiledCommand;
  readonly command: CommandMethods;
  readonly values: Values;
  readonly known: KnownStreams;
  readonly discovered: DiscoveredByField;
  readonly onUnknownEvent: OnUnknownEvent;
}

export function stateOf(input: StateInput): unknown {
  return input.definition.customState ? foldOwnState(input) : stateByField(input);
}

function stateByField(input: StateInput): unknown {
  const state: Record<string, unknown> = {};
  for (const field of input.definition.streams) {
    switch (field.role) {
      case 'stream':
      case 'read': {
        const reference = input.values[field.name] as AnyReference | undefined;
        state[field.name] = reference === undefined ? undefined : input.known.get(reference.id)?.state;
        break;
      }
      case 'set':
      case 'discovered': {
        const states = new Map<StreamId, unknown>();
        for (const { id, state: folded } of streamsOfField(field, input)) states.set(id, folded);
        state[field.name] = states;
        break;
      }
      case 'append':
        break;
      default:
        field.role satisfies never;
    }
  }
  return freezeInDevelopment(state);
}

/** From the start, streams in the order of their declaration, an event once for each field that names its stream. */
function foldOwnState(input: StateInput): unknown {
  const { definition, command } = input;
  let state = command.initialState!();
  if (isUnwantedPromise(state)) {
    throw new DefinitionError(`${definition.name}.initialState is asynchronous. Folds are pure and synchronous.`);
  }
  freezeInDevelopment(state);
  for (const field of definition.streams) {
    for (const stream of streamsOfField(field, input)) {
      for (let index = 0; index < stream.events.length; index++) {
        const event = ownEvent(stream, index, definition.detail, input.onUnknownEvent);
        if (event === undefined) continue;
        state = command.apply!(state, event, field.name);
        if (state === undefined || isUnwantedPromise(state)) throw badApply(definition.name, event.type, state);
        freezeInDevelopment(state);
      }
    }
  }
  return state;
}

function ownEvent(
  stream: KnownStream,
  index: number,
  detail: 'lean' | 'full',
  onUnknownEvent: OnUnknownEvent,
): FoldedEvent | undefined {
  const stored = stream.events[index]!;
  const spec = knownEvent(stream.type, stream.id, stored, onUnknownEvent);
  if (spec === undefined) return undefined;
  const event = {
    type: stored.type,
    data: spec.current(stored, stream.id),
    stream: stream.id,
    version: (index + 1) as Version,
  };
  return detail === 'full' ? { ...event, recorded: stored as RecordedEvent } : event;
}

/** The streams that a field stands for and that are read, each known. */
function streamsOfField(field: StreamField, { values, known, discovered }: StateInput): KnownStream[] {
  const references =
    field.role === 'discovered'
      ? [...(discovered.get(field.name)?.values() ?? [])]
      : field.role === 'set'
        ? (values[field.name] as readonly AnyReference[])
        : field.role === 'append' || values[field.name] === undefined
          ? []
          : [values[field.name] as AnyReference];
  return references.flatMap(({ id }) => known.get(id) ?? []);
}

function badApply(command: string, event: string, result: unknown): DefinitionError {
  return new DefinitionError(
    result === undefined
      ? `${command}.apply gave nothing back for ${event}. It has to return the next state, also for events that don't matter to it.`
      : `${command}.apply is asynchronous. Folds are pure and synchronous.`,
  );
}
