/** `given(…).react(…)`: which commands a reaction answers with to what has happened. */
import { DefinitionError, type AnyCommand, type RecordedEvent } from '@eventcore/core';
import { consumerOf, reactionsTo, type FollowUp } from '@eventcore/core/consumers';
import { definitionOf } from '@eventcore/core/definitions';
import { attempt, type Attempt } from './attempt.js';
import { differences } from './differences.js';
import { listFault, type Comparison } from './list-fault.js';
import type { SpecFault } from './spec-failure.js';
import { nothing, type Nothing } from './verdict.js';

export type ExpectedCommands = readonly [Nothing] | readonly AnyCommand[];

export function reactToEvents(
  reaction: object,
  events: () => Promise<readonly RecordedEvent[]>,
  onUnknownEvent: 'throw' | 'skip',
): Attempt<readonly FollowUp[], ExpectedCommands> {
  const { kind, name } = consumerOf(reaction);
  if (kind !== 'reaction') {
    throw new DefinitionError(
      `react takes a reaction, and "${name}" is a ${kind === 'readModel' ? 'read model' : kind}: given(…).project(…).`,
    );
  }
  return attempt<readonly FollowUp[], ExpectedCommands>(
    async () => {
      // One object for all events, as it is when a reaction runs.
      const self = typeof reaction === 'function' ? new (reaction as new () => object)() : reaction;
      const followUps: FollowUp[] = [];
      for (const event of await events()) followUps.push(...(await reactionsTo(self, event, { onUnknownEvent })));
      return followUps;
    },
    (followUps, expected) => checkCommands(name, followUps, expected),
  );
}

/** A command as it is compared: what it is called, and what it was made with. */
interface PlainCommand {
  readonly command: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** As one would write it. */
  readonly text: string;
}

function checkCommands(
  name: string,
  followUps: readonly FollowUp[],
  expected: readonly unknown[],
): SpecFault | undefined {
  const wanted = expected.length === 1 && expected[0] === nothing ? [] : expected.map(plainCommand);
  const found = followUps.map(({ command }) => plainCommand(command));
  const table = listFault('commands', wanted, found, commandComparison);
  if (table === undefined) return undefined;
  return {
    message: `${name} gave other commands than expected.\n\n${table}`,
    expected: wanted.map(plain),
    actual: found.map(plain),
  };
}

/** @throws `DefinitionError` for what is no command. */
function plainCommand(command: unknown): PlainCommand {
  const { name, fields } = definitionOf(Object(command).constructor);
  const values = fields
    .filter(({ role }) => role !== 'discovered')
    .map((field) => {
      const value = valueOf(command as object, field.name);
      return [field.name, field.role === 'input' ? value : idsOf(value)];
    });
  return { command: name, values: Object.fromEntries(values), text: String(command) };
}

/** A decorated command has its values as fields of its own; one of `defineCommand` under `streams` and `input`. */
function valueOf(command: object, field: string): unknown {
  if (Object.hasOwn(command, field)) return (command as Readonly<Record<string, unknown>>)[field];
  const { streams, input } = command as Partial<Record<'streams' | 'input', Readonly<Record<string, unknown>>>>;
  return { ...streams, ...input }[field];
}

function idsOf(references: unknown): unknown {
  if (Array.isArray(references)) return references.map(idsOf);
  return (references as { readonly id: string } | undefined)?.id;
}

/** For frameworks that show `expected` and `actual` in their own way. */
const plain = ({ command, values }: PlainCommand): object => ({ command, values });

const commandComparison: Comparison<PlainCommand, PlainCommand> = {
  differences: (expected, actual) =>
    expected.command === actual.command
      ? differences(expected.values, actual.values)
      : differences(expected.command, actual.command, '(command)'),
  akin: (expected, actual) => expected.command === actual.command,
  cellsOfExpected: ({ text }) => [text],
  cellsOfActual: ({ text }) => [text],
};
