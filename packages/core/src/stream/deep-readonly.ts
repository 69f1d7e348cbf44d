/** Readonly at every depth, for what the library may share between callers. */

/** What has no parts that could be written. */
export type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | Error
  | Promise<unknown>
  | ((...args: never) => unknown);

/**
 * The conditional comes first, so that an editor shows the fields and not this alias. What is tested first is what there is most
 * of, and nothing is inferred where it can be looked up: this is where the compiler spends most of its time on a stream type.
 */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends Leaf
    ? T
    : T extends readonly unknown[]
      ? ReadonlyArrayOf<T>
      : T extends { readonly size: number }
        ? ReadonlyCollection<T>
        : { readonly [K in keyof T]: DeepReadonly<T[K]> };

type ReadonlyArrayOf<T extends readonly unknown[]> =
  IsList<T> extends true ? readonly DeepReadonly<T[number]>[] : { readonly [K in keyof T]: DeepReadonly<T[K]> };

type ReadonlyCollection<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<K, DeepReadonly<V>>
    : T extends ReadonlySet<infer V>
      ? ReadonlySet<DeepReadonly<V>>
      : { readonly [K in keyof T]: DeepReadonly<T[K]> };

/**
 * What a fold may give back: the state, or a readonly one. As a contextual return type it keeps literals (`'paid'`) from
 * widening to string, which `T[K] | …` does and `DeepReadonly`, with its test for unknown, does not.
 */
export type NextState<T> = T extends Leaf
  ? T
  : T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<K, DeepReadonly<V>>
    : T extends ReadonlySet<infer V>
      ? ReadonlySet<DeepReadonly<V>>
      : T extends readonly (infer Member)[]
        ? IsList<T> extends true
          ? readonly (Member | NextState<Member>)[]
          : { readonly [K in keyof T]: T[K] | NextState<T[K]> }
        : { readonly [K in keyof T]: T[K] | NextState<T[K]> };

/**
 * Whether an array is no more than that: neither a tuple nor branded. Types that walk through others have to ask, since a
 * mapped type looks into an array at once, and would never come back from one that holds itself (`type Json = Json[] | …`).
 */
export type IsList<T extends readonly unknown[]> = number extends T['length']
  ? [keyof T] extends [keyof []]
    ? true
    : false
  : false;

const production = process.env['NODE_ENV'] === 'production';

/** Freezes a value at every depth outside production, so that a fold or a handler that writes to it is found at once. */
export function freezeInDevelopment<T>(value: T): T {
  if (!production) freezeDeeply(value);
  return value;
}

function freezeDeeply(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) freezeDeeply((value as Record<PropertyKey, unknown>)[key]);
}
