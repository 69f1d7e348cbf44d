/** Values for property tests: whatever JSON can hold, hostile texts and keys included. */
import fc from 'fast-check';
import type { Json } from './json.js';

/** Any text that has a UTF-8 form, without the one character that databases refuse. */
export const texts: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('', '\u0001', '\uffff', '😀', 'e\u0301', '\\u0000'),
  )
  .map((text) => text.replaceAll('\u0000', ''));

const keys = fc.oneof(texts, fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'length', '0', 'a.b'));

export const jsonValues: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    texts,
    fc.array(tie('value')),
    fc.dictionary(keys, tie('value')),
  ),
})).value;
