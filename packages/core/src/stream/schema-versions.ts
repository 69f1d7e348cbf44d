/**
 * What the compiler knows of the versions of an event's schema. What an older one looked like is said once, by the parameter
 * of the upcaster from it; the newest one is what the schema gives.
 */
import type { DeepReadonly } from './deep-readonly.js';
import type { PlainData } from './plain-data.js';

/** Upcasters by the version that they start from, before the compiler has looked at them. */
export type Upcasters = Readonly<Record<number, (data: never) => unknown>>;

/** Upcasters of which each gives what the next one takes, and the last one what the schema takes. */
export type UpcastChain<U, Data> = {
  readonly [V in keyof U]: U[V] extends (data: infer Older) => unknown
    ? (data: Older) => Shape<U, Next<V>, Data>
    : never;
};

/** Downcasters by the version that they start from: of which each gives what the upcaster from the version below takes. */
export type Downcasters<U, Data> = {
  readonly [V in keyof U as Next<V>]?: (data: Downcast<U, Next<V>, Data>) => Shape<U, V, Data>;
};

/** An older version can be read only through an upcaster. */
export type NeedsUpcasters<V extends number> = [OlderThan<V>] extends [never]
  ? unknown
  : { readonly upcast: { readonly [Older in OlderThan<V>]: unknown } };

/** From 1 up to a version, and itself; any number, where the version isn't known to the compiler. */
export type UpTo<V extends number> = OlderThan<V> | V;

type OlderThan<V extends number> = number extends V
  ? never
  : Exclude<keyof Count<V> & `${number}`, '0'> extends infer K
    ? K extends `${infer N extends number}`
      ? N
      : never
    : never;

/** What somebody has to give who makes data of a version. */
type Shape<U, V, Data> = V extends keyof U
  ? U[V] extends (data: infer Older) => unknown
    ? DeepReadonly<Older>
    : never
  : PlainData<Data>;

/** What somebody gets who takes data of a version. */
type Downcast<U, V, Data> = V extends keyof U ? Shape<U, V, Data> : DeepReadonly<Data>;

/** Versions count by ones, which the compiler can do with lengths alone. */
type Next<V> = V extends number ? [...Count<V>, unknown]['length'] & number : never;
type Count<N extends number, Counted extends unknown[] = []> = number extends N
  ? unknown[]
  : Counted['length'] extends N
    ? Counted
    : Count<N, [...Counted, unknown]>;
