/** Every kind of schema that is read, and what is said of those that are not. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { atLength } from '../../../../tools/at-length.mjs';
import { storedForm } from './stored-form.js';
import type { Schema } from './trail.js';
import { valuesOf } from './values-of.js';

interface Tree {
  readonly name: string;
  readonly children: readonly Tree[];
  readonly left?: Tree | undefined;
}
const Tree: v.GenericSchema<Tree> = v.object({
  name: v.string(),
  children: v.array(v.lazy(() => Tree)),
  left: v.optional(v.lazy(() => Tree)),
});

const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));

const schemas: Readonly<Record<string, Schema>> = {
  'an object': v.object({ a: v.string(), b: v.number(), c: v.boolean(), d: v.null() }),
  'a strict object': v.strictObject({ a: v.string() }),
  'a loose object': v.looseObject({ a: v.string() }),
  'an object with a rest': v.objectWithRest({ a: v.string() }, v.number()),
  'an empty object': v.object({}),
  'a branded integer': Money,
  'bounds of a number': v.pipe(v.number(), v.minValue(-0.5), v.maxValue(0.25)),
  'bounds that are excluded': v.pipe(v.number(), v.gtValue(0), v.ltValue(1)),
  'an integer between excluded bounds': v.pipe(v.number(), v.integer(), v.gtValue(0), v.ltValue(2)),
  'an integer beyond 32 bits': v.pipe(v.number(), v.integer(), v.minValue(2 ** 40)),
  'an integer below 32 bits': v.pipe(v.number(), v.safeInteger(), v.maxValue(-(2 ** 40))),
  multiples: v.pipe(v.number(), v.multipleOf(5), v.minValue(7), v.maxValue(21)),
  'a number that must be one': v.pipe(v.number(), v.value(42)),
  'a text of some length': v.pipe(v.string(), v.minLength(3), v.maxLength(5)),
  'a text of one length': v.pipe(v.string(), v.length(40)),
  'a text that is not empty': v.pipe(v.string(), v.trim(), v.nonEmpty()),
  'a text with a beginning and an end': v.pipe(
    v.string(),
    v.startsWith('ab'),
    v.includes('-'),
    v.endsWith('cd'),
    v.maxLength(9),
  ),
  'a text by a regular expression': v.pipe(v.string(), v.regex(/^[A-Z]{2}\d{2}[a-z]*$/)),
  'a text by one that ignores case': v.pipe(v.string(), v.regex(/^abc\d+$/i)),
  'a UUID': v.pipe(v.string(), v.uuid()),
  'an e-mail address': v.pipe(v.string(), v.email()),
  'a URL': v.pipe(v.string(), v.url()),
  'a timestamp': v.pipe(v.string(), v.isoTimestamp()),
  'a date': v.pipe(v.string(), v.isoDate()),
  'a date with a time': v.pipe(v.string(), v.isoDateTime()),
  digits: v.pipe(v.string(), v.digits(), v.minLength(2)),
  'a ULID': v.pipe(v.string(), v.ulid()),
  'an IPv4 address': v.pipe(v.string(), v.ipv4()),
  'a slug': v.pipe(v.string(), v.slug()),
  'a picklist': v.picklist(['a', 'b']),
  'a picklist behind a text': v.pipe(v.string(), v.picklist(['euro', 'dollar'])),
  'an enum': v.enum({ A: 'a', B: 1 }),
  'a literal': v.literal('x'),
  'an array of some length': v.pipe(v.array(Money), v.minLength(2), v.maxLength(3)),
  'a tuple': v.tuple([v.string(), v.boolean()]),
  'a strict tuple': v.strictTuple([v.string()]),
  'a tuple with a rest': v.tupleWithRest([v.string()], v.number()),
  'a record': v.record(v.string(), v.number()),
  'a record with a few keys': v.pipe(v.record(v.picklist(['a', 'b', 'c']), Money), v.minEntries(2)),
  'optional entries': v.object({
    a: v.optional(v.string()),
    b: v.nullish(v.number()),
    c: v.nullable(v.boolean()),
    d: v.exactOptional(v.string()),
  }),
  defaults: v.object({
    a: v.optional(v.string(), 'cash'),
    b: v.nullish(v.number(), 1),
    c: v.nullable(v.string(), 'x'),
  }),
  'non-optional': v.object({
    a: v.nonOptional(v.optional(v.string())),
    b: v.nonNullish(v.nullish(v.number())),
    c: v.nonNullable(v.nullable(v.number())),
  }),
  'a partial object': v.partial(v.object({ a: v.string(), b: Money })),
  'a union': v.union([v.string(), v.number(), v.object({ a: Money })]),
  'a variant': v.variant('kind', [
    v.object({ kind: v.literal('a'), n: Money }),
    v.object({ kind: v.literal('b'), s: v.string() }),
  ]),
  'an intersection': v.intersect([v.object({ a: v.string() }), v.object({ b: Money })]),
  anything: v.any(),
  'a schema that holds itself': Tree,
  'a check that is often true': v.pipe(
    v.number(),
    v.integer(),
    v.check((n) => n % 3 === 0),
  ),
  'a transformation': v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.transform((n) => Math.floor(n / 2)),
  ),
  'a transformation whose result is not always accepted': v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(10),
    v.transform((n) => n * 2),
  ),
  'a pipe within a pipe': v.pipe(
    Money,
    v.check((amount) => amount <= 10 ** 9),
  ),
  'a fallback': v.object({ a: v.fallback(v.string(), 'none') }),
};

describe('values of a schema of valibot', () => {
  it.each(Object.entries(schemas))('are accepted by it, and are what a store gives back: %s', (_, schema) => {
    const { validate } = schema['~standard'];
    fc.assert(
      fc.property(valuesOf(schema), (value) => {
        expect(validate(value)).not.toHaveProperty('issues', expect.anything());
        expect(JSON.stringify(storedForm(value))).toBe(JSON.stringify(value));
      }),
      { numRuns: atLength ? 500 : 40 },
    );
  });

  const seen = (schema: Schema): readonly unknown[] => fc.sample(valuesOf(schema), { numRuns: 400, seed: 7 });

  it('leave out what may be left out, at times, and give it at others', () => {
    const values = seen(v.object({ a: v.optional(v.string()) })) as readonly object[];
    expect(values.filter((value) => 'a' in value).length).toBeGreaterThan(50);
    expect(values.filter((value) => !('a' in value)).length).toBeGreaterThan(20);
  });

  it('have defaults where nothing was given', () => {
    expect(seen(v.object({ a: v.optional(v.literal('card'), 'card') }))).toContainEqual({ a: 'card' });
  });

  it('reach both ends of small bounds, every option and every alternative', () => {
    expect(new Set(seen(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3))))).toEqual(new Set([1, 2, 3]));
    expect(new Set(seen(v.picklist(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
    expect(new Set(seen(v.union([v.literal(1), v.literal('one')])))).toEqual(new Set([1, 'one']));
    expect(new Set(seen(v.nullable(v.literal(1))))).toEqual(new Set([1, null]));
  });

  it('are real days, where a pattern alone would allow others', () => {
    for (const date of seen(v.pipe(v.string(), v.isoDate())) as readonly string[]) {
      expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
    }
  });

  it('hold hostile texts where any text is taken', () => {
    expect(seen(v.string()).some((text) => /[^\u0020-\u007e]/.test(text as string))).toBe(true);
  });

  it('shrink to the smallest', () => {
    const { counterexample } = fc.check(
      fc.property(valuesOf(v.object({ amount: Money, memo: v.optional(v.string()) })), ({ amount }) => amount < 50),
      { seed: 1 },
    );
    expect(counterexample).toEqual([{ amount: 50 }]);
  });

  it('come from an arbitrary of one\u2019s own wherever that schema stands, also at the start of a pipe', () => {
    const own = { schemas: [[Money, fc.constantFrom(7, 8)]] } as const;
    const values = fc.sample(
      valuesOf(
        v.object({
          a: Money,
          b: v.array(
            v.pipe(
              Money,
              v.check((amount) => amount !== 8),
            ),
          ),
        }),
        own,
      ),
      200,
    );
    expect(new Set(values.map(({ a }) => a))).toEqual(new Set([7, 8]));
    expect(new Set(values.flatMap(({ b }) => b))).toEqual(new Set([7]));
  });
});

describe('a schema of which too little is known is refused, with the place and what to do', () => {
  it.each<readonly [string, Schema, string]>([
    [
      'a kind that tells nothing',
      v.object({ name: v.object({ first: v.custom<string>(() => true) }) }),
      "the schema, at data.name.first: valibot's `custom` does not tell what it takes",
    ],
    ['in a list', v.tuple([v.string(), v.instance(Map)]), "the schema, at data[1]: valibot's `instance` does not tell"],
    [
      'a check that is hardly ever true',
      v.pipe(
        v.string(),
        v.check((text) => text === 'open sesame', 'not the word'),
      ),
      'a thousand values that were tried, the last one with "not the word"',
    ],
    ['an asynchronous one', v.objectAsync({ a: v.string() }) as never, 'the schema'],
    ['one that accepts nothing', v.never(), 'it accepts no value'],
    [
      'one that never ends',
      (function endless(): Schema {
        return v.object({ in: v.lazy(() => endless() as v.GenericSchema) });
      })(),
      'none that comes to an end',
    ],
  ])('%s', (_, schema, message) => {
    expect(() => valuesOf(schema)).toThrow(message);
    expect(() => valuesOf(schema)).toThrow(/valuesOf\(schema, \{ schemas: \[\[part, arbitrary\]\] \}\)/);
  });
});

describe('values of a schema of another library', () => {
  /** As a library with Standard JSON Schema describes itself; what it accepts is said by the test. */
  function described(jsonSchema: object, accepts: (value: never) => boolean): Schema {
    return {
      '~standard': {
        version: 1,
        vendor: 'another',
        validate: (value: unknown) => (accepts(value as never) ? { value } : { issues: [{ message: 'no' }] }),
        jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
      },
    } as Schema;
  }

  it.each<readonly [string, object, (value: never) => boolean]>([
    [
      'objects',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'integer', exclusiveMinimum: 0 } },
        required: ['b'],
        additionalProperties: false,
      },
      ({ a, b }: { a?: string; b: number }) => ['string', 'undefined'].includes(typeof a) && b >= 1,
    ],
    [
      'records',
      { type: 'object', additionalProperties: { type: 'number' } },
      (value: object) => Object.values(value).every(Number.isFinite),
    ],
    ['bounds', { type: 'number', minimum: 1, maximum: 2 }, (n: number) => n >= 1 && n <= 2],
    [
      'enums and constants',
      { anyOf: [{ enum: ['a', 1] }, { const: null }] },
      (value: unknown) => ['a', 1, null].includes(value as string),
    ],
    [
      'several types',
      { type: ['string', 'null'], maxLength: 3 },
      (value: string | null) => value === null || value.length <= 3,
    ],
    [
      'lists',
      { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 },
      (list: unknown[]) => list.length > 0 && list.length < 3,
    ],
    [
      'tuples',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
      ([s, n]: [string, number]) => s.length >= 0 && Number.isInteger(n),
    ],
    ['formats', { type: 'string', format: 'date-time' }, (text: string) => !Number.isNaN(Date.parse(text))],
    ['patterns', { type: 'string', pattern: '^[a-f]{2,4}$' }, (text: string) => /^[a-f]{2,4}$/.test(text)],
    [
      'all of several',
      {
        allOf: [
          { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
          { type: 'object', properties: { b: { const: 2 } }, required: ['b'] },
        ],
      },
      ({ a, b }: { a: number; b: number }) => a === 1 && b === 2,
    ],
    [
      'references to themselves',
      { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } } },
      (value: object) => typeof value === 'object',
    ],
    ['anything', {}, () => true],
  ])('are made from its JSON Schema: %s', (_, jsonSchema, accepts) => {
    fc.assert(
      fc.property(valuesOf(described(jsonSchema, accepts)), (value) => {
        expect(accepts(value as never)).toBe(true);
      }),
      { numRuns: atLength ? 500 : 40 },
    );
  });

  it('are asked for where the library has no JSON Schema', () => {
    const opaque = {
      '~standard': { version: 1, vendor: 'opaque', validate: (value: unknown) => ({ value }) },
    } as Schema;
    expect(() => valuesOf(opaque)).toThrow(
      'a schema of opaque does not tell what it takes (it has no Standard JSON Schema)',
    );
    expect(fc.sample(valuesOf(opaque, { schemas: [[opaque, fc.constant(1)]] }), 3)).toEqual([1, 1, 1]);
    const failing = described({}, () => true);
    // The interface is readonly, and this one is to fail.
    (failing['~standard'] as unknown as { jsonSchema: object }).jsonSchema = {
      input: () => {
        throw new Error('no dates');
      },
    };
    expect(() => valuesOf(failing)).toThrow('its library (another) has no JSON Schema for it');
  });
});
