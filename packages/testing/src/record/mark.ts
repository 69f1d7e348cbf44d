import type { Json } from '@eventcore/core';
import type { LeanEvent } from '@eventcore/core/store';

/** What a digest takes of an event: all that folding sees of it. Equal for equal data, whatever the order of its keys. */
export function markOf({ type, schemaVersion, data }: LeanEvent): string {
  return `${type} ${schemaVersion} ${textOf(data)}`;
}

/** A store in memory gives out the same data again and again, and writing it down takes longer than folding it. */
const texts = new WeakMap<object, string>();

function textOf(data: Json): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  let text = texts.get(data);
  // Data that could still be changed isn't known by what it was.
  if (text === undefined) {
    text = canonical(data);
    if (Object.isFrozen(data)) texts.set(data, text);
  }
  return text;
}

/** JSON with keys in order: stores may keep them in another one. */
function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = value as { readonly [key: string]: Json };
  const keys = Object.keys(members).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(members[key]!)}`).join()}}`;
}
