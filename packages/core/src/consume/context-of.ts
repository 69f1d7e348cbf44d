/** What the handlers of a consumer need beside the event, as the compiler sees it. */
import type { ProjectionDefinition } from './define-projection.js';
import type { ReactionDefinition } from './define-reaction.js';
import type { Handled } from './event-handler.js';

/** What the handlers of a projection or a reaction need: of a definition, of a class, or of an object of it. */
export type ContextOf<P> = P extends
  ProjectionDefinition<infer Context, never> | ReactionDefinition<infer Context, never>
  ? Context
  : P extends abstract new (...parameters: never) => infer Self
    ? ContextOfMethods<Self>
    : ContextOfMethods<P>;

/** A method that takes an event is a handler. The contexts of all of them, at once. */
type ContextOfMethods<Self> = {
  [K in keyof Self]: Self[K] extends (event: infer Event, context: infer Context, ...rest: never) => unknown
    ? [Event] extends [Handled]
      ? (context: Context) => void
      : never
    : never;
}[keyof Self] extends (context: infer Context) => void
  ? Context
  : unknown;
