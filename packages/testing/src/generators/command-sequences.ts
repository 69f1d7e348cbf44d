/** Arbitrary sequences of commands. */
import { DefinitionError, type AnyCommand } from '@eventcore/core';
import fc from 'fast-check';
import { commandsOf, type CommandClass, type KeyPools, type StreamNames } from './commands-of.js';
import type { ValueOptions } from './schema-values.js';

/** Commands: of a class, or of an arbitrary that `commandsOf` gave. */
/* A class is contravariant in what it is given, and only its own options know that. */
// eslint-disable-next-line typescript/no-explicit-any
export type CommandSource = CommandClass<any, AnyCommand> | fc.Arbitrary<AnyCommand>;

/** The names of the stream types of classes. */
type NamesOf<Source> = Source extends CommandClass<infer Properties, AnyCommand> ? StreamNames<Properties> : never;

export interface SequenceOptions<Name extends string = string> extends ValueOptions {
  /** The keys of streams, for all stream types or for each by its name; `alice`, `bob` and `carol`, unless given. */
  readonly keys?: KeyPools<Name>;
  /** At least so many commands; none unless given. */
  readonly minLength?: number;
  /** At most so many commands; 20 unless given. */
  readonly maxLength?: number;
}

/**
 * Arbitrary sequences of commands of some classes, over the same few streams. A sequence that fails shrinks to the few
 * commands that matter.
 *
 * @throws `DefinitionError` for a schema that can't be read; it says where, and how to give an arbitrary of one's own.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { defineCommand, defineStream, load } from '@eventcore/core';
 * import { createMemoryStore } from '@eventcore/memory';
 * import { commandSequences, runCommands } from '@eventcore/testing/generators';
 *
 * const Counter = defineStream('counter', {
 *   events: { Counted: v.object({ by: v.number() }) },
 *   state: () => ({ total: 0 }),
 *   fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
 * });
 * const Count = defineCommand('Count', {
 *   streams: { counter: Counter },
 *   input: { by: v.pipe(v.number(), v.integer(), v.minValue(1)) },
 *   handle: ({ input, emit }) => emit('counter', 'Counted', { by: input.by }),
 * });
 *
 * await fc.assert(
 *   fc.asyncProperty(commandSequences([Count], { keys: ['visits'] }), async (commands) => {
 *     const store = createMemoryStore();
 *     await runCommands(commands, store);
 *     assert.ok((await load(store, Counter.at('visits'))).total >= commands.length);
 *   }),
 * );
 * ```
 */
export function commandSequences<Source extends CommandSource>(
  sources: readonly Source[],
  { minLength = 0, maxLength = 20, ...options }: SequenceOptions<NamesOf<Source>> = {},
): fc.Arbitrary<readonly AnyCommand[]> {
  if (!Array.isArray(sources)) throw notAList(sources);
  if (sources.length === 0)
    throw new DefinitionError('commandSequences needs at least one class: commandSequences([Lend]).');
  const commands = sources.map((source) => (source instanceof fc.Arbitrary ? source : commandsOf(source, options)));
  // Unless it is told so, fast-check stays far below the length that was asked for: at 10.
  return fc.array(fc.oneof(...commands), { minLength, maxLength: Math.max(minLength, maxLength), size: 'max' });
}

function notAList(sources: unknown): DefinitionError {
  const name = typeof sources === 'function' ? sources.name : '…';
  return new DefinitionError(
    `commandSequences needs a list, of classes and of what commandsOf gives: commandSequences([${name}]).`,
  );
}
