/** What a command decides with: the state, and what it may emit. */
import type { DeepReadonly } from '../stream/deep-readonly.js';
import type { Mistake } from '../stream/mistake.js';
import type { EventsOfRef, MemberOf, RoleOf, StateOf } from './field-roles.js';

export interface Context<C> {
  /** The state of the declared streams by field, or the command's own. Deeply readonly; frozen outside production. */
  readonly state: StateOf<C>;

  /**
   * Adds an event to what the command will append: by the name of a single stream's field, or, for a member of a set
   * and for a discovered stream, by its reference or id. (A property, not a method: it may be destructured.)
   */
  readonly emit: <
    // Written out, since an alias would stand in the error message instead of `"from" | "to"`.
    K extends OrNothing<{ [P in keyof C]-?: TargetOf<RoleOf<C[P]>, P, Exclude<C[P], undefined>> }[keyof C]>,
    // `keyof` a union is what its members share: an event has to be known to every stream that K may be.
    T extends keyof EventsOfRef<At<C, K>> & string,
  >(
    stream: K,
    type: T,
    data: Payload<At<C, K>, T>,
  ) => void;

  /** The time of this attempt, as an ISO string, ready for an event. */
  readonly now: string;

  /** A new UUIDv7. */
  readonly id: () => string;

  /** Contexts of two commands are unrelated: `handle(context: Context<Other>)` would pass by method bivariance. */
  readonly ' of': (command: C) => C;
}

/** What stands for a field in `emit`: its name, or each member of a set or of discovered streams, or the member's id. */
type TargetOf<Role, Name, Field> = Role extends 'stream' | 'append'
  ? Name & string
  : Role extends 'set' | 'discovered'
    ? MemberOf<Field> | IdOf<MemberOf<Field>>
    : never;

type IdOf<Ref> = Ref extends { readonly id: infer Id } ? Id : never;

/** Where there is nothing to write to, the message would only speak of `never`. */
type OrNothing<Targets> = [Targets] extends [never]
  ? Mistake<'this command declares no stream that it may write'>
  : Targets;

/** A field's type for its name; a reference or an id stands for itself. */
type At<C, K> = K extends keyof C ? Exclude<C[K], undefined> : K;

/**
 * What an event's data has to be. Several candidates (a union of fields, or of event types) want a payload that suits
 * them all; the box keeps a payload whole that is itself a union.
 */
export type Payload<Ref, T> = (
  Ref extends unknown ? (T extends keyof EventsOfRef<Ref> ? (box: { of: EventsOfRef<Ref>[T] }) => void : never) : never
) extends (box: infer Box extends { of: unknown }) => void
  ? Plainly<Box['of']>
  : never;

/** `{}` would take anything at all, also a number. The mistake is what a property's value would have to be. */
type Plainly<Data> = unknown extends Data
  ? Data
  : Data extends object
    ? [keyof Data] extends [never]
      ? Readonly<Record<string, Mistake<'this event has no data: give {}'>>>
      : DeepReadonly<Data>
    : DeepReadonly<Data>;
