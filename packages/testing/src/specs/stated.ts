/** The data of an event as a spec states it, to the compiler: without brands, and with a matcher wherever one is wanted. */
import type { Mistake, Payload } from '@eventcore/core';
import type { Matcher } from './matcher.js';

/** What may be written down for the event `Type` of a stream. */
export type StatedData<Ref, Type> = Payload<Ref, Type> extends infer Data ? StatedOrMistake<Data> : never;

/** An event without data is stated as `{}`; the mistake says so, and stays as it is. */
type StatedOrMistake<Data> = [Data] extends [Readonly<Record<string, Mistake<string>>>] ? Data : Stated<Data>;

/** A value without brands, and a matcher for any part of it. */
export type Stated<T> = unknown extends T ? T : Matcher | Plain<T>;

/** Literals stay literals. Payloads are JSON; the rows of a read model may hold what has no parts to state. */
type Plain<T> = T extends string
  ? Unbranded<T, string>
  : T extends number
    ? Unbranded<T, number>
    : T extends boolean
      ? Unbranded<T, boolean>
      : T extends null | undefined | bigint | Date | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
        ? T
        : T extends readonly (infer Member)[]
          ? number extends T['length']
            ? readonly Stated<Member>[]
            : { readonly [K in keyof T]: Stated<T[K]> }
          : { readonly [K in keyof T as K extends symbol ? never : K]: Stated<T[K]> };

/** A brand makes a type with more keys than its primitive has; a literal doesn't. */
type Unbranded<T, Primitive> = keyof T extends keyof Primitive ? T : Primitive;
