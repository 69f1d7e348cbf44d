/** Stream types: a category of streams, its events, its initial state and its fold. */
import { inspect } from 'node:util';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DefinitionError } from '../errors/input-errors.js';
import { eventName } from '../event/event-name.js';
import type { Json } from '../event/json.js';
import type { RecordedEvent as StoredEvent } from '../event/recorded-event.js';
import type { DeepReadonly, NextState } from './deep-readonly.js';
import { compileEvent, type EventSpec } from './event-schema.js';
import type { IsJson } from './json-type.js';
import type { Mistake } from './mistake.js';
import type { OutputOf } from './standard-schema.js';
import { isTypeName, MAX_TYPE_NAME, streamId, type StreamKey } from '../event/stream-id.js';
import {
  Reference,
  type AnyReference,
  type AppendRef,
  type DiscoveredStreams,
  type ReadRef,
  type Shape,
  type StreamRef,
} from './stream-reference.js';

declare const shape: unique symbol;

export type Schemas = Readonly<Record<string, StandardSchemaV1>>;

/** A category of streams. Its type arguments are data, never schemas: those don't travel well in declarations. */
export interface StreamType<Name extends string, Events, State> {
  readonly name: Name;
  /** The names of its events. */
  readonly events: readonly (keyof Events & string)[];
  /** A reference to one of its streams. @throws `ValidationError` when the key can't be one. */
  at(key: StreamKey): StreamRef<Name, Events, State>;
  readonly [shape]: Shape<Name, Events, State>;
}

/** The field type of `@Stream(Account)`: `StreamOf<typeof Account>`. */
export type StreamOf<T> = T extends StreamType<infer N, infer E, infer S> ? StreamRef<N, E, S> : never;
/** The field type of `@Reads(Account)`. */
export type ReadOf<T> = T extends StreamType<infer N, infer E, infer S> ? ReadRef<N, E, S> : never;
/** The field type of `@Appends(Account)`. */
export type AppendOf<T> = T extends StreamType<infer N, infer E, infer S> ? AppendRef<N, E, S> : never;
/** The field type of `@Streams(Account)`. */
export type StreamsOf<T> = T extends StreamType<infer N, infer E, infer S> ? readonly StreamRef<N, E, S>[] : never;
/** The field type of `@Discovers(Account)`. */
export type Discovered<T> = T extends StreamType<infer N, infer E, infer S> ? DiscoveredStreams<N, E, S> : never;
/** The state that a stream type folds to. */
export type StateIn<T> = T extends StreamType<infer _Name, infer _Events, infer S> ? DeepReadonly<S> : never;
/**
 * One kind of event of a stream type, or all of them as a union that narrows by `type`. What the store's metadata schema gives is
 * the third argument; whoever runs a handler that takes it has to have a store with such a schema.
 */
export type EventOf<T, Name extends EventNameOf<T> = EventNameOf<T>, Metadata = Json> =
  T extends StreamType<infer _Name, infer E, infer _State> ? EventUnion<E, Name, Metadata> : never;
type EventNameOf<T> = T extends StreamType<infer _Name, infer E, infer _State> ? keyof E & string : never;
export type EventUnion<E, Name, Metadata = Json> = {
  [K in keyof E]: K extends Name ? StoredEvent<K & string, DeepReadonly<E[K]>, Metadata> : never;
}[keyof E];

/** What the compiler says of events: of all at once first, which is much cheaper, and nearly always there is nothing to say. */
type EventsVerdict<E> = { readonly [K in keyof E]: OutputOf<E[K]> } extends { readonly [event: string]: Json }
  ? unknown
  : { readonly [K in keyof E]: EventVerdict<OutputOf<E[K]>> };

type EventVerdict<Data> =
  IsJson<Data> extends false
    ? Mistake<'its schema gives something that JSON cannot hold: keep an ISO string for a Date, an array for a Set, and convert in the fold'>
    : unknown extends Data
      ? unknown
      : [Data] extends [NonNullable<Data> | null]
        ? unknown
        : Mistake<'an event has data: give one without any an empty object'>;

/**
 * Defines a stream type: its events by name, each with a schema, the state of a stream without events, and how each
 * event changes it. Folds are pure and synchronous; an event without one leaves the state as it is.
 *
 * @throws {@link DefinitionError} for a name or a schema that can't be one.
 *
 * @example
 * ```ts
 * import * as v from 'valibot';
 * import { defineStream } from '@eventcore/core';
 *
 * export const Account = defineStream('account', {
 *   events: {
 *     AccountOpened: v.object({ owner: v.string() }),
 *     MoneyDeposited: v.object({ amount: v.number() }),
 *   },
 *   state: () => ({ open: false, balance: 0 }),
 *   fold: {
 *     AccountOpened: (state) => ({ ...state, open: true }),
 *     MoneyDeposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
 *   },
 * });
 * ```
 */
export function defineStream<const Name extends string, E extends Schemas, State>(
  name: Name,
  spec: {
    readonly events: E & EventsVerdict<E>;
    readonly state: () => State;
    // Written out, since an alias for the function would cost the compiler a tenth of its work on a stream type.
    readonly fold: {
      readonly [K in keyof E]?: (
        state: NoInfer<DeepReadonly<State>>,
        data: DeepReadonly<OutputOf<E[K]>>,
      ) => NoInfer<NextState<State>>;
    };
  },
): StreamType<Name, { [K in keyof E]: OutputOf<E[K]> }, State> {
  if (!isTypeName(name)) {
    throw new DefinitionError(
      `${typeof name === 'string' ? JSON.stringify(name) : inspect(name, { depth: 0 })} can't name a stream type: names match [a-z][a-zA-Z0-9_]*, such as "account", and have ${MAX_TYPE_NAME} characters at most.`,
    );
  }
  if (typeof spec !== 'object' || spec === null)
    throw new DefinitionError(`"${name}" needs a specification: defineStream('${name}', { events, state, fold }).`);
  if (typeof spec.events !== 'object' || spec.events === null)
    throw new DefinitionError(`"${name}" needs events, with a schema for each: events: { … }.`);
  if (typeof spec.state !== 'function')
    throw new DefinitionError(`The state of "${name}" must be a function that gives it: state: () => ({ … }).`);
  if (typeof spec.fold !== 'object' || spec.fold === null)
    throw new DefinitionError(`"${name}" needs a fold, with a function for each event: fold: { … }.`);
  const events = new Map(
    Object.entries(spec.events).map(([event, schema]) => [eventName(event), compileEvent(name, event, schema)]),
  );
  const folds = new Map<string, UntypedFold>();
  for (const [event, fold] of Object.entries(spec.fold as Record<string, UntypedFold | undefined>)) {
    if (!events.has(event))
      throw new DefinitionError(
        `The fold of "${name}" has ${event}, which is not one of its events: ${[...events.keys()].join(', ')}.`,
      );
    if (fold === undefined) continue;
    if (typeof fold !== 'function')
      throw new DefinitionError(
        `The fold of ${event} in stream type "${name}" must be a function: (state, data) => state.`,
      );
    folds.set(event, fold);
  }
  return new CompiledStreamType(name, events, spec.state, folds) as never;
}

export type UntypedFold = (state: unknown, data: Json) => unknown;

/** What the library itself knows of a stream type. */
export class CompiledStreamType {
  readonly name: string;
  readonly events: readonly string[];
  readonly #internals: StreamTypeInternals;

  constructor(
    name: string,
    events: ReadonlyMap<string, EventSpec>,
    initialState: () => unknown,
    folds: ReadonlyMap<string, UntypedFold>,
  ) {
    this.name = name;
    this.events = Object.freeze([...events.keys()]);
    this.#internals = { name, events, initialState, folds, at: (key) => this.at(key) };
    Object.freeze(this);
  }

  at(key: string): AnyReference {
    return new Reference(streamId(this.name, key), key, this.#internals);
  }

  /** @throws {@link DefinitionError} for anything that `defineStream` didn't make. */
  static internals(type: unknown, where: string): StreamTypeInternals {
    if (typeof type === 'object' && type !== null && #internals in type) return type.#internals;
    throw new DefinitionError(
      `${where} needs a stream type: what defineStream('name', { … }) gives.${looksLikeStreamType(type) ? ' If it is one, two copies of @eventcore/core are installed.' : ''}`,
    );
  }

  /** The stream type that a reference is of. @throws {@link DefinitionError} for anything that no stream type's `at` made. */
  static ofReference(reference: unknown, where: string): StreamTypeInternals {
    const internals = Reference.typeOf(reference);
    if (internals !== undefined) return internals as StreamTypeInternals;
    throw new DefinitionError(`${where} needs a reference to a stream, such as Account.at('alice').`);
  }
}

/** Whether it may be a stream type all the same, made by another copy of this package. */
function looksLikeStreamType(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'function';
}

export interface StreamTypeInternals {
  readonly name: string;
  readonly events: ReadonlyMap<string, EventSpec>;
  readonly initialState: () => unknown;
  readonly folds: ReadonlyMap<string, UntypedFold>;
  readonly at: (key: string) => AnyReference;
}
