/**
 * From a schema to values that it accepts.
 *
 * Standard Schema tells how to parse, and nothing of what is parsed. So schemas of valibot are read by their public
 * structure, and others by the JSON Schema that they give of themselves (Standard JSON Schema: zod, arktype and others).
 * Whatever is made is parsed by the schema before anybody sees it: a rule that isn't understood costs time and never
 * correctness.
 */
import type fc from 'fast-check';
import { accepted } from './accepted.js';
import { jsonSchemaValues, type JsonSchema } from './json-schema-values.js';
import { unreadable, type Schema, type Trail } from './trail.js';
import { valibotValues, type ValibotSchema } from './valibot-values.js';

/** Arbitraries of one's own, for schemas that can't be read, or whose values shall be others. */
export interface ValueOptions {
  /** Pairs of a schema and an arbitrary of what it takes, used wherever that very schema stands. */
  readonly schemas?: readonly (readonly [schema: Schema, arbitrary: fc.Arbitrary<unknown>])[];
}

/** Where a schema stands, what is known of its parts, and how to say more. */
export function trailOf(where: string, advice: string, { schemas = [] }: ValueOptions): Trail {
  return { where, advice, own: new Map(schemas), depth: 0, take: takenBy };
}

/**
 * Values that a schema takes. Undefined where there are none, as deep inside a schema that holds itself.
 *
 * @throws `DefinitionError` for a schema of which too little is known.
 */
export function takenBy(schema: Schema, trail: Trail): fc.Arbitrary<unknown> | undefined {
  const own = trail.own.get(schema);
  if (own !== undefined) return accepted(schema, own, trail);
  const { vendor, jsonSchema } = schema['~standard'] as SelfDescribing;
  if (vendor === 'valibot') return valibotValues(schema as ValibotSchema, trail);
  if (typeof jsonSchema?.input !== 'function') {
    throw unreadable(trail, `a schema of ${vendor} does not tell what it takes (it has no Standard JSON Schema)`);
  }
  let described: JsonSchema;
  try {
    described = jsonSchema.input({ target: 'draft-2020-12' });
  } catch (cause) {
    throw unreadable(trail, `its library (${vendor}) has no JSON Schema for it`, cause);
  }
  const values = jsonSchemaValues(described, trail);
  return values && accepted(schema, values, trail);
}

/** The part of Standard JSON Schema that is used here. */
interface SelfDescribing {
  readonly vendor: string;
  readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => JsonSchema };
}
