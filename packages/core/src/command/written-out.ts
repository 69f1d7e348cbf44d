/** A command as text: the expression that makes one like it, so that a report of a test can be pasted into a test. */
import { inspect } from 'node:util';
import type { AnyReference } from '../stream/stream-reference.js';
import type { CompiledCommand } from './compiled-command.js';
import type { Value, Values } from './parse-properties.js';

export function writtenOut(className: string, { fields }: CompiledCommand, values: Values): string {
  const given = fields.filter(({ name }) => values[name] !== undefined);
  const parts = given.map(({ name, role }) => `${name}: ${role === 'input' ? text(values[name]) : keys(values[name])}`);
  return `new ${className}({ ${parts.join(', ')} })`;
}

function keys(value: Value): string {
  if (!Array.isArray(value)) return text((value as AnyReference).key);
  return text((value as readonly AnyReference[]).map(({ key }) => key));
}

/** On one line, and whole. */
function text(value: unknown): string {
  return inspect(value, {
    depth: null,
    compact: true,
    breakLength: Infinity,
    maxArrayLength: null,
    maxStringLength: null,
  });
}
