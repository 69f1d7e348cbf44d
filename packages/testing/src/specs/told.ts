/** Values as failures show them: on one line, as compact JSON, matchers by their names. */
import { inspect } from 'node:util';
import { isMatcher, matcherName } from './matcher.js';

export function told(value: unknown): string {
  return tell(value, MAX_DEPTH);
}

/** What is nested deeper may hold itself. */
const MAX_DEPTH = 20;

function tell(value: unknown, depth: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value);
  if (isMatcher(value)) return matcherName(value);
  if (depth > 0 && Array.isArray(value)) return `[${value.map((item) => tell(item, depth - 1)).join(',')}]`;
  if (depth > 0 && isPlain(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${tell(item, depth - 1)}`).join(',')}}`;
  }
  return inspect(value, { breakLength: Infinity, compact: true, depth: 4 });
}

/** Cut to a width, so that a table stays a table. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
