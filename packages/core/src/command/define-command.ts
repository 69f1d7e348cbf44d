/** The door without decorators: the same definition, the same engine, for those who write plain objects. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Context } from './context.js';
import type { RetryPolicy } from './retry-policy.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { DeepReadonly, NextState } from '../stream/deep-readonly.js';
import type { Schemas, StreamType } from '../stream/define-stream.js';
import type { IsJson } from '../stream/json-type.js';
import type { Mistake } from '../stream/mistake.js';
import type { InputOf, IsRepeatable, NotRepeatable, OutputOf } from '../stream/standard-schema.js';
import type { AppendRef, DiscoveredStreams, ReadRef, StreamRef } from '../stream/stream-reference.js';
import {
  CompiledCommand,
  finishCommand,
  type FieldFact,
  type StreamOptions,
  type StreamRole,
} from './compiled-command.js';
import { CommandLogic, partsOf, type AnyCommand } from './command-logic.js';
import type { DefaultStateOf, DiscoveryOf, EventsOf, FieldsOf, KeysOf } from './field-roles.js';
import type { Values } from './parse-properties.js';
import type { Given } from './properties.js';

/** How a command uses a stream type: what `reads(Account)` and its like give. */
export interface Use<Role extends UseRole, N extends string, E, S> {
  readonly use: Role;
  readonly type: StreamType<N, E, S>;
  readonly options: StreamOptions;
}

/** Each role, and each one that may be left out. */
type UseRole = StreamRole | `${SingleRole}?`;
type SingleRole = 'stream' | 'read' | 'append';
type Equality = { readonly mayEqual?: boolean };

/** A stream that is read and may be written: the same as the stream type by itself, with options. */
export function writes<N extends string, E, S>(
  type: StreamType<N, E, S>,
  options: Equality = {},
): Use<'stream', N, E, S> {
  return { use: 'stream', type, options };
}

/** A stream that is only read, and takes part in the version check. */
export function reads<N extends string, E, S>(type: StreamType<N, E, S>, options: Equality = {}): Use<'read', N, E, S> {
  return { use: 'read', type, options };
}

/** A stream that is written without having been read. */
export function appends<N extends string, E, S>(
  type: StreamType<N, E, S>,
  options: Equality = {},
): Use<'append', N, E, S> {
  return { use: 'append', type, options };
}

/** Any number of streams of one type. */
export function many<N extends string, E, S>(type: StreamType<N, E, S>, options: Equality = {}): Use<'set', N, E, S> {
  return { use: 'set', type, options };
}

/** Streams that `discover` names. */
export function discovers<N extends string, E, S>(type: StreamType<N, E, S>): Use<'discovered', N, E, S> {
  return { use: 'discovered', type, options: {} };
}

/** A stream that may be left out: `optional(Account)`, `optional(reads(Policy))`. */
export function optional<N extends string, E, S>(stream: StreamType<N, E, S>): Use<'stream?', N, E, S>;
export function optional<R extends SingleRole, N extends string, E, S>(stream: Use<R, N, E, S>): Use<`${R}?`, N, E, S>;
export function optional(stream: object): unknown {
  const { use, type, options } = isUse(stream) ? stream : { use: 'stream', type: stream, options: {} };
  return { use: `${use}?`, type, options: { ...options, optional: true } };
}

/* References are invariant, so only `any` stands for all of them. */
/* eslint-disable typescript/no-explicit-any */
type AnyUse = Use<any, any, any, any>;
type Uses = Record<string, StreamType<any, any, any> | AnyUse>;

/** The reference that a use stands for. */
type Used<U> =
  U extends StreamType<infer N, infer E, infer S>
    ? StreamRef<N, E, S>
    : U extends Use<infer R, infer N, infer E, infer S>
      ? {
          stream: StreamRef<N, E, S>;
          read: ReadRef<N, E, S>;
          append: AppendRef<N, E, S>;
          set: readonly StreamRef<N, E, S>[];
          discovered: DiscoveredStreams<N, E, S>;
          'stream?': StreamRef<N, E, S> | undefined;
          'read?': ReadRef<N, E, S> | undefined;
          'append?': AppendRef<N, E, S> | undefined;
        }[R]
      : never;
/* Mapped types within conditional ones: editors and messages then show the fields, and not these aliases with all schemas. */
type Declared<U> = U extends unknown ? { readonly [K in keyof U]: Used<U[K]> } : never;
type Inputs<I> = I extends unknown ? { readonly [K in keyof I]: DeepReadonly<OutputOf<I[K]>> } : never;

type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
type Loosely<T> = { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: T[K] } & {
  readonly [K in OptionalKeys<T>]?: T[K];
};
type Arguments<U, I> = Loosely<
  { [K in keyof U as Used<U[K]> extends DiscoveredStreams<any, any, any> ? never : K]: Given<Used<U[K]>> } & {
    [K in keyof I]: InputOf<I[K]> | Given<OutputOf<I[K]>>;
  }
>;
type KnownState<U, State> = 0 extends 1 & State
  ? State
  : [unknown] extends [State]
    ? DefaultStateOf<Declared<U>>
    : DeepReadonly<State>;

/** `initialState` and `apply` come together. */
type OwnState<U, State> =
  | {
      readonly initialState: () => State;
      readonly apply: (
        state: NoInfer<DeepReadonly<State>>,
        event: EventsOf<Declared<U>>,
        at: FieldsOf<Declared<U>>,
      ) => NoInfer<NextState<State>>;
    }
  | { readonly initialState?: never; readonly apply?: never };

/** `discover` goes with `discovers(…)`; elsewhere a specification has no such part. */
type Discovery<U, State> = [KeysOf<Declared<U>, 'discovered'>] extends [never]
  ? unknown
  : { readonly discover: (state: KnownState<U, NoInfer<State>>) => DiscoveryOf<Declared<U>> };

/** What `handle` gets: a decorated command's context, and the command's own streams and inputs. */
export interface CommandContext<U, I, State> {
  readonly input: Inputs<I>;
  readonly streams: Declared<U>;
  readonly state: KnownState<U, State>;
  readonly emit: Context<Declared<U>>['emit'];
  /** The time of this attempt, as an ISO string. */
  readonly now: string;
  /** A new UUIDv7. */
  readonly id: () => string;
}

/* Parametrised by data, never by schemas: a schema in an exported value's type is what TS2742 and TS2883 are made of. */
/** A command object. Its parts are accessors, and a spread has none of them: it is no command. */
export declare abstract class DefinedCommand<Name extends string, Streams, Input> implements AnyCommand {
  get ' made with new'(): (command: unknown) => unknown;
  get command(): Name;
  get streams(): Streams;
  get input(): Input;
}
/** What `defineCommand` gives: a class, to be called with `new`. */
export interface DefinedCommandClass<Name extends string, Streams, Input, Properties> {
  readonly commandName: Name;
  new (properties: Properties): DefinedCommand<Name, Streams, Input>;
}
type CommandClassOf<Name extends string, U, I> =
  Arguments<U, I> extends infer A
    ? DefinedCommandClass<
        Name,
        { readonly [K in keyof U]: Used<U[K]> },
        { readonly [K in keyof I]: DeepReadonly<OutputOf<I[K]>> },
        { readonly [K in keyof A]: A[K] }
      >
    : never;

/**
 * Defines a command without decorators. It is made with `new` and executed like any other.
 *
 * @throws {@link DefinitionError} for a specification that can't be one.
 *
 * @example
 * ```ts
 * const Deposit = defineCommand('Deposit', {
 *   streams: { account: Account },
 *   input: { amount: Money },
 *   handle: ({ state, input, emit }) => {
 *     ensure(state.account.open, 'the account is not open');
 *     emit('account', 'MoneyDeposited', { amount: input.amount });
 *   },
 * });
 *
 * await execute(new Deposit({ account: 'alice', amount: 60 }), store);
 * ```
 */
export function defineCommand<const Name extends string, U extends Uses, I extends Schemas = {}, State = unknown>(
  name: Name,
  spec: {
    readonly streams: U & ([keyof U] extends [never] ? Mistake<'declare at least one stream'> : unknown);
    readonly input?: I & {
      readonly [K in keyof I]: K extends keyof U
        ? Mistake<'a stream has this name already'>
        : IsJson<OutputOf<I[K]>> extends true
          ? IsRepeatable<InputOf<I[K]>, OutputOf<I[K]>> extends true
            ? unknown
            : NotRepeatable
          : Mistake<'its schema gives something that JSON cannot hold: keep an ISO string for a Date, an array for a Set'>;
    };
    readonly detail?: 'lean' | 'full';
    readonly retry?: RetryPolicy;
    readonly handle: (context: CommandContext<U, I, NoInfer<State>>) => void | Promise<void>;
  } & OwnState<U, State> &
    Discovery<U, State>,
): CommandClassOf<Name, U, I> {
  return defineUntyped(name, spec as never) as never;
}

interface UntypedSpec {
  readonly streams: Readonly<Record<string, object>>;
  readonly input?: Readonly<Record<string, StandardSchemaV1>>;
  readonly detail?: 'lean' | 'full';
  readonly retry?: RetryPolicy;
  readonly initialState?: () => unknown;
  readonly apply?: (state: unknown, event: unknown, at: string) => unknown;
  readonly discover?: (state: unknown) => unknown;
  readonly handle: (context: object) => void | Promise<void>;
}

function defineUntyped(name: string, spec: UntypedSpec): unknown {
  if (typeof name !== 'string' || name === '')
    throw new DefinitionError("defineCommand needs a name: defineCommand('Deposit', { … }).");
  if (typeof spec !== 'object' || spec === null)
    throw new DefinitionError(`${name} needs a specification: defineCommand('${name}', { streams, input, handle }).`);
  refuseUnknown(name, spec);
  const { initialState, apply, discover, handle } = spec;
  const streams = spec.streams ?? {};
  const input = spec.input ?? {};
  const facts: FieldFact[] = [
    ...Object.entries(streams).map(([field, use]) => streamFact(field, use)),
    ...Object.entries(input).map(([field, schema]): FieldFact => ({ name: field, role: 'input', schema })),
  ];
  const definition = new CompiledCommand(name, facts, spec, spec, 'defineCommand');
  const streamNames = Object.keys(streams);
  const inputNames = Object.keys(input);

  class Defined extends CommandLogic<unknown> {
    static readonly commandName = name;
    readonly #streams: object;
    readonly #input: object;

    constructor(properties: never) {
      super(properties);
      const { values } = partsOf(this)!;
      this.#streams = pick(values, streamNames);
      this.#input = pick(values, inputNames);
      Object.freeze(this);
    }
    get command(): string {
      return name;
    }
    get streams(): object {
      return this.#streams;
    }
    get input(): object {
      return this.#input;
    }
    handle(context: Context<unknown>): void | Promise<void> {
      // The context is this attempt's alone, and its `now` looks at the clock when it is read: so it is added to, not copied.
      return handle(Object.assign(context, { streams: this.#streams, input: this.#input }));
    }
  }
  Object.defineProperty(Defined, 'name', { value: name });
  for (const [key, method] of Object.entries({ initialState, apply, discover })) {
    if (method !== undefined) Object.defineProperty(Defined.prototype, key, { value: method });
  }
  finishCommand(Defined, definition);
  return Defined;
}

const parts = ['streams', 'input', 'detail', 'retry', 'initialState', 'apply', 'discover', 'handle'];

/** What is misspelt would never be heard. */
function refuseUnknown(name: string, spec: object): void {
  const unknown = Object.keys(spec).find((key) => !parts.includes(key));
  if (unknown === undefined) return;
  throw new DefinitionError(
    `${name} has ${JSON.stringify(unknown)}, which is no part of a command: ${parts.join(', ')}.`,
  );
}

function streamFact(name: string, use: object): FieldFact {
  if (!isUse(use)) return { name, role: 'stream', type: use, options: {} };
  return { name, role: use.use.replace('?', '') as StreamRole, type: use.type, options: use.options };
}

function isUse(use: object): use is { readonly use: string; readonly type: object; readonly options: StreamOptions } {
  return typeof use === 'object' && use !== null && 'use' in use && 'type' in use;
}

function pick(values: Values, fields: readonly string[]): object {
  const picked: Record<string, unknown> = {};
  for (const field of fields) picked[field] = values[field];
  return Object.freeze(picked);
}
