/** The door without decorators to projections, and what is typed of both doors. */
import type { Json } from '../event/json.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import type { StreamType } from '../stream/define-stream.js';
import type { ConsumerDefinition } from './consumer-definition.js';
import type { TakesMetadata } from './metadata.js';
import { startByHandlers } from './event-handler.js';

declare const needs: unique symbol;

/**
 * A projection: what `defineProjection(name).on(…)` gives. Its handlers need a context of this type, which is for whoever runs
 * it to supply: a store that runs handlers in a transaction of its own supplies that. The events' metadata is of the other type.
 */
export interface ProjectionDefinition<in Context, in Metadata = Json>
  extends ConsumerDefinition, ProjectionStart<Context, Metadata>, TakesMetadata<Metadata> {
  readonly kind: 'projection';
  readonly [needs]: (context: Context) => void;
}

/** A projection without a handler yet. */
export interface ProjectionStart<in Context, in Metadata = Json> {
  /** The projection with these handlers as well: events of one stream type, each with its function. */
  on<N extends string, E, S>(
    type: StreamType<N, E, S>,
    handlers: ProjectionHandlers<E, Context, Metadata>,
  ): ProjectionDefinition<Context, Metadata>;
}

/** Functions by event. An event without one is not handled. */
export type ProjectionHandlers<E, Context, Metadata = Json> = {
  readonly [K in keyof E]?: (
    event: RecordedEvent<K & string, DeepReadonly<E[K]>, Metadata>,
    context: Context,
  ) => void | PromiseLike<unknown>;
};

/**
 * Defines a projection without decorators: handlers of events, which build a read model of any kind. The first type
 * argument says what the handlers need beside the event, such as a transaction; without one they need nothing. The second one
 * says what the store's metadata schema gives, and is checked where the projection is run.
 *
 * @throws {@link DefinitionError} for a name that can't be one, and for two handlers of one event.
 *
 * @example
 * ```ts
 * const Deposits = defineProjection<{ readonly tx: Map<string, number> }>('deposits').on(Account, {
 *   MoneyDeposited: (event, { tx }) => {
 *     tx.set(event.stream, (tx.get(event.stream) ?? 0) + event.data.amount);
 *   },
 * });
 *
 * console.log(String(Deposits));
 * // projection deposits
 * //   account  MoneyDeposited
 * ```
 */
export function defineProjection<Context = unknown, Metadata = Json>(name: string): ProjectionStart<Context, Metadata> {
  return startByHandlers('projection', name, 'defineProjection') as never;
}
