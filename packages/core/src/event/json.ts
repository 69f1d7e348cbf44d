/**
 * What an event's data, an input and metadata may be: JSON, in the very form in which a read gives it back.
 *
 * `toJson` copies a value into that form, so that what a command folds now is what every later reader will see, and
 * refuses what JSON would lose or bend in silence, with the path to it and what to write instead.
 */
import { types } from 'node:util';
import { ValidationError, type Issue } from '../errors/input-errors.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Containers within containers, the outermost counted. */
export const MAX_DEPTH = 100;

/**
 * A frozen copy of a value in its JSON form.
 *
 * @throws {@link ValidationError} with the path to what JSON can't hold.
 *
 * @example
 * ```ts
 * import { toJson } from '@eventcore/core/store';
 *
 * console.log(toJson({ owner: 'Alice', note: undefined }, 'The row')); // { owner: 'Alice' }
 * ```
 */
export function toJson(value: unknown, subject: string): Json {
  if (value === undefined) throw refusal(subject, [], 'must not be undefined; JSON has null');
  return copy(value, subject, []);
}

/**
 * At most this many bytes of UTF-8 JSON, found without writing it: a UTF-16 unit takes six bytes when escaped, a number
 * twenty-five. Who must know exactly measures only what this bound doesn't settle.
 */
export function jsonSizeBound(value: Json): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  if (typeof value !== 'object' || value === null) return 25;
  let bound = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) bound += jsonSizeBound(item) + 1;
  else
    for (const key in value)
      bound += key.length * 6 + 4 + jsonSizeBound((value as { [key: string]: Json })[key] as Json);
  return bound;
}

/** The bytes of its UTF-8 JSON text. */
export function jsonSize(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

type Trail = (string | number)[];

function copy(value: unknown, subject: string, trail: Trail): Json {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw refusal(subject, trail, 'holds a lone surrogate, which has no UTF-8 form');
      if (value.includes('\u0000')) throw refusal(subject, trail, 'holds the character U+0000, which databases refuse');
      return value;
    case 'number':
      if (!Number.isFinite(value))
        throw refusal(subject, trail, `is ${value}, which JSON can't hold; use null, or a string`);
      return value === 0 ? 0 : value; // -0 and 0 are one number in JSON
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (trail.length >= MAX_DEPTH) {
        throw refusal(subject, trail.slice(0, 3), `is nested deeper than ${MAX_DEPTH} levels, or holds itself`);
      }
      return Array.isArray(value) ? copyArray(value, subject, trail) : copyObject(value, subject, trail);
    default:
      throw refusal(subject, trail, unsupported(value));
  }
}

function copyArray(value: readonly unknown[], subject: string, trail: Trail): Json {
  if (Object.keys(value).length !== value.length || Object.getOwnPropertySymbols(value).length > 0) {
    throw refusal(subject, trail, 'is a sparse array, or one with named properties; JSON keeps neither');
  }
  const result: Json[] = [];
  for (let index = 0; index < value.length; index++) {
    trail.push(index);
    if (value[index] === undefined)
      throw refusal(subject, trail, 'is undefined, which would become null in an array; write null');
    result.push(copy(value[index], subject, trail));
    trail.pop();
  }
  return Object.freeze(result);
}

function copyObject(value: object, subject: string, trail: Trail): Json {
  if (!isPlain(value)) throw refusal(subject, trail, unsupported(value));
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw refusal(subject, trail, 'has a symbol for a key; use a string');
  const result: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const item = (value as { [key: string]: unknown })[key];
    if (item === undefined) continue;
    trail.push(key);
    checkKey(key, subject, trail);
    const copied = copy(item, subject, trail);
    // `__proto__` is a key like any other, and must not become the prototype.
    if (key === '__proto__') Object.defineProperty(result, key, { value: copied, enumerable: true });
    else result[key] = copied;
    trail.pop();
  }
  return Object.freeze(result);
}

function checkKey(key: string, subject: string, trail: Trail): void {
  if (!key.isWellFormed() || key.includes('\u0000')) {
    throw refusal(subject, trail, 'has a key with a lone surrogate or the character U+0000');
  }
}

/** Plain objects of any realm: their prototype is a root. Instances of classes have one more step to go. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unsupported(value: unknown): string {
  if (typeof value === 'bigint')
    return "is a bigint, which JSON can't hold; keep it as a string, and convert it where it is used";
  if (typeof value !== 'object' || value === null) return `is a ${typeof value}, which JSON can't hold`;
  if (types.isDate(value)) return 'is a Date; keep an ISO string (date.toISOString()), and convert it where it is used';
  if (types.isMap(value)) return 'is a Map; keep an object or a list of pairs, and convert it where it is used';
  if (types.isSet(value)) return 'is a Set; keep an array, and convert it where it is used';
  const name = value.constructor?.name || 'a class';
  return `is an instance of ${name}; keep its data as a plain object, and convert it where it is used`;
}

function refusal(subject: string, trail: Trail, message: string): ValidationError {
  const issue: Issue = { path: [...trail], message };
  return new ValidationError(subject, [issue]);
}
