/** What JSON can hold, to the compiler. */
import type { Leaf } from './deep-readonly.js';

export type JsonLeaf = string | number | boolean | null | undefined;

/**
 * What a type would have to be for JSON: `never` stands wherever JSON has no form for a part of it. What a symbol keys is a
 * brand, which is there for the compiler alone; a list may be branded too, so it is told by its members.
 */
export type Jsonable<T> = unknown extends T
  ? T
  : T extends JsonLeaf
    ? T
    : T extends Leaf | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
      ? never
      : T extends readonly unknown[]
        ? readonly Jsonable<T[number]>[]
        : { readonly [K in keyof T]: K extends symbol ? T[K] : Jsonable<T[K]> };

/** Most types hold to this form, and the compiler is much faster to see that than to build the one above. Interfaces don't. */
type JsonForm = JsonData | undefined;
/** The same, where it may not be left out. */
export type JsonData = string | number | boolean | null | readonly JsonForm[] | { readonly [key: string]: JsonForm };

/** Whether every part of a type has a JSON form. */
export type IsJson<T> = [T] extends [JsonForm] ? true : [T] extends [Jsonable<T>] ? true : false;
