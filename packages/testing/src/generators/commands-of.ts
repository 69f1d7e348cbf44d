/** Arbitrary commands of a class. */
import { isEventCoreError, type AnyCommand, type StreamKey, type TypedStreamId } from '@eventcore/core';
import { definitionOf, inputSchema, type DeclaredField } from '@eventcore/core/definitions';
import fc from 'fast-check';
import { letThrough } from './accepted.js';
import { takenBy, trailOf, type ValueOptions } from './schema-values.js';
import { objectOf } from './structures.js';
import { unreadable } from './trail.js';

/** Where streams come from: keys, or an arbitrary of keys. */
export type KeyPool = readonly StreamKey[] | fc.Arbitrary<StreamKey>;

/** Keys for all stream types, or for each by its name. */
export type KeyPools<Name extends string> = KeyPool | { readonly [StreamType in Name]?: KeyPool };

/** The names of the stream types that a command's properties lead to; any text where that isn't known. */
export type StreamNames<Properties> =
  NamesIn<Properties[keyof Properties]> extends infer Name extends string
    ? [Name] extends [never]
      ? string
      : Name
    : string;
type NamesIn<Value> = Value extends { readonly id: TypedStreamId<infer Name, infer _> }
  ? Name
  : Value extends readonly (infer Member)[]
    ? NamesIn<Member>
    : never;

export interface CommandOptions<Properties> extends ValueOptions {
  /** The keys of streams, for all stream types or for each by its name; `alice`, `bob` and `carol`, unless given. */
  readonly keys?: KeyPools<StreamNames<Properties>>;
  /** Arbitraries of one's own for what the command is given, by the names of its fields. */
  readonly fields?: { readonly [Field in keyof Properties]?: fc.Arbitrary<Properties[Field]> };
}

/** A command class, by decorators or by `defineCommand`. */
export type CommandClass<Properties, Command extends AnyCommand> = new (properties: Properties) => Command;

/**
 * Arbitrary commands of a class: streams from a few keys, so that commands meet, and inputs from their schemas. Every one
 * is valid, since it was made with `new`.
 *
 * @throws `DefinitionError` for a schema that can't be read; it says where, and how to give an arbitrary of one's own.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { defineCommand, defineStream } from '@eventcore/core';
 * import { commandsOf } from '@eventcore/testing/generators';
 *
 * const Counter = defineStream('counter', { events: { Counted: v.object({ by: v.number() }) }, state: () => ({}), fold: {} });
 * const Count = defineCommand('Count', {
 *   streams: { counter: Counter },
 *   input: { by: v.pipe(v.number(), v.integer(), v.minValue(1)) },
 *   handle: ({ input, emit }) => emit('counter', 'Counted', { by: input.by }),
 * });
 *
 * const counts = commandsOf(Count, { keys: ['visits'], fields: { by: fc.integer({ min: 1, max: 9 }) } });
 * fc.assert(fc.property(counts, ({ input }) => assert.ok(input.by <= 9)));
 * ```
 */
export function commandsOf<Properties, Command extends AnyCommand>(
  commandClass: CommandClass<Properties, Command>,
  options: CommandOptions<Properties> = {},
): fc.Arbitrary<Command> {
  const { name, fields } = definitionOf(commandClass);
  const given = fields.filter(({ role }) => role !== 'discovered');
  const values = given.map((field) => valuesOfField(commandClass, name, field, options));
  let refusal = '';
  const made = fc.tuple(...values).map((all): Command | undefined => {
    const properties = objectOf(given.map((field, index) => [field.name, all[index]]));
    try {
      // Whatever isn't right about them, the constructor says.
      return new commandClass(properties as Properties);
    } catch (error) {
      if (!isEventCoreError(error, 'VALIDATION')) throw error;
      refusal = error.message;
      return undefined;
    }
  });
  const isMade = (command: Command | undefined): boolean => command !== undefined;
  const advice = `commandsOf(${name}, { keys: […], fields: { … } }) takes more keys, and arbitraries of your own.`;
  const failure = (): Error =>
    unreadable(trailOf(name, advice, {}), `a thousand were refused, the last one with "${refusal}"`);
  return letThrough(made, isMade, failure) as fc.Arbitrary<Command>;
}

function valuesOfField(
  commandClass: object,
  command: string,
  { name, role, streamType = '', optional = false }: DeclaredField,
  { keys = ['alice', 'bob', 'carol'], fields = {}, schemas = [] }: UntypedOptions,
): fc.Arbitrary<unknown> {
  const own = (fields as Readonly<Record<string, fc.Arbitrary<unknown> | undefined>>)[name];
  if (own !== undefined) return own;
  if (role === 'input') {
    const advice =
      `Give an arbitrary of your own: commandsOf(${command}, { fields: { ${name}: arbitrary } }), or one for the schema ` +
      `wherever it stands: commandsOf(${command}, { schemas: [[schema, arbitrary]] }).`;
    const trail = trailOf(`${command}.${name}`, advice, { schemas });
    const values = takenBy(inputSchema(commandClass, name), trail);
    if (values === undefined) throw unreadable(trail, 'it accepts no value, or none that comes to an end');
    return values;
  }
  const pool = poolOf(keys, streamType);
  if (pool === undefined) {
    const advice = `Name some: commandsOf(${command}, { keys: { ${streamType}: ['one', 'another'] } }).`;
    throw unreadable(trailOf(`${command}.${name}`, advice, {}), `there are no keys of "${streamType}" streams`);
  }
  const key = Array.isArray(pool)
    ? fc.constantFrom(...(pool as readonly StreamKey[]))
    : (pool as fc.Arbitrary<StreamKey>);
  if (role === 'set') return fc.uniqueArray(key, { maxLength: 5 });
  return optional ? fc.option(key, { nil: undefined, freq: 3 }) : key;
}

/** What the options are once the compiler has had its say. */
interface UntypedOptions extends ValueOptions {
  readonly keys?: KeyPools<string>;
  readonly fields?: object;
}

function poolOf(keys: KeyPools<string>, streamType: string): KeyPool | undefined {
  if (Array.isArray(keys) || keys instanceof fc.Arbitrary) return keys as KeyPool;
  return (keys as Readonly<Record<string, KeyPool>>)[streamType];
}
