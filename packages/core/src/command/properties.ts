/** What `new TransferMoney({ … })` takes: told by the class's own fields. Construction parses, so brands may be left out. */
import type { Leaf } from '../stream/deep-readonly.js';
import type { AppendRef, ReadRef, StreamRef } from '../stream/stream-reference.js';
import type { RoleOf } from './field-roles.js';

/* References are invariant, so only `any` stands for all of them. */
/* eslint-disable typescript/no-explicit-any */

/** A value as it may be given: a stream by reference or key, a branded primitive plain, at any depth. Literals stay literals. */
export type Given<T> = unknown extends T
  ? T
  : T extends StreamRef<any, any, any>
    ? T | string
    : T extends ReadRef<infer N, infer E, infer S>
      ? T | StreamRef<N, E, S> | string
      : T extends AppendRef<infer N, infer E, infer S>
        ? T | StreamRef<N, E, S> | string
        : GivenInput<T>;

/** A brand makes a type with more keys than its primitive has; a literal doesn't. */
type GivenInput<T> = T extends string
  ? keyof T extends keyof string
    ? T
    : string
  : T extends number
    ? keyof T extends keyof number
      ? T
      : number
    : T extends Leaf | ReadonlyMap<any, any> | ReadonlySet<any>
      ? T
      : T extends readonly unknown[]
        ? { readonly [K in keyof T]: Given<T[K]> }
        : { readonly [K in keyof T as K extends symbol ? never : K]: Given<T[K]> };

/** The argument of a command's constructor: every data field, but not what is discovered later. */
export type PropertiesOf<C> = {
  [K in keyof C as K extends symbol ? never : RoleOf<C[K]> extends 'method' | 'discovered' ? never : K]: Given<C[K]>;
};
