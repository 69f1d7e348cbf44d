/** What kind of consumer something is, as far as the compiler can tell. */
import type { AnyCommand } from '../execute/execute.js';
import type { ConsumerKind } from './compiled-consumer.js';
import type { Handled } from './event-handler.js';

/**
 * The kind of a definition, of a class, or of an object of it: a class whose handlers give commands is a reaction. Unknown where
 * there are no handlers to be seen; then it is told at run time.
 */
export type KindOf<Consumer> = Consumer extends { readonly kind: infer Kind extends ConsumerKind }
  ? Kind
  : Consumer extends abstract new (...parameters: never) => infer Self
    ? KindOfMethods<Self>
    : KindOfMethods<Consumer>;

type KindOfMethods<Self> = [GivenBack<Self>] extends [never]
  ? unknown
  : [GivenCommands<Self>] extends [never]
    ? 'projection'
    : 'reaction';

/** The commands that handlers give: none, if it is a projection. */
export type GivenCommands<Self> = Extract<Awaited<GivenBack<Self>>, AnyCommand | readonly AnyCommand[]>;

/** A method that takes an event counts as a handler. */
type GivenBack<Self> = {
  [K in keyof Self]: Self[K] extends (event: infer Event, ...rest: never) => infer Result
    ? [Event] extends [Handled]
      ? Result
      : never
    : never;
}[keyof Self];
