/** Values of a schema, as it gives them: parsed, with its defaults and its brands. */
import type { OutputOf } from '@eventcore/core';
import type fc from 'fast-check';
import { letThrough } from './accepted.js';
import { takenBy, trailOf, type ValueOptions } from './schema-values.js';
import { storedForm } from './stored-form.js';
import { unreadable, type Schema, type Trail } from './trail.js';

/**
 * Arbitrary values of a schema: what it gives for inputs that it accepts.
 *
 * @throws `DefinitionError` for a schema that can't be read; it says where, and how to give an arbitrary of one's own.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import fc from 'fast-check';
 * import * as v from 'valibot';
 * import { valuesOf } from '@eventcore/testing/generators';
 *
 * const Percentage = v.pipe(v.number(), v.minValue(0), v.maxValue(100), v.brand('Percentage'));
 *
 * fc.assert(fc.property(valuesOf(Percentage), (percentage) => assert.ok(percentage >= 0 && percentage <= 100)));
 * ```
 */
export function valuesOf<S extends Schema>(schema: S, options: ValueOptions = {}): fc.Arbitrary<OutputOf<S>> {
  const advice = 'Give an arbitrary of your own for the part: valuesOf(schema, { schemas: [[part, arbitrary]] }).';
  return givenBy(schema, trailOf('the schema', advice, options)) as fc.Arbitrary<OutputOf<S>>;
}

/** What a schema gives, in the form in which a store gives it back. */
export function givenBy(schema: Schema, trail: Trail, own?: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const values = own ?? takenBy(schema, trail);
  if (values === undefined) throw unreadable(trail, 'it accepts no value, or none that comes to an end');
  const { validate } = schema['~standard'];
  const given = (value: unknown): unknown => {
    const result = validate(value);
    if ('then' in result) throw unreadable(trail, 'it is asynchronous, and schemas are synchronous here');
    return result.issues === undefined ? storedForm(result.value) : undefined;
  };
  // What is stored has to be taken again: an event is parsed when it is emitted, from what was parsed before.
  const again = (value: unknown): boolean => value !== undefined && given(value) !== undefined;
  return letThrough(values.map(given), again, () =>
    unreadable(
      trail,
      own
        ? 'it refused a thousand values of the arbitrary that was given'
        : 'it refused a thousand values that were tried',
    ),
  );
}
