/**
 * References to streams: which stream, of which type, and what may be done with it.
 *
 * They are nominal. A phantom member that is keyed by a symbol which isn't exported keeps look-alikes out, also in the
 * emitted declarations (a private member would lose its type there), and is invariant in name, events and state.
 */
import type { StreamId } from '../event/stream-id.js';

/** Its name is what the compiler says to somebody who gives a stream type where one of its streams is needed. */
declare const madeByAt: unique symbol;
declare const readable: unique symbol;
declare const appendable: unique symbol;
declare const discovered: unique symbol;
declare const typed: unique symbol;

/** What makes two references differ. */
export interface Shape<Name, Events, State> {
  readonly name: Name;
  readonly events: (events: Events) => Events;
  readonly state: (state: State) => State;
}

/** The id of a stream whose type is known. */
export type TypedStreamId<Name extends string, Events> = StreamId & {
  readonly [typed]: { readonly name: Name; readonly events: (events: Events) => Events };
};

interface Named<Name extends string, Events> {
  readonly id: TypedStreamId<Name, Events>;
  /** The part of the id that names the stream within its type. */
  readonly key: string;
}

/** A reference to one stream of a type. */
export interface StreamRef<Name extends string, Events, State> extends Named<Name, Events> {
  readonly [madeByAt]: Shape<Name, Events, State>;
}

/** A reference that is read and takes part in the version check, but is never written. */
export interface ReadRef<Name extends string, Events, State> extends Named<Name, Events> {
  readonly [readable]: Shape<Name, Events, State>;
}

/** A reference that is written without having been read, and expects nothing of the stream. */
export interface AppendRef<Name extends string, Events, State> extends Named<Name, Events> {
  readonly [appendable]: Shape<Name, Events, State>;
}

/** Streams that are found while the command runs: a declaration, without anything to use. Their state is in `state`. */
export interface DiscoveredStreams<Name extends string, Events, State> {
  readonly [discovered]: Shape<Name, Events, State>;
}

/** What a reference is at run time, whatever its role. */
export interface AnyReference {
  readonly id: StreamId;
  readonly key: string;
}

/** A reference that knows its stream type. Two of the same id are equal to the library. */
export class Reference<Type extends object> implements AnyReference {
  readonly id: StreamId;
  readonly key: string;
  readonly #type: Type;

  constructor(id: StreamId, key: string, type: Type) {
    this.id = id;
    this.key = key;
    this.#type = type;
    Object.freeze(this);
  }

  /** The id, for logs and templates. */
  toString(): string {
    return this.id;
  }

  /** The stream type of a reference; undefined for anything else. */
  static typeOf(reference: unknown): object | undefined {
    return typeof reference === 'object' && reference !== null && #type in reference ? reference.#type : undefined;
  }
}
