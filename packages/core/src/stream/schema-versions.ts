/**
 * What the compiler knows of the versions of an event's schema. What an older one looked like is said once, by the parameter
 * of the upcaster from it; the newest one is what the schema gives.
 */
import type { DeepReadonly } from './deep-readonly.js';
import type { Mistake } from './mistake.js';
import type { PlainData } from './plain-data.js';

/** Upcasters by the version that they start from, before the compiler has looked at how they fit. */
export type Upcasters = Readonly<
  Record<number, (data: never) => string | number | boolean | object | null | void | Hint>
>;

/** A contextual type with a literal keeps literals, such as `currency: 'EUR'`, from widening to string. */
type Hint = { readonly [key: string]: '' | 0 | true | object | Hint };

/**
 * What the compiler demands of upcasters: that each gives what the next one takes, and the last one what the schema takes. It
 * is asked before it knows of any, and would widen the literals if it demanded something then.
 */
export type UpcastChain<Up, Data> = number extends keyof Up
  ? unknown
  : { readonly [V in keyof Up]: (data: Older<Up, V>) => V extends number ? Given<Up, Next<V>, Data> : never };

/** Downcasters by the version that they start from: each gives what the upcaster from the version below takes. */
export type Downcasters<Up, Data> = {
  readonly [V in keyof Up as V extends number ? Next<V> : never]?: (
    data: V extends number ? Taken<Up, Next<V>, Data> : never,
  ) => DeepReadonly<Older<Up, V>>;
};

/** What the compiler says of a version: nothing, if each older one has its upcaster. */
export type VersionVerdict<V extends number, Up> = [OlderThan<V>] extends [VersionsIn<Up>]
  ? unknown
  : Mistake<'each older version needs an upcaster that says what it looked like: upcast: { 1: (data: { name: string }) => … }'>;

/** The versions that there are upcasters from: none where none were given, and the compiler takes any for possible. */
type VersionsIn<Up> = number extends keyof Up ? never : keyof Up;

/** From 1 up to a version, and itself; any number, where the version isn't known to the compiler. */
export type UpTo<V extends number> = OlderThan<V> | V;

type OlderThan<V extends number> = number extends V
  ? never
  : Exclude<keyof Count<V> & `${number}`, '0'> extends infer K
    ? K extends `${infer N extends number}`
      ? N
      : never
    : never;

/** What an older version looked like. */
type Older<Up, V> = V extends keyof Up ? (Up[V] extends (data: infer Data) => unknown ? Data : never) : never;

/** What somebody has to give who makes data of a version. */
type Given<Up, V, Data> = V extends keyof Up ? DeepReadonly<Older<Up, V>> : PlainData<Data>;

/** What somebody gets who takes data of a version. */
type Taken<Up, V, Data> = DeepReadonly<V extends keyof Up ? Older<Up, V> : Data>;

/** Versions count by ones, which the compiler can do with lengths alone. */
type Next<V extends number> = [...Count<V>, unknown]['length'] & number;
type Count<N extends number, Counted extends unknown[] = []> = number extends N
  ? unknown[]
  : Counted['length'] extends N
    ? Counted
    : Count<N, [...Counted, unknown]>;
