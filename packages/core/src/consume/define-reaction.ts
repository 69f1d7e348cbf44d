/** The door without decorators to reactions, and what a reaction's handlers get and give in both doors. */
import type { AnyCommand } from '../execute/execute.js';
import type { Json } from '../event/json.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { DeepReadonly } from '../stream/deep-readonly.js';
import type { StreamType } from '../stream/define-stream.js';
import type { ConsumerDefinition } from './consumer-definition.js';
import type { TakesMetadata } from './metadata.js';
import { startByHandlers } from './event-handler.js';

declare const needs: unique symbol;

/** What every reaction's handler gets beside the event. */
export interface ReactionContext {
  /** The event's time, as an ISO string: the same whenever the handler is called again. */
  readonly now: string;
  /** Aborted when nobody waits for the handler any more: the lease is lost, or a stop takes too long. */
  readonly signal: AbortSignal;
}

/** What a reaction's handler gives: the commands that follow from the event, one, several or none. */
export type Reacted = AnyCommand | readonly AnyCommand[] | undefined | void;

/**
 * A reaction: what `defineReaction(name).on(…)` gives. Its handlers need a context of this type, beside what all of them get;
 * it is for whoever runs it to supply. The events' metadata is of the other type.
 */
export interface ReactionDefinition<in Context = unknown, in Metadata = Json>
  extends ConsumerDefinition, ReactionStart<Context, Metadata>, TakesMetadata<Metadata> {
  readonly kind: 'reaction';
  readonly [needs]: (context: Context) => void;
}

/** A reaction without a handler yet. */
export interface ReactionStart<in Context = unknown, in Metadata = Json> {
  /** The reaction with these handlers as well: events of one stream type, each with its function. */
  on<N extends string, E, S>(
    type: StreamType<N, E, S>,
    handlers: ReactionHandlers<E, Context, Metadata>,
  ): ReactionDefinition<Context, Metadata>;
}

/** Functions by event. An event without one leads to nothing. */
export type ReactionHandlers<E, Context = unknown, Metadata = Json> = {
  readonly [K in keyof E]?: (
    event: RecordedEvent<K & string, DeepReadonly<E[K]>, Metadata>,
    context: ReactionContext & Context,
  ) => Reacted | PromiseLike<Reacted>;
};

/**
 * Defines a reaction without decorators: an event leads to commands. Each is executed once, under an id that is derived from
 * the event, so a handler may be called again; give the same commands in the same order then. The first type argument
 * says what the handlers need beside the event and {@link ReactionContext}, such as a client of a service that they ask; the
 * second one what the store's metadata schema gives. Both are checked where the reaction is run.
 *
 * @throws {@link DefinitionError} for a name that can't be one, and for two handlers of one event.
 *
 * @example
 * ```ts
 * const Note = defineCommand('Note', {
 *   streams: { audit: Audit },
 *   input: { text: v.string() },
 *   handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
 * });
 *
 * const Notary = defineReaction('notary').on(Account, {
 *   AccountOpened: ({ data }, { now }) => new Note({ audit: 'openings', text: `${data.owner}, ${now}` }),
 * });
 *
 * console.log(String(Notary));
 * // reaction notary
 * //   account  AccountOpened
 * ```
 */
export function defineReaction<Context = unknown, Metadata = Json>(name: string): ReactionStart<Context, Metadata> {
  return startByHandlers('reaction', name, 'defineReaction') as never;
}
