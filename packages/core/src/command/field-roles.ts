/** What the fields of a command are, to the compiler: told by their types alone, since decorators can't add to a type. */
import type { DeepReadonly } from '../stream/deep-readonly.js';
import type { Version } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { HasDefault } from './with-default.js';
import type { StreamId, StreamKey } from '../event/stream-id.js';
import type { AppendRef, DiscoveredStreams, ReadRef, StreamRef, TypedStreamId } from '../stream/stream-reference.js';

/* References are invariant, so only `any` stands for all of them. */
/* eslint-disable typescript/no-explicit-any */
type AnyStream = StreamRef<any, any, any>;
type AnyRead = ReadRef<any, any, any>;
type AnyAppend = AppendRef<any, any, any>;
type AnyDiscovered = DiscoveredStreams<any, any, any>;

/** What a field is; `default` is an input that may be left out, and always has a value. The tests for `any` and `undefined` come first: both would otherwise pass for a stream. */
export type RoleOf<Field> = 0 extends 1 & Field
  ? 'input'
  : [Field] extends [undefined]
    ? 'input'
    : [Field] extends [((...args: never) => unknown) | undefined]
      ? 'method'
      : [Field] extends [AnyStream | undefined]
        ? 'stream'
        : [Field] extends [AnyRead | undefined]
          ? 'read'
          : [Field] extends [AnyAppend | undefined]
            ? 'append'
            : [Field] extends [readonly (infer Member)[] | undefined]
              ? RoleOfList<Field, Member>
              : [Field] extends [AnyDiscovered | undefined]
                ? 'discovered'
                : RoleOfInput<Field>;

type RoleOfList<Field, Member> = 0 extends 1 & Member
  ? RoleOfInput<Field>
  : [Member] extends [never]
    ? RoleOfInput<Field>
    : [Member] extends [AnyStream]
      ? 'set'
      : RoleOfInput<Field>;

type RoleOfInput<Field> = HasDefault<Field> extends true ? 'default' : 'input';

export type KeysOf<C, Role extends string> = { [K in keyof C]-?: RoleOf<C[K]> extends Role ? K : never }[keyof C] &
  string;

/** What there is among the fields of a command. */
export type RolesOf<C> = { [K in keyof C]-?: RoleOf<C[K]> }[keyof C];

/** The roles that name streams. */
export type StreamRole = 'stream' | 'read' | 'append' | 'set' | 'discovered';
/** The roles whose streams are read. */
export type FoldedRole = Exclude<StreamRole, 'append'>;

/** One stream of a set or of discovered ones. */
export type MemberOf<Field> = Field extends readonly (infer Ref)[]
  ? Ref
  : Field extends DiscoveredStreams<infer N, infer E, infer S>
    ? StreamRef<N, E, S>
    : never;

export type EventsOfRef<Ref> =
  Ref extends StreamRef<any, infer E, any>
    ? E
    : Ref extends ReadRef<any, infer E, any>
      ? E
      : Ref extends AppendRef<any, infer E, any>
        ? E
        : Ref extends TypedStreamId<infer _Name, infer E>
          ? E
          : never;

/** The state of one field: of its stream, or of each of its streams by id. */
export type StateOfField<Field> = Field extends undefined
  ? undefined
  : Field extends StreamRef<any, any, infer S> | ReadRef<any, any, infer S>
    ? DeepReadonly<S>
    : MemberOf<Field> extends StreamRef<infer N, infer E, infer S>
      ? ReadonlyMap<TypedStreamId<N, E>, DeepReadonly<S>>
      : Field;

/** By default each stream that is read is folded by its own type, and appears under its field's name. */
export type DefaultStateOf<C> = C extends unknown
  ? { readonly [K in keyof C as RoleOf<C[K]> extends FoldedRole ? K : never]: StateOfField<C[K]> }
  : never;

/** The state that a command's `handle` gets: its own, if it declares one. */
export type StateOf<C> = C extends { initialState(): infer S } ? DeepReadonly<S> : DefaultStateOf<C>;

/** An event as a command's own `apply` gets it. */
export interface FoldedEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly stream: StreamId;
  readonly version: Version;
  /** The whole record, for commands that ask for it with `@Command({ detail: 'full' })`. */
  readonly recorded?: RecordedEvent;
}

type FoldedUnion<Events> = { [K in keyof Events]: FoldedEvent<K & string, DeepReadonly<Events[K]>> }[keyof Events];

/** Every event of every stream that a command reads: what its `apply` is called with, a union that narrows by `type`. */
export type EventsOf<C> = {
  [K in KeysOf<C, FoldedRole>]: FoldedUnion<
    EventsOfRef<Exclude<C[K], undefined>> | EventsOfRef<MemberOf<Exclude<C[K], undefined>>>
  >;
}[KeysOf<C, FoldedRole>];

/** The fields that an event may have come from: the third argument of `apply`. */
export type FieldsOf<C> = KeysOf<C, FoldedRole>;

/** What `discover` gives: for each field, keys of streams or references. A text can be iterated too, and is no list of keys. */
export type DiscoveryOf<C> = C extends unknown
  ? { readonly [K in KeysOf<C, 'discovered'>]: Iterable<StreamKey | MemberOf<C[K]>> & object }
  : never;
