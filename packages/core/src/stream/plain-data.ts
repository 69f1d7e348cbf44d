/** An event's data before it was parsed, to the compiler: as it is after, and plain where that is branded. */
import type { IsList } from './deep-readonly.js';

/** Data without its brands, at any depth. Literals stay literals. */
export type PlainData<T> = unknown extends T
  ? T
  : T extends string
    ? Unbranded<T, string>
    : T extends number
      ? Unbranded<T, number>
      : T extends boolean
        ? Unbranded<T, boolean>
        : T extends null | undefined
          ? T
          : T extends readonly (infer Member)[]
            ? IsList<T> extends true
              ? readonly PlainData<Member>[]
              : number extends T['length']
                ? readonly PlainData<Member>[]
                : { readonly [K in keyof T]: PlainData<T[K]> }
            : { readonly [K in keyof T as K extends symbol ? never : K]: PlainData<T[K]> };

/** A brand makes a type with more keys than its primitive has; a literal doesn't. */
type Unbranded<T, Primitive> = keyof T extends keyof Primitive ? T : Primitive;
