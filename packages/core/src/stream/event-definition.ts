/** What a stream type declares of one kind of event, for whoever wants to look at it: documentation, tests, tools. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DefinitionError } from '../errors/input-errors.js';
import { CompiledStreamType, type StreamType } from './define-stream.js';

/** One kind of event, as it was declared. */
export interface EventDefinition<Data = unknown> {
  readonly name: string;
  /** The version of the schema: 1, unless `event(schema, { version })` says another. */
  readonly version: number;
  /** The version that is stored: the same, unless `event(schema, { writes })` says an older one. */
  readonly writes: number;
  /** The very schema that was given to `defineStream` or `event`. */
  readonly schema: StandardSchemaV1<unknown, Data>;
}

/**
 * What a stream type declares of one of its events.
 *
 * @throws {@link DefinitionError} for an event that the stream type doesn't have.
 *
 * @example
 * ```ts
 * const { version, schema } = eventDefinition(Account, 'MoneyDeposited');
 *
 * console.log(version, schema['~standard'].vendor); // 1 valibot
 * ```
 */
export function eventDefinition<Name extends string, Events, State, Event extends keyof Events & string>(
  type: StreamType<Name, Events, State>,
  event: Event,
): EventDefinition<Events[Event]> {
  const { name, events } = CompiledStreamType.internals(type, 'eventDefinition');
  const spec = events.get(event);
  if (spec === undefined)
    throw new DefinitionError(
      `Stream type "${name}" has no event ${JSON.stringify(event)}. It has ${[...events.keys()].join(', ')}.`,
    );
  return Object.freeze({
    name: spec.name,
    version: spec.version,
    writes: spec.writes,
    schema: spec.schema as never,
  });
}
