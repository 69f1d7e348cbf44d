/** Keys and ids of streams: those that a store has to keep apart, and those that must be refused. */
import { isEventCoreError, parseStreamId, streamId, type StreamId, type StreamKey } from '@eventcore/core';
import fc from 'fast-check';
import { hostileKeys } from '../contract/values/hostile-corpus.js';

const plainKeys = fc.stringMatching(/^[a-z0-9]{1,8}$/);

/** No control character, and no lone surrogate: what a key is made of. */
const characters = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 1 })
  .filter((character) => !/[\u0000-\u001f\u007f-\u009f]/.test(character));

/** What sits close to something else: pairs of these are what a store may mix up. */
const lookalikes = fc.string({
  unit: fc.constantFrom(
    'a',
    'A',
    'а',
    'ａ',
    'é',
    'e\u0301',
    'ß',
    'ss',
    '-',
    '_',
    '%',
    '\\',
    "'",
    '"',
    ';--',
    ' ',
    '\u200b',
    '😀',
  ),
  minLength: 1,
  maxLength: 6,
});

/** Exactly as long as a key may be: 255 bytes. */
const longest = fc
  .constantFrom('a', '_', '%', '-')
  .chain((unit) =>
    fc.constantFrom(unit.repeat(255), `${unit.repeat(254)}b`, '€'.repeat(85), `${'😀'.repeat(63)}${unit.repeat(3)}`),
  );

/**
 * Keys of streams. Plain ones are short, so that some come twice; hostile ones look like each other or like syntax, are
 * as long as a key may be, or hold anything that a key may hold.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * import { streamId, keyOf } from '@eventcore/core';
 * import { streamKeys } from '@eventcore/testing/generators';
 *
 * fc.assert(fc.property(streamKeys({ hostile: true }), (key) => keyOf(streamId('account', key)) === key));
 * ```
 */
export function streamKeys({ hostile = false }: { readonly hostile?: boolean } = {}): fc.Arbitrary<StreamKey> {
  if (!hostile) return plainKeys;
  return fc
    .oneof(
      { withCrossShrink: true },
      plainKeys,
      fc.constantFrom(...hostileKeys),
      lookalikes,
      longest,
      fc.string({ unit: characters, minLength: 1, maxLength: 20 }),
    )
    .filter((key) => isAccepted(() => streamId('a', key)));
}

/**
 * Ids of streams: of one type, or of types whose names begin alike, so that a prefix is never quite enough.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * import { parseStreamId } from '@eventcore/core';
 * import { streamIds } from '@eventcore/testing/generators';
 *
 * fc.assert(fc.property(streamIds('account', { hostile: true }), (id) => parseStreamId(id) === id));
 * ```
 */
export function streamIds(type?: string, options: { readonly hostile?: boolean } = {}): fc.Arbitrary<StreamId> {
  const types =
    type === undefined ? fc.constantFrom('a', 'ab', 'a_b', 'aB', 'account', 'constructor') : fc.constant(type);
  return fc.tuple(types, streamKeys(options)).map(([name, key]) => streamId(name, key));
}

/**
 * Texts that can't be the key of a stream: empty ones, too long ones, and those with a control character or half a
 * surrogate pair.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import { streamId } from '@eventcore/core';
 * import { refusedKeys } from '@eventcore/testing/generators';
 *
 * fc.assert(fc.property(refusedKeys(), (key) => assert.throws(() => streamId('account', key))));
 * ```
 */
export function refusedKeys(): fc.Arbitrary<string> {
  const forbidden = fc.oneof(
    fc.constantFrom('\u0000', '\n', '\u001f', '\u007f', '\u0085', '\ud800', '\udc00'),
    fc.integer({ min: 0, max: 0x1f }).map((code) => String.fromCharCode(code)),
  );
  const infected = fc
    .tuple(fc.oneof(plainKeys, fc.constant('')), forbidden, fc.oneof(plainKeys, fc.constant('')))
    .map((parts) => parts.join(''));
  const tooLong = fc
    .tuple(fc.constantFrom('a', 'é', '€', '😀', '-'), fc.nat(100))
    .map(([unit, more]) => unit.repeat(Math.floor(255 / Buffer.byteLength(unit)) + 1 + more));
  return fc.oneof(fc.constant(''), infected, tooLong);
}

/** Whether core takes it for an id. */
function isAccepted(make: () => StreamId): boolean {
  try {
    return parseStreamId(make()) !== '';
  } catch (error) {
    if (isEventCoreError(error, 'VALIDATION')) return false;
    throw error;
  }
}
