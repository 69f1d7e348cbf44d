/**
 * Stream ids: `account-alice` is the stream `alice` of type `account`.
 *
 * The first `-` ends the type's name, which has none, so no type's prefix ever covers another type's streams; a key may
 * hold anything printable. Ids are compared byte for byte and never normalised.
 */
import { ValidationError } from '../errors/input-errors.js';

declare const brand: unique symbol;

/** The id of a stream, checked. */
export type StreamId = string & { readonly [brand]: 'StreamId' };

/**
 * What names a stream within its type: any text but a stream's id. A key may hold a `-`, so only the compiler can tell that
 * `account-alice`, given as a key, would lead to the stream `account-account-alice`.
 */
export type StreamKey = string & { readonly [brand]?: never };

/** In characters, each of which is a byte. */
export const MAX_TYPE_NAME = 64;
const typeNamePattern = new RegExp(`^[a-z][a-zA-Z0-9_]{0,${MAX_TYPE_NAME - 1}}$`);
/** C0, DEL and C1. */
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/;

/** Keys and names are stored beside every event: 255 bytes of UTF-8 are plenty, and every engine can index them. */
export const MAX_NAME_BYTES = 255;

/** The id of the stream `key` of type `typeName`. @throws {@link ValidationError} when the key can't be one. */
export function streamId(typeName: string, key: string): StreamId {
  const fault = nameFault(key);
  if (fault !== undefined)
    throw new ValidationError(`The key of a stream of type "${typeName}"`, [{ path: [], message: fault }]);
  return `${typeName}-${key}` as StreamId;
}

/** Checks an id that comes as text. @throws {@link ValidationError} when it isn't one. */
export function parseStreamId(text: string): StreamId {
  const end = typeof text === 'string' ? text.indexOf('-') : -1;
  const fault =
    end < 0 || !isTypeName(text.slice(0, end))
      ? `must be "type-key", such as "account-alice", with a type that matches [a-z][a-zA-Z0-9_]* and has ${MAX_TYPE_NAME} characters at most`
      : nameFault(text.slice(end + 1));
  if (fault !== undefined) throw new ValidationError(`The stream id ${describe(text)}`, [{ path: [], message: fault }]);
  return text as StreamId;
}

/** The name of the type that a stream is of. */
export function typeNameOf(id: StreamId): string {
  return id.slice(0, id.indexOf('-'));
}

/** The key of a stream within its type. */
export function keyOf(id: StreamId): string {
  return id.slice(id.indexOf('-') + 1);
}

export function isTypeName(text: unknown): text is string {
  return typeof text === 'string' && typeNamePattern.test(text);
}

/** What keeps a text from being a key or a name, if anything does. */
export function nameFault(text: unknown): string | undefined {
  if (typeof text !== 'string') return `must be a string, not ${describe(text)}`;
  if (text.length === 0) return 'must not be empty';
  if (controlCharacters.test(text)) return 'must not hold control characters';
  if (!text.isWellFormed()) return 'must not hold a lone surrogate: it has no UTF-8 form';
  // A UTF-16 unit is three bytes of UTF-8 at most, so most names needn't be encoded to know that they fit.
  if (text.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(text) > MAX_NAME_BYTES) {
    return `must not be longer than ${MAX_NAME_BYTES} bytes of UTF-8`;
  }
  return undefined;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : value === null ? 'null' : typeof value;
}
