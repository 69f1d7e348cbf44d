/** What a command id was used for: the command's name and its declared fields, as a digest. */
import { hash } from 'node:crypto';
import type { Json } from '../event/json.js';
import type { AnyReference } from '../stream/stream-reference.js';
import type { CompiledCommand } from './compiled-command.js';
import type { Values } from './parse-properties.js';

/**
 * Two commands have the same fingerprint when they have the same name and the same values, in whatever order these
 * were written. A digest, since inputs may hold what must not be stored.
 */
export function fingerprintOf(definition: CompiledCommand, values: Values): string {
  let text = quoted(definition.name);
  for (const { name, role } of definition.fieldsByName) {
    const value = values[name];
    if (value === undefined) continue;
    // Names of fields are identifiers, so there is nothing in them to escape.
    text += `,"${name}":`;
    if (role === 'input') text += canonical(value as Json);
    else if (role === 'set') text += canonical((value as readonly AnyReference[]).map(({ id }) => id));
    else text += quoted((value as AnyReference).id);
  }
  return hash('sha256', text, 'base64url');
}

/** JSON with the keys of every object in order. */
function canonical(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json };
  const entries = Object.keys(object)
    .sort()
    .map((key) => `${quoted(key)}:${canonical(object[key] as Json)}`);
  return `{${entries.join(',')}}`;
}

const needsEscaping = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON. Few hold anything that needs escaping, and asking whether one does costs half of `JSON.stringify`. */
function quoted(text: string): string {
  return needsEscaping.test(text) ? JSON.stringify(text) : `"${text}"`;
}
