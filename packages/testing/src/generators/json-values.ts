/** Data of events: JSON that must come back exactly, and values that must be refused. */
import type { Json } from '@eventcore/core';
import { MAX_DEPTH } from '@eventcore/core/store';
import fc from 'fast-check';
import { hostileValues, nestedArrays, nestedObjects } from '../contract/values/hostile-corpus.js';
import { hostileText } from './hostile-texts.js';
import { unsigned } from './number-values.js';
import { objectOf } from './structures.js';

const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 0.1 + 0.2, 5e-324, Number.MAX_VALUE, 2 ** 53, 1e21, 123456789012345680000),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(unsigned),
);

const keys = fc.oneof(
  hostileText(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'hasOwnProperty', 'length', '0', '-1', '01', ''),
);

/**
 * Any JSON, in the form in which a store gives it back: hostile texts and keys, numbers to the last digit, empty and deep
 * containers.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import { jsonValues } from '@eventcore/testing/generators';
 *
 * fc.assert(fc.property(jsonValues(), (value) => assert.deepEqual(JSON.parse(JSON.stringify(value)), value)));
 * ```
 */
export function jsonValues(): fc.Arbitrary<Json> {
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant(null),
      fc.boolean(),
      numbers,
      hostileText(),
      fc.array(tie('value'), { maxLength: 8 }),
      fc.array(fc.tuple(keys, tie('value')), { maxLength: 8 }).map((entries): Json => objectOf(entries)),
    ),
  }));
  // What was made by hand is rarer, since it is large.
  return fc.oneof({ arbitrary: value, weight: 9 }, { arbitrary: fc.constantFrom(...madeByHand()), weight: 1 });
}

/**
 * Values that can't be data of an event: what JSON would lose, bend or refuse, alone or within something else.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { defineCommand, defineStream } from '@eventcore/core';
 * import { refusedValues } from '@eventcore/testing/generators';
 *
 * const Note = defineStream('note', { events: { Noted: v.any() }, state: () => ({}), fold: {} });
 * const Keep = defineCommand('Keep', {
 *   streams: { note: Note },
 *   input: { held: v.any() },
 *   handle: ({ input, emit }) => emit('note', 'Noted', input.held),
 * });
 *
 * fc.assert(fc.property(refusedValues(), (held) => assert.throws(() => new Keep({ note: 'n', held: { held } }))));
 * ```
 */
export function refusedValues(): fc.Arbitrary<unknown> {
  const refused: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom<unknown>(Number.NaN, Infinity, -Infinity),
    fc.bigInt(),
    fc.date(),
    fc.constant(null).map(() => new Map([['a', 1]])),
    fc.constant(null).map(() => new Set([1])),
    fc.constant(null).map(() => () => 1),
    fc.constant(null).map(() => Symbol('s')),
    fc.constant(null).map(() => new (class Money {})()),
    fc.uint8Array(),
    fc.constantFrom('\u0000', 'a\u0000b', '\ud800', 'a\udc00'),
    fc.constantFrom<unknown>([undefined], [, 1], { '\u0000': 1 }, { '\ud800': 1 }),
    fc.constantFrom(MAX_DEPTH + 1, MAX_DEPTH + 50).map(nestedArrays),
    fc.constantFrom(MAX_DEPTH + 1, MAX_DEPTH + 50).map(nestedObjects),
  );
  const around: readonly ((value: unknown) => unknown)[] = [
    (value) => value,
    (value) => [value],
    (value) => ({ held: value }),
    (value) => [null, { ok: 1, held: [value] }],
  ];
  return fc.tuple(refused, fc.constantFrom(...around)).map(([value, put]) => put(value));
}

function madeByHand(): readonly Json[] {
  return Object.values(hostileValues) as readonly Json[];
}
