/** What was expected of a command and what came of it, as a failure shows them. */
import { isEventCoreError, type BusinessRuleViolation } from '@eventcore/core';
import { isMatcher } from './matcher.js';
import type { SpecEvent } from './on.js';
import { told } from './told.js';
import { isVerdict, type Verdict } from './verdict.js';

export function tellExpected(stated: Verdict | readonly SpecEvent[]): string {
  if (!isVerdict(stated)) return ['these events', ...eventLines(stated)].join('\n');
  switch (stated.expects) {
    case 'nothing':
      return 'that it writes nothing';
    case 'rejection': {
      const parts = Object.entries(stated.rule).filter(([, part]) => part !== undefined);
      return ['that it is rejected', ...parts.map(([part, value]) => `    ${part}: ${tellPart(value)}`)].join('\n');
    }
    case 'error':
      return `that it fails with ${stated.code}${stated.message === undefined ? '' : `: ${tellPart(stated.message)}`}`;
    default:
      return stated satisfies never;
  }
}

function tellPart(value: unknown): string {
  return value instanceof RegExp && !isMatcher(value) ? String(value) : told(value);
}

export function tellRejection({ message, rule, data }: BusinessRuleViolation): string {
  return [
    `  message: ${told(message)}`,
    ...(rule === undefined ? [] : [`  rule:    ${told(rule)}`]),
    ...(data === undefined ? [] : [`  data:    ${told(data)}`]),
  ].join('\n');
}

export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return `  raised:  ${told(error)}`;
  return [`  ${error.name}: ${error.message}`, ...(isEventCoreError(error) ? [`  code:    ${error.code}`] : [])].join(
    '\n',
  );
}

export function eventLines(
  events: readonly { readonly stream: string; readonly type: string; readonly data: unknown }[],
): string[] {
  const stream = Math.max(...events.map((event) => event.stream.length));
  const type = Math.max(...events.map((event) => event.type.length));
  return events.map((event) => `    ${event.stream.padEnd(stream)}  ${event.type.padEnd(type)}  ${told(event.data)}`);
}
