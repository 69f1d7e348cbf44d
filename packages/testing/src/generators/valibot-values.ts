/**
 * From a schema of valibot to values that it takes.
 *
 * Its schemas are plain objects with a public structure (`type`, `entries`, `item`, `pipe`, …), which is read here; valibot
 * itself isn't needed. Rules of a pipe are followed up to the first step that makes another value.
 */
import fc from 'fast-check';
import { accepted } from './accepted.js';
import { jsonValues } from './json-values.js';
import { numberValues, type NumberRules } from './number-values.js';
import { into, unreadable, type Schema, type Trail } from './trail.js';
import { anyOf, arrays, merged, records, tuples, type Entry } from './structures.js';
import { textValues, type TextRules } from './text-values.js';

/** The parts of a schema that are read. Which ones are there, its `type` says. */
export type ValibotSchema = Schema & {
  readonly type: string;
  readonly pipe?: readonly [ValibotSchema, ...Step[]];
  readonly entries: Readonly<Record<string, ValibotSchema>>;
  readonly rest: ValibotSchema;
  readonly item: ValibotSchema;
  readonly items: readonly ValibotSchema[];
  readonly key: ValibotSchema;
  readonly value: ValibotSchema;
  readonly wrapped: ValibotSchema;
  readonly options: readonly unknown[];
  readonly literal: unknown;
  readonly getter: (input: undefined) => ValibotSchema;
};

/** A step of a pipe: a rule, a change, or another schema. */
interface Step {
  readonly kind: 'schema' | 'validation' | 'transformation' | 'metadata';
  readonly type: string;
  readonly requirement?: unknown;
}

export function valibotValues(schema: ValibotSchema, trail: Trail): fc.Arbitrary<unknown> | undefined {
  const [base, steps] = unpiped(schema, trail);
  const values = base === schema ? ofType(base, [], trail) : (trail.own.get(base) ?? ofType(base, steps, trail));
  // Without a pipe, what is made is what the type says; rules may have been too many to follow all of them.
  return values && steps.length > 0 ? accepted(schema, values, trail) : values;
}

/** The schema that a pipe begins with, and the rules that follow, as far as they are about the same value. */
function unpiped(schema: ValibotSchema, trail: Trail): readonly [base: ValibotSchema, steps: readonly Step[]] {
  if (schema.pipe === undefined) return [schema, []];
  const [first, ...rest] = schema.pipe;
  const own = trail.own.has(first);
  let [base, steps] = own ? ([first, []] as const) : unpiped(first, trail);
  for (const step of rest) {
    if (step.kind === 'transformation' && !keepsTheValue.has(step.type)) break;
    // A schema behind another one says more: `v.pipe(v.string(), v.picklist([…]))`.
    // Its kind tells: a step of this kind is a schema, whole.
    if (step.kind === 'schema' && !own) [base, steps] = unpiped(step as unknown as ValibotSchema, trail);
    steps = [...steps, step];
  }
  return [base, steps];
}

const keepsTheValue = new Set(['brand', 'readonly', 'flavor', 'trim', 'trim_start', 'trim_end', 'normalize']);

function ofType(schema: ValibotSchema, steps: readonly Step[], trail: Trail): fc.Arbitrary<unknown> | undefined {
  const child = (part: ValibotSchema, step?: string | number): fc.Arbitrary<unknown> | undefined =>
    trail.take(part, step === undefined ? trail : into(trail, step));
  switch (schema.type) {
    case 'string': {
      const texts = textValues(textRules(steps));
      if (texts === undefined) throw unreadable(trail, 'no text can be made for its regular expression');
      return texts;
    }
    case 'number':
      return numberValues(numberRules(steps));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'undefined':
    case 'void':
      return fc.constant(undefined);
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
    case 'enum':
      return schema.options.length === 0 ? undefined : fc.constantFrom(...schema.options);
    case 'any':
    case 'unknown':
      return jsonValues();
    case 'never':
      return undefined;
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return records(entriesOf(schema, trail));
    case 'object_with_rest':
      return records(entriesOf(schema, trail), { keys: fc.string(), values: child(schema.rest) });
    case 'record': {
      const { min, max } = lengths(steps, 'entries');
      const limits = { ...(min !== undefined && { minKeys: min }), ...(max !== undefined && { maxKeys: max }) };
      return records([], { keys: child(schema.key), values: child(schema.value), ...limits });
    }
    case 'array': {
      const { min, max } = lengths(steps, 'length');
      return arrays(child(schema.item, 'items'), min, max);
    }
    case 'tuple':
    case 'strict_tuple':
    case 'loose_tuple':
      return tuples(schema.items.map((item, index) => child(item, index)));
    case 'tuple_with_rest':
      return tuples(
        schema.items.map((item, index) => child(item, index)),
        child(schema.rest),
      );
    case 'union':
    case 'variant':
      return anyOf((schema.options as readonly ValibotSchema[]).map((option) => child(option)));
    case 'intersect':
      return merged((schema.options as readonly ValibotSchema[]).map((option) => child(option)));
    case 'optional':
    case 'undefinedable':
      return anyOf([child(schema.wrapped), fc.constant(undefined)]);
    case 'nullable':
      return anyOf([child(schema.wrapped), fc.constant(null)]);
    case 'nullish':
      return anyOf([child(schema.wrapped), fc.constant(null), fc.constant(undefined)]);
    case 'exact_optional':
      return child(schema.wrapped);
    case 'non_optional':
    case 'non_nullable':
    case 'non_nullish': {
      const wrapped = child(schema.wrapped);
      return wrapped && accepted(schema, wrapped, trail);
    }
    case 'lazy': {
      if (trail.depth > 2) return undefined;
      const deeper = { ...trail, depth: trail.depth + 1 };
      return trail.take(schema.getter(undefined), deeper);
    }
    default:
      throw unreadable(trail, `valibot's \`${schema.type}\` does not tell what it takes`);
  }
}

/** A key whose schema takes undefined may be missing; where it is there, it holds something, since JSON has no undefined. */
function entriesOf(schema: ValibotSchema, trail: Trail): readonly Entry[] {
  return Object.entries(schema.entries).map(([key, part]) => {
    const there = into(trail, key);
    const optional = ['optional', 'nullish', 'exact_optional', 'undefinedable'].includes(part.type);
    const whole =
      optional && part.pipe === undefined && !trail.own.has(part) ? presentPart(part, there) : trail.take(part, there);
    return { key, values: whole, optional: optional && part.type !== 'undefinedable' };
  });
}

function presentPart(part: ValibotSchema, trail: Trail): fc.Arbitrary<unknown> | undefined {
  const wrapped = trail.take(part.wrapped, trail);
  return part.type === 'nullish' ? anyOf([wrapped, fc.constant(null)]) : wrapped;
}

/** The numbers that rules of these types ask for. */
function required(steps: readonly Step[], ...types: readonly string[]): readonly number[] {
  return steps.filter(({ type }) => types.includes(type)).map(({ requirement }) => Number(requirement));
}

function lengths(
  steps: readonly Step[],
  of: 'length' | 'entries',
): { min: number | undefined; max: number | undefined } {
  const nonEmpty = steps.some(({ type }) => type === 'non_empty') ? [1] : [];
  const min = [...required(steps, `min_${of}`, of), ...nonEmpty];
  const max = required(steps, `max_${of}`, of);
  return {
    min: min.length === 0 ? undefined : Math.max(...min),
    max: max.length === 0 ? undefined : Math.min(...max),
  };
}

function numberRules(steps: readonly Step[]): NumberRules {
  const [above, below] = [Math.max(...required(steps, 'gt_value')), Math.min(...required(steps, 'lt_value'))];
  const min = Math.max(above, ...required(steps, 'min_value', 'value'));
  const max = Math.min(below, ...required(steps, 'max_value', 'value'));
  const [multipleOf] = required(steps, 'multiple_of');
  return {
    integer: steps.some(({ type }) => type === 'integer' || type === 'safe_integer'),
    ...(Number.isFinite(min) && { min, minExcluded: above === min }),
    ...(Number.isFinite(max) && { max, maxExcluded: below === max }),
    ...(multipleOf !== undefined && { multipleOf }),
  };
}

const formats: Readonly<Record<string, NonNullable<TextRules['format']>>> = {
  uuid: 'uuid',
  email: 'email',
  rfc_email: 'email',
  url: 'url',
  iso_date: 'date',
  iso_timestamp: 'date-time',
  iso_date_time: 'date-minute',
};

function textRules(steps: readonly Step[]): TextRules {
  const { min, max } = lengths(steps, 'length');
  const text = (type: string): string => {
    const requirement = steps.find((step) => step.type === type)?.requirement;
    return typeof requirement === 'string' ? requirement : '';
  };
  return {
    format: steps.map(({ type }) => formats[type]).find((format) => format !== undefined),
    patterns: steps.map(({ requirement }) => requirement).filter((each) => each instanceof RegExp),
    prefix: text('starts_with'),
    infix: text('includes'),
    suffix: text('ends_with'),
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
  };
}
