/**
 * Containers of values. A part that is undefined has no values: then the whole has none either, unless it can do without
 * that part. So a schema that holds itself comes to an end.
 */
import fc from 'fast-check';

type Values = fc.Arbitrary<unknown> | undefined;

export interface Entry {
  readonly key: string;
  readonly values: Values;
  /** Whether the key may be missing. */
  readonly optional: boolean;
}

/** One of those that there are. */
export function anyOf(options: readonly Values[]): Values {
  const there = options.filter((option) => option !== undefined);
  return there.length === 0 ? undefined : fc.oneof(...there);
}

/** Objects with these entries, and perhaps others. */
export function records(
  entries: readonly Entry[],
  more?: { readonly keys: Values; readonly values: Values; readonly minKeys?: number; readonly maxKeys?: number },
): Values {
  if (entries.some(({ values, optional }) => values === undefined && !optional)) return undefined;
  const there = entries.filter(
    (entry): entry is Entry & { values: fc.Arbitrary<unknown> } => entry.values !== undefined,
  );
  const present = there.map(({ values, optional }) =>
    // A key that may be missing is missing one time in four, and shrinks to that.
    optional ? fc.option(values, { nil: missing, freq: 3 }) : values,
  );
  const known = fc.tuple(...present).map((values) => there.map(({ key }, index) => [key, values[index]] as const));
  if (more?.keys === undefined || more.values === undefined) return known.map(objectOf);
  const { minKeys = 0, maxKeys = Math.max(5, minKeys) } = more;
  const others = fc.uniqueArray(fc.tuple(more.keys.map(String), more.values), {
    selector: ([key]) => key,
    minLength: minKeys,
    maxLength: maxKeys,
  });
  // What is known comes last, and wins.
  return fc.tuple(others, known).map(([some, rest]) => objectOf([...some, ...rest]));
}

export function arrays(item: Values, minLength = 0, maxLength?: number): Values {
  if (item === undefined) return minLength === 0 ? fc.constant([]) : undefined;
  return fc.array(item, maxLength === undefined ? { minLength } : { minLength, maxLength });
}

/** Lists with these items, and perhaps more of another kind. */
export function tuples(items: readonly Values[], rest?: Values): Values {
  const there = items.filter((item) => item !== undefined);
  if (there.length < items.length) return undefined;
  const first = fc.tuple(...there);
  if (rest === undefined) return first;
  return fc.tuple(first, fc.array(rest, { maxLength: 5 })).map(([some, more]) => [...some, ...more]);
}

/** Objects that are all of these at once; of other values, the last one. */
export function merged(parts: readonly Values[]): Values {
  const there = parts.filter((part) => part !== undefined);
  if (there.length < parts.length || there.length === 0) return undefined;
  return fc.tuple(...there).map((values) => {
    if (!values.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value)))
      return values.at(-1);
    return objectOf(values.flatMap((value) => Object.entries(value as object)));
  });
}

const missing = Symbol('missing');

/** As JSON.parse makes it, where `__proto__` is a key like any other. */
export function objectOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const object: Record<string, Value> = {};
  for (const [key, value] of entries) {
    if (value === missing) continue;
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
