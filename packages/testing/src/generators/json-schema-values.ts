/** From a JSON Schema (draft 2020-12, as Standard JSON Schema gives it) to values that keep it, or nearly. */
import fc from 'fast-check';
import { jsonValues } from './json-values.js';
import { numberValues } from './number-values.js';
import { anyOf, arrays, merged, records, tuples, type Entry } from './structures.js';
import { textValues, type TextRules } from './text-values.js';
import { into, unreadable, type Trail } from './trail.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Undefined where there are no values, as deep inside a schema that holds itself. */
export function jsonSchemaValues(schema: JsonSchema, trail: Trail, root = schema): fc.Arbitrary<unknown> | undefined {
  const values = (part: unknown, step?: string | number): fc.Arbitrary<unknown> | undefined => {
    const there = step === undefined ? trail : into(trail, step);
    if (part === true) return jsonValues();
    if (part === false) return undefined;
    return jsonSchemaValues(part as JsonSchema, there, root);
  };
  const list = (parts: unknown): readonly unknown[] => (Array.isArray(parts) ? (parts as readonly unknown[]) : []);

  if (typeof schema.$ref === 'string') {
    if (trail.depth > 3) return undefined;
    return jsonSchemaValues(referredTo(schema.$ref, root, trail), { ...trail, depth: trail.depth + 1 }, root);
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...list(schema.enum));
  const options = list(schema.anyOf ?? schema.oneOf);
  if (options.length > 0) return anyOf(options.map((option) => values(option)));
  if (Array.isArray(schema.allOf)) return merged(list(schema.allOf).map((part) => values(part)));
  if (Array.isArray(schema.type)) return anyOf(list(schema.type).map((type) => values({ ...schema, type })));

  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberValues(numberRules(schema));
    case 'string': {
      const texts = textValues(textRules(schema));
      if (texts === undefined) throw unreadable(trail, `no text can be made for the pattern ${String(schema.pattern)}`);
      return texts;
    }
    case 'array': {
      const first = list(schema.prefixItems).map((item, index) => values(item, index));
      const { items = first.length === 0, minItems = 0, maxItems } = schema as Readonly<Record<string, never>>;
      if (first.length > 0) return tuples(first, items === false || items === true ? undefined : values(items));
      return arrays(values(items, 'items'), minItems, maxItems);
    }
    case 'object': {
      const required = new Set(list(schema.required));
      const entries = Object.entries((schema.properties ?? {}) as JsonSchema).map(([key, part]): Entry => ({
        key,
        values: values(part, key),
        optional: !required.has(key),
      }));
      const { additionalProperties: more, propertyNames: names } = schema;
      if (typeof more !== 'object') return records(entries);
      return records(entries, { keys: values(names ?? { type: 'string' }), values: values(more) });
    }
    case undefined:
      // Nothing is said of what it is.
      if (Object.keys(schema).every((key) => key.startsWith('$') || annotations.has(key))) return jsonValues();
      throw unreadable(trail, `its JSON Schema has no type: ${JSON.stringify(schema).slice(0, 200)}`);
    default:
      throw unreadable(trail, `its JSON Schema is of the type ${JSON.stringify(schema.type)}`);
  }
}

const annotations = new Set(['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly']);

function referredTo(reference: string, root: JsonSchema, trail: Trail): JsonSchema {
  let part: unknown = root;
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    if (step === '') continue;
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    part = (part as JsonSchema | undefined)?.[key];
  }
  if (typeof part === 'object' && part !== null && reference.startsWith('#')) return part as JsonSchema;
  throw unreadable(trail, `its JSON Schema refers to ${reference}, which it doesn't hold`);
}

function numberRules(schema: JsonSchema): Parameters<typeof numberValues>[0] {
  const of = (name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined);
  const [above, below] = [of('exclusiveMinimum'), of('exclusiveMaximum')];
  const [min, max, multipleOf] = [of('minimum') ?? above, of('maximum') ?? below, of('multipleOf')];
  return {
    integer: schema.type === 'integer',
    ...(min !== undefined && { min: Math.max(min, above ?? min), minExcluded: above !== undefined && above >= min }),
    ...(max !== undefined && { max: Math.min(max, below ?? max), maxExcluded: below !== undefined && below <= max }),
    ...(multipleOf !== undefined && { multipleOf }),
  };
}

const formats: Readonly<Record<string, NonNullable<TextRules['format']>>> = {
  uuid: 'uuid',
  email: 'email',
  uri: 'url',
  date: 'date',
  'date-time': 'date-time',
};

function textRules({ format, pattern, minLength, maxLength }: JsonSchema): TextRules {
  return {
    format: typeof format === 'string' ? formats[format] : undefined,
    ...(typeof pattern === 'string' && { patterns: [new RegExp(pattern, 'u')] }),
    ...(typeof minLength === 'number' && { minLength }),
    ...(typeof maxLength === 'number' && { maxLength }),
  };
}
