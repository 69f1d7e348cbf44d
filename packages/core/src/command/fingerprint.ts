/** What a command id was used for: the command's name and its declared fields, as a digest. */
import { hash } from 'node:crypto';
import type { Json } from '../event/json.js';
import type { AnyReference } from '../stream/stream-reference.js';
import type { CommandParts } from './command-logic.js';

/**
 * Two commands have the same fingerprint when they have the same name and were given the same values, in whatever order
 * these were written. A digest, since inputs may hold what must not be stored.
 *
 * What was left out isn't in it, whatever default its schema fills in: so a release may add an input with a default, or
 * change one, and what is sent again is still the same, in both releases. What was given is in it, also when it equals the
 * default: left out as well, it would be the same as another value given once the default is another one.
 */
export function fingerprintOf({ definition, values, defaulted }: CommandParts): string {
  let text = quoted(definition.name);
  for (const { name, role } of definition.fieldsByName) {
    const value = values[name];
    if (value === undefined || defaulted.has(name)) continue;
    // Names of fields are identifiers, so there is nothing in them to escape.
    text += `,"${name}":`;
    if (role === 'input') text += canonical(value as Json);
    else if (role === 'set') text += canonical((value as readonly AnyReference[]).map(({ id }) => id).sort());
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
