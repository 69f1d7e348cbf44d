/**
 * What the compiler says of `@On`, `@Projection` and `@Reaction`: `void`, or a mistake whose argument is the message. A
 * decorator that gives back anything but void or a replacement is refused in both dialects, and the message is shown.
 */
import type { RecordedEvent } from '../../event/recorded-event.js';
import type { Mistake, MistakeAbout } from '../../stream/mistake.js';
import type { Handled } from '../event-handler.js';
import type { Reacted } from '../define-reaction.js';
import type { GivenCommands } from '../kind-of.js';

/** A decorator for public methods that take this event, with whatever metadata: where they are run the store is known. */
export type HandlerDecorator<Event> = <T, C, D extends readonly unknown[]>(
  target: T,
  context: C,
  ...descriptor: D
) => HandlerVerdict<Place<T, C, D>, Event>;

/**
 * The decorated method, boxed; or what is wrong with its place. D: the legacy dialect passes a descriptor for methods and
 * accessors, and only for those.
 */
type Place<T, C, D extends readonly unknown[]> = C extends {
  readonly kind: 'method';
  readonly name: infer Name;
  readonly static: infer Static;
  readonly private: infer Private;
}
  ? Static extends true
    ? Mistake<'goes on a method of an object, not on a static one'>
    : Private extends true
      ? Mistake<'goes on a public method'>
      : C extends ClassMethodDecoratorContext<infer This, infer Method>
        ? MethodIn<This, Name, Method>
        : never
  : C extends string | symbol
    ? D extends readonly []
      ? Mistake<'goes on a method'>
      : T extends { readonly prototype: unknown }
        ? Mistake<'goes on a method of an object, not on a static one'>
        : MethodIn<T, C, C extends keyof T ? T[C] : never>
    : Mistake<'goes on a method'>;

type MethodIn<This, Name, Method> = Name extends string
  ? Name extends keyof This
    ? { method: Method }
    : Mistake<'goes on a public method'>
  : Mistake<'goes on a method with a name, not on a symbol'>;

type Shown<Event> = Event extends RecordedEvent<infer Type, infer Data, never> ? RecordedEvent<Type, Data> : Event;

type HandlerVerdict<P, Event> = P extends { method: infer Method }
  ? Method extends (event: Event, context: never) => unknown
    ? Method extends (event: Event, context: never) => Reacted | PromiseLike<unknown>
      ? void
      : Mistake<'a handler gives back nothing or a promise; in a reaction, commands'>
    : MistakeAbout<'a handler takes (event, context), where the event is', Shown<Event>>
  : P;

/** What the compiler says of a whole class with `@Projection`. A method that takes an event counts as a handler. */
export type ProjectionVerdict<T> = T extends new (...parameters: never) => infer I
  ? [GivenCommands<I>] extends [never]
    ? void
    : Mistake<'a projection executes no commands: give them from a reaction, a class with @Reaction'>
  : Mistake<'goes on a class that is not abstract'>;

/** What the compiler says of a whole class with `@Reaction`. A method that takes an event counts as a handler. */
export type ReactionVerdict<T> = T extends new (...parameters: never) => infer I
  ? [Misfits<I>] extends [never]
    ? void
    : MistakeAbout<
        'handlers take (event, context) and give commands, one, several or none; make other methods private that take events. Look at',
        Misfits<I>
      >
  : Mistake<'goes on a class that is not abstract'>;

type Misfits<I> = {
  [K in keyof I]: I[K] extends (event: infer Event, ...rest: never) => unknown
    ? [Event] extends [Handled]
      ? I[K] extends (event: Event, context: never) => Reacted | PromiseLike<Reacted>
        ? never
        : K
      : never
    : never;
}[keyof I];
