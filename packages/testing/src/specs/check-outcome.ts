/** Compares what came of a command with what was expected of it. */
import { DefinitionError, isEventCoreError, type BusinessRuleViolation } from '@eventcore/core';
import { inspect } from 'node:util';
import { differences } from './differences.js';
import { eventComparison } from './event-comparison.js';
import { listFault } from './list-fault.js';
import { SpecEvent } from './on.js';
import type { Outcome } from './outcome.js';
import type { SpecFault } from './spec-failure.js';
import { eventLines, tellError, tellExpected, tellRejection } from './tell-outcome.js';
import { told } from './told.js';
import { isVerdict, nothing, type ExpectedRule, type Failed, type Verdict } from './verdict.js';

export type ExpectedOutcome = readonly [Verdict] | readonly SpecEvent[];

/**
 * @param name of the command
 * @param state tells what the command decided on; asked for only where it explains something
 */
export async function checkOutcome(
  name: string,
  outcome: Outcome,
  expected: ExpectedOutcome,
  state: () => Promise<string>,
): Promise<SpecFault | undefined> {
  const stated = statedIn(expected);
  const { events, rejection, error } = outcome;
  const values = { expected: plainExpected(stated), actual: plainActual(outcome) };
  const fault = (headline: string, ...parts: readonly string[]): SpecFault => ({
    message: [`${name} ${headline}`, ...parts].join('\n\n'),
    ...values,
    ...(error !== undefined && { cause: error }),
  });
  const wanted = `  expected: ${tellExpected(stated)}`;

  if (error !== undefined) {
    if (isVerdict(stated) && stated.expects === 'error') {
      const found = errorDifferences(stated, error);
      return found.length === 0 ? undefined : fault('failed with another error.', indented(found), tellError(error));
    }
    return fault('failed.', tellError(error), wanted);
  }
  if (rejection !== undefined) {
    if (!isVerdict(stated) || stated.expects !== 'rejection')
      return fault('was rejected.', tellRejection(rejection), wanted, await state());
    const found = ruleDifferences(stated.rule, rejection);
    if (found.length === 0) return undefined;
    return fault(
      'was rejected in another way.',
      indented(found),
      tellRejection(rejection),
      ...nameTakenForMessage(stated.rule, rejection),
      await state(),
    );
  }
  if (!isVerdict(stated)) {
    const table = listFault('events', stated, events, eventComparison);
    return table === undefined ? undefined : fault('wrote other events than expected.', table);
  }
  if (stated.expects === 'nothing' && events.length === 0) return undefined;
  const wrote = events.length === 0 ? '  It wrote nothing.' : ['  It wrote:', ...eventLines(events)].join('\n');
  return fault(
    stated.expects === 'nothing' ? 'was to write nothing.' : 'succeeded.',
    ...(stated.expects === 'nothing' ? [wrote] : [wanted, wrote]),
    await state(),
  );
}

/** @throws `DefinitionError` for what can't be expected, or not together. */
function statedIn(expected: readonly unknown[]): Verdict | readonly SpecEvent[] {
  const [first] = expected;
  if (isVerdict(first) && expected.length === 1) return first;
  if (expected.every(SpecEvent.is)) return expected;
  if (expected.some(Array.isArray))
    throw new DefinitionError('then takes events one by one, and got a list of them. Spread it: then(...events).');
  throw new DefinitionError(
    'then takes events, on(alice, …), or else one of rejected(…), failed(…) and nothing: a command that wrote something was neither rejected nor idle.',
  );
}

function ruleDifferences(
  { rule, message, data }: ExpectedRule,
  { rule: actual, message: text, data: facts }: BusinessRuleViolation,
): string[] {
  return [
    ...(message === undefined ? [] : textDifferences('message', message, text)),
    ...(rule === undefined ? [] : differences(rule, actual, 'rule')),
    ...(data === undefined ? [] : differences(data, facts, 'data')),
  ];
}

/** `rejected('lent')` means the message, and 'lent' may be the rule's name. */
function nameTakenForMessage({ message, rule }: ExpectedRule, { rule: name }: BusinessRuleViolation): string[] {
  if (name === undefined || message !== name || rule !== undefined) return [];
  return [`  ${told(name)} is the name of the rule: did you mean rejected({ rule: ${inspect(name)} })?`];
}

function errorDifferences({ code, message }: Failed, error: unknown): string[] {
  const actual = isEventCoreError(error) ? error.code : undefined;
  const text = error instanceof Error ? error.message : told(error);
  return [
    ...differences(code, actual, 'code'),
    ...(message === undefined ? [] : textDifferences('message', message, text)),
  ];
}

function textDifferences(path: string, expected: unknown, actual: string): string[] {
  if (!(expected instanceof RegExp)) return differences(expected, actual, path);
  // A pattern with the flag g remembers where it was.
  expected.lastIndex = 0;
  return expected.test(actual) ? [] : [`${path}: expected ${expected}, got ${told(actual)}`];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ≠ ${line}`).join('\n');
}

/** For frameworks that show `expected` and `actual` in their own way. */
function plainExpected(stated: Verdict | readonly SpecEvent[]): unknown {
  if (isVerdict(stated)) return stated === nothing ? [] : stated;
  return stated.map(plainEvent);
}

function plainActual({ events, rejection, error }: Outcome): unknown {
  if (rejection !== undefined) {
    const { rule, message, data } = rejection;
    return { expects: 'rejection', rule: { rule, message, data } };
  }
  return error ?? events.map(plainEvent);
}

function plainEvent({
  stream,
  type,
  data,
}: {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
}): object {
  return { stream, type, data };
}
