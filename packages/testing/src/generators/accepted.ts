/** The last word on every value has the schema. */
import fc from 'fast-check';
import { unreadable, type Schema, type Trail } from './trail.js';

/**
 * Only what the schema accepts. Whether it accepts anything is tried at once: a filter that lets nothing through would
 * search for ever.
 */
export function accepted(schema: Schema, values: fc.Arbitrary<unknown>, trail: Trail): fc.Arbitrary<unknown> {
  const { validate } = schema['~standard'];
  let refusal = '';
  const accepts = (value: unknown): boolean => {
    const result = validate(value);
    if ('then' in result) throw unreadable(trail, 'it is asynchronous, and schemas are synchronous here');
    if (result.issues !== undefined) refusal = result.issues[0]?.message ?? '';
    return result.issues === undefined;
  };
  return letThrough(values, accepts, () =>
    unreadable(trail, `it refused a thousand values that were tried, the last one with "${refusal}"`),
  );
}

/** A filter that fails at once if it lets through less than one in a thousand. */
export function letThrough<Value>(
  values: fc.Arbitrary<Value>,
  passes: (value: Value) => boolean,
  failure: () => Error,
): fc.Arbitrary<Value> {
  const some = (numRuns: number): boolean => fc.sample(values, { numRuns, seed: numRuns }).some(passes);
  if (!some(10) && !some(1000)) throw failure();
  return values.filter(passes);
}
