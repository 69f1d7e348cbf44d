/** What `new TransferMoney({ … })` takes: told by the class's own fields. Construction parses, so brands may be left out. */
import type { StreamKey } from '../event/stream-id.js';
import type { IsList, Leaf } from '../stream/deep-readonly.js';
import type { AppendRef, ReadRef, StreamRef } from '../stream/stream-reference.js';
import type { KeysOf, RoleOf } from './field-roles.js';
import type { Unmarked } from './with-default.js';

/* References are invariant, so only `any` stands for all of them. */
/* eslint-disable typescript/no-explicit-any */

/** A value as it may be given: a stream by reference or key, a branded primitive plain, at any depth. Literals stay literals. */
export type Given<T> = unknown extends T
  ? T
  : T extends StreamRef<any, any, any>
    ? T | StreamKey
    : T extends ReadRef<infer N, infer E, infer S>
      ? T | StreamRef<N, E, S> | StreamKey
      : T extends AppendRef<infer N, infer E, infer S>
        ? T | StreamRef<N, E, S> | StreamKey
        : GivenInput<T>;

type GivenInput<T> = T extends string
  ? Unbranded<T, string>
  : T extends number
    ? Unbranded<T, number>
    : T extends boolean
      ? Unbranded<T, boolean>
      : T extends Leaf | ReadonlyMap<any, any> | ReadonlySet<any>
        ? T
        : T extends readonly (infer Member)[]
          ? IsTuple<T> extends true
            ? { readonly [K in keyof T]: Given<T[K]> }
            : readonly Given<Member>[]
          : { readonly [K in keyof T as K extends symbol ? never : K]: Given<T[K]> };

/** A brand makes a type with more keys than its primitive has; a literal doesn't. */
type Unbranded<T, Primitive> = keyof T extends keyof Primitive ? T : Primitive;

/** Whether an array is a tuple, and not branded: a brand adds a key that is no index. */
type IsTuple<T extends readonly unknown[]> =
  IsList<T> extends true ? false : [keyof T] extends [keyof [] | `${number}`] ? true : false;

/**
 * The argument of a command's constructor: every data field, but not what is discovered later. What may be left out may be
 * given as undefined too, also under `exactOptionalPropertyTypes`: the two are one in JSON.
 */
export type PropertiesOf<C> = Data<C, DataKeys<C>> & DataWithDefault<C>;

/* By name, and not by an `as`, which costs the compiler more. Each has a name, which messages show in place of its members. */
type Data<C, Keys extends keyof C> = { [K in Keys]: Given<C[K]> | (undefined extends C[K] ? undefined : never) };
type DataKeys<C> = {
  [K in keyof C]-?: RoleOf<C[K]> extends 'method' | 'discovered' | 'default' ? never : K;
}[keyof C];
type DataWithDefault<C> = { [K in KeysOf<C, 'default'>]?: Given<Unmarked<C[K]>> | undefined };
