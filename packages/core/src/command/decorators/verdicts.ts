/**
 * What the compiler says of a decorator's place: `void`, or a mistake whose argument is the message. A decorator that
 * gives back anything but void or a replacement is refused in both dialects (TS1270, TS1271), and the message is shown.
 */
import type { Context } from '../context.js';
import type { DeepReadonly, IsList } from '../../stream/deep-readonly.js';
import type { IsJson, JsonLeaf } from '../../stream/json-type.js';
import type { Mistake, MistakeAbout } from '../../stream/mistake.js';
import type { IsRepeatable, NotRepeatable } from '../../stream/standard-schema.js';
import type { AppendRef, DiscoveredStreams, ReadRef, StreamRef } from '../../stream/stream-reference.js';
import type { AnyCommand } from '../command-logic.js';
import type { DiscoveryOf, EventsOf, FieldsOf, RoleOf, RolesOf, StateOf, StreamRole } from '../field-roles.js';
import type { HasDefault, Unmarked } from '../with-default.js';

/** The same type, part by part: two that are only assignable to each other may differ by an `any`, or by an optional part. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * The declared type of the decorated field, boxed; or what is wrong with its place. D: the legacy dialect passes a
 * descriptor for accessors and methods, and only for those.
 */
type Place<T, C, D extends readonly unknown[]> = C extends {
  readonly kind: 'field';
  readonly static: false;
  readonly private: false;
  readonly name: infer Name;
  readonly access: { get(object: infer This): infer Value };
}
  ? PlaceIn<This, Name, Value>
  : C extends string | symbol
    ? D extends readonly []
      ? C extends keyof T
        ? PlaceIn<T, C, T[C]>
        : Mistake<'goes on a public field'>
      : Mistake<'goes on a field, not on a method or an accessor'>
    : C extends { readonly kind: 'field'; readonly static: infer Static }
      ? Static extends true
        ? Mistake<'goes on an instance field, not on a static one'>
        : Mistake<'goes on a public field'>
      : Mistake<'goes on a field, not on a method or an accessor'>;

type PlaceIn<This, Name, Value> = This extends AnyCommand
  ? Name extends string
    ? Name extends keyof This
      ? { field: Value }
      : Mistake<'goes on a public field'>
    : Mistake<'goes on a field with a name, not on a symbol'>
  : This extends { readonly prototype: unknown }
    ? Mistake<'goes on an instance field, not on a static one'>
    : Mistake<'goes on a field of a class that extends CommandLogic'>;

type StreamVerdict<P, Field, Optional, Hint extends string> = P extends { field: infer Value }
  ? [Exclude<Value, undefined>] extends [never]
    ? Mistake<Hint>
    : IsReference<Exclude<Value, undefined>, Field> extends true
      ? OptionalVerdict<Value, Field, Optional>
      : Mistake<Hint>
  : P;

/**
 * References are invariant, so two of them that go both ways are the same, unless there is an `any`. (`Same` would walk through
 * every schema of the stream type, for each field of each command.)
 */
type IsReference<Value, Field> = [Value, Field] extends [Field, Value]
  ? 0 extends 1 & (Value | ArgumentsOf<Value>)
    ? false
    : true
  : false;

/** What a reference says of its stream type, as a union: one `any` would swallow all of it. */
type ArgumentsOf<Field> =
  Field extends StreamRef<infer N, infer E, infer S>
    ? N | E | S
    : Field extends ReadRef<infer N, infer E, infer S>
      ? N | E | S
      : Field extends AppendRef<infer N, infer E, infer S>
        ? N | E | S
        : Field extends readonly (infer Member)[]
          ? Member | ArgumentsOf<Member>
          : Field extends DiscoveredStreams<infer N, infer E, infer S>
            ? N | E | S
            : never;

/** Without `strictNullChecks` every type holds undefined, and nothing can be told. */
type OptionalVerdict<Value, Field, Said> = undefined extends Field
  ? void
  : undefined extends Value
    ? Said extends true
      ? void
      : RoleOf<Field> extends 'set' | 'discovered'
        ? Mistake<'never left out, since it may be empty: write the field without a question mark'>
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

type InputVerdict<P, Input, Output> = P extends { field: infer Value }
  ? IsJson<Output> extends true
    ? IsRepeatable<Input, Output> extends true
      ? HasDefault<Value> extends true
        ? InputFieldVerdict<Unmarked<Value>, LeftOut<Input>, Input, Output>
        : InputFieldVerdict<Value, void, Input, Output>
      : NotRepeatable
    : Mistake<'the schema gives something that JSON cannot hold: keep an ISO string for a Date, an array for a Set'>
  : P;

/** Up to `?`: an input whose schema has a default may be declared optional. */
type InputFieldVerdict<Value, Fitting, Input, Output> =
  Same<Comparable<Value>, Comparable<Output>> extends true
    ? Fitting
    : Same<Comparable<Value>, Comparable<Output> | undefined> extends true
      ? LeftOut<Input>
      : MistakeAbout<'declare the field with the type that the schema gives:', Output>;

type LeftOut<Input> = undefined extends Input
  ? void
  : Mistake<'the schema takes no undefined: let it, as with v.optional, or write the field as one that is always given'>;

/**
 * A type in a form that leaves out what makes no difference: readonly, and what `exactOptionalPropertyTypes` tells apart,
 * since JSON has no undefined. Values are boxed one by one, or an enum would not be the union of its members.
 */
type Comparable<T> = unknown extends T
  ? T
  : T extends undefined
    ? undefined
    : T extends JsonLeaf
      ? { value: T }
      : T extends readonly (infer Member)[]
        ? IsList<T> extends true
          ? readonly Comparable<Member>[]
          : { readonly [K in keyof T]: Comparable<T[K]> }
        : { readonly [K in keyof T]: Comparable<T[K]> | (undefined extends T[K] ? undefined : never) };

export type InputDecorator<Input, Output> = <T, C, D extends readonly unknown[]>(
  target: T,
  context: C,
  ...descriptor: D
) => InputVerdict<Place<T, C, D>, Input, Output>;

type SelfOf<I> = I extends { readonly ' made with new': (command: infer S) => unknown } ? S : never;

/** What the compiler says of a whole command class. */
export type ClassVerdict<T> = T extends abstract new (...parameters: never) => infer I
  ? I extends AnyCommand
    ? Same<SelfOf<I>, I> extends true
      ? StreamsVerdict<I>
      : MistakeAbout<'commands extend CommandLogic, and name themselves in it: CommandLogic<X>, where X is', I>
    : Mistake<'the class must extend CommandLogic'>
  : Mistake<'goes on a class'>;

type StreamsVerdict<I> = [RolesOf<I> & StreamRole] extends [never]
  ? Mistake<'declare at least one stream, with @Stream'>
  : HiddenVerdict<I>;

/**
 * The library calls them, whatever the compiler says; and where they aren't public the compiler doesn't see them, and has the
 * wrong type for the state. (A class that hides a member has none that is assignable, not even to an optional one.)
 */
type HiddenVerdict<I> = I extends {
  readonly handle: unknown;
  readonly initialState?: unknown;
  readonly apply?: unknown;
  readonly discover?: unknown;
}
  ? HandleVerdict<I>
  : Mistake<'initialState, apply and discover are called by the library: make them public'>;

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

type DiscoverVerdict<I> = [RolesOf<I> & 'discovered'] extends [never]
  ? I extends { discover: unknown }
    ? Mistake<'discover needs a field with @Discovers'>
    : void
  : I extends { discover: (state: StateOf<I>) => DiscoveryOf<I> }
    ? void
    : Mistake<'discover(state: StateOf<X>) must give the keys of each discovered field'>;
