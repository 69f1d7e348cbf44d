/**
 * What the compiler says of a decorator's place: `void`, or a mistake whose argument is the message. A decorator that
 * gives back anything but void or a replacement is refused in both dialects (TS1270, TS1271), and the message is shown.
 */
import type { Context } from '../context.js';
import type { DeepReadonly } from '../../stream/deep-readonly.js';
import type { IsJson } from '../../stream/json-type.js';
import type { Mistake } from '../../stream/mistake.js';
import type { self } from '../command-logic.js';
import type { EventsOf, FieldsOf, KeysOf, MemberOf, StateOf, StreamRole } from '../field-roles.js';

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Mutually assignable, and `any` only to itself. */
type Equal<A, B> = IsAny<A> extends IsAny<B> ? ([A] extends [B] ? ([B] extends [A] ? true : false) : false) : false;

/**
 * The declared type of the decorated field, boxed; or what is wrong with its place. D: the legacy dialect passes a
 * descriptor for accessors and methods, and only for those.
 */
type Place<T, C, D extends readonly unknown[]> = C extends {
  readonly kind: 'field';
  readonly name: infer Name;
  readonly static: infer Static;
  readonly private: infer Private;
}
  ? Static extends true
    ? Mistake<'goes on an instance field, not on a static one'>
    : Private extends true
      ? Mistake<'goes on a public field'>
      : C extends ClassFieldDecoratorContext<infer This, infer Value>
        ? PlaceIn<This, Name, Value>
        : never
  : C extends string | symbol
    ? D extends readonly []
      ? C extends keyof T
        ? PlaceIn<T, C, T[C]>
        : Mistake<'goes on a public field'>
      : Mistake<'goes on a field, not on a method or an accessor'>
    : Mistake<'goes on a field, not on a method or an accessor'>;

type PlaceIn<This, Name, Value> = This extends { readonly [self]: unknown }
  ? Name extends string
    ? Name extends keyof This
      ? { field: Value }
      : Mistake<'goes on a public field'>
    : Mistake<'goes on a field with a name, not on a symbol'>
  : Mistake<'goes on a field of a class that extends CommandLogic'>;

type StreamVerdict<P, Field, Optional, Hint extends string> = P extends { field: infer Value }
  ? IsAny<Value> extends true
    ? Mistake<Hint>
    : [Exclude<Value, undefined>] extends [never]
      ? Mistake<Hint>
      : Equal<Exclude<Value, undefined>, Field> extends true
        ? OptionalVerdict<undefined extends Value ? true : false, Optional>
        : Mistake<Hint>
  : P;

type OptionalVerdict<Declared, Said> = Declared extends true
  ? Said extends true
    ? void
    : Mistake<'a stream that may be left out says so in its decorator: { optional: true }'>
  : Said extends true
    ? Mistake<'the decorator says { optional: true }: write the field with a question mark'>
    : void;

/** A decorator for fields of exactly this type. */
export type StreamDecorator<Field, Optional, Hint extends string> = <T, C, D extends readonly unknown[]>(
  target: T,
  context: C,
  ...descriptor: D
) => StreamVerdict<Place<T, C, D>, Field, Optional, Hint>;

/** Whether options say that a stream may be left out. */
export type SaysOptional<Options> = Options extends { readonly optional: true } ? true : false;

type InputVerdict<P, Output> = P extends { field: infer Value }
  ? IsJson<Output> extends true
    ? SameInput<Value, Output> extends true
      ? void
      : Mistake<"the schema gives another type than the field's">
    : Mistake<'the schema gives something that JSON cannot hold: keep dates as ISO strings'>
  : P;

/** Up to readonly, and up to `?`: an input whose schema has a default is declared optional. */
type SameInput<Value, Output> =
  Equal<DeepReadonly<Value>, DeepReadonly<Output>> extends true
    ? true
    : Equal<DeepReadonly<Value>, DeepReadonly<Output> | undefined>;

export type InputDecorator<Output> = <T, C, D extends readonly unknown[]>(
  target: T,
  context: C,
  ...descriptor: D
) => InputVerdict<Place<T, C, D>, Output>;

type SelfOf<I> = I extends { readonly [self]: (command: infer S) => unknown } ? S : never;

/** What the compiler says of a whole command class. */
export type ClassVerdict<T> = T extends abstract new (...parameters: never) => infer I
  ? I extends { readonly [self]: unknown }
    ? Equal<SelfOf<I>, I> extends true
      ? StreamsVerdict<I>
      : Mistake<'write CommandLogic<X>, where X is this very class'>
    : Mistake<'the class must extend CommandLogic'>
  : Mistake<'goes on a class'>;

type StreamsVerdict<I> = [KeysOf<I, StreamRole>] extends [never]
  ? Mistake<'declare at least one stream, with @Stream'>
  : HandleVerdict<I>;

type HandleVerdict<I> = I extends { handle: (context: Context<I>) => void | Promise<void> }
  ? StateVerdict<I>
  : I extends { handle: (context: never) => void | Promise<void> }
    ? Mistake<'handle must take Context<X> of this very class'>
    : Mistake<'handle gives nothing back: void or Promise<void>'>;

type StateVerdict<I> = I extends { apply: infer Apply }
  ? I extends { initialState(): infer State }
    ? Apply extends (state: State, event: EventsOf<I>, at: FieldsOf<I>) => DeepReadonly<State>
      ? DiscoverVerdict<I>
      : Mistake<'apply must be (state, event: EventsOf<X>, at: FieldsOf<X>) => state, of the type that initialState gives'>
    : Mistake<'apply needs initialState'>
  : I extends { initialState: unknown }
    ? Mistake<'initialState needs apply'>
    : DiscoverVerdict<I>;

type DiscoverVerdict<I> = [KeysOf<I, 'discovered'>] extends [never]
  ? I extends { discover: unknown }
    ? Mistake<'discover needs a field with @Discovers'>
    : void
  : I extends {
        discover: (state: StateOf<I>) => { readonly [K in KeysOf<I, 'discovered'>]: Iterable<string | MemberOf<I[K]>> };
      }
    ? void
    : Mistake<'discover(state: StateOf<X>) must give the keys of each discovered field'>;
