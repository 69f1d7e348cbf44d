/** What JSON can hold, to the compiler. */
import type { Leaf } from './deep-readonly.js';

type JsonLeaf = string | number | boolean | null | undefined;

/** A type's own shape, with `never` wherever JSON has no form for a part of it. */
export type Jsonable<T> = unknown extends T
  ? T
  : T extends JsonLeaf
    ? T
    : T extends Leaf | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
      ? never
      : { readonly [K in keyof T]: Jsonable<T[K]> };

/** Whether every part of a type has a JSON form. */
export type IsJson<T> = [T] extends [Jsonable<T>] ? true : false;
