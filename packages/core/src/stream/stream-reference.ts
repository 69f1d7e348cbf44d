/**
 * References to streams: which stream, of which type, and what may be done with it.
 *
 * They are nominal. A phantom member keeps look-alikes out, also in the emitted declarations (a private member would lose
 * its type there), and is invariant in name, events and state. Such members are named by a text, which a declaration that
 * spells a type out can repeat: a symbol it would have to import (TS4023). The space that the text begins with keeps it from
 * whatever an editor offers.
 */
import type { StreamId } from '../event/stream-id.js';

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

/* Declared as classes, since what a class has by an accessor isn't spread: `{ ...reference }` is no reference. */
declare abstract class Named<Name extends string, Events> {
  readonly id: TypedStreamId<Name, Events>;
  /** The part of the id that names the stream within its type. */
  readonly key: string;
}

/** A reference to one stream of a type. */
export declare abstract class StreamRef<Name extends string, Events, State> extends Named<Name, Events> {
  get ' made by at'(): Shape<Name, Events, State>;
}

/** A reference that is read and takes part in the version check, but is never written. */
export declare abstract class ReadRef<Name extends string, Events, State> extends Named<Name, Events> {
  get ' only read'(): Shape<Name, Events, State>;
}

/** A reference that is written without having been read, and expects nothing of the stream. */
export declare abstract class AppendRef<Name extends string, Events, State> extends Named<Name, Events> {
  get ' only appended to'(): Shape<Name, Events, State>;
}

/** Streams that are found while the command runs: a declaration, without anything to use. Their state is in `state`. */
export declare abstract class DiscoveredStreams<Name extends string, Events, State> {
  get ' discovered'(): Shape<Name, Events, State>;
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
