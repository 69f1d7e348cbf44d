/** The decorator that makes a method a handler of events. */
import type { StreamType } from '../../stream/define-stream.js';
import type { DeepReadonly } from '../../stream/deep-readonly.js';
import type { RecordedEvent } from '../../event/recorded-event.js';
import { methodDecorator } from '../../command/decorators/dialect.js';
import { handledEvent, handledType, type HandlerFact } from '../compiled-consumer.js';
import type { HandlerDecorator } from './verdicts.js';

/** What `@On` says of a method. */
export type MethodFact = HandlerFact<string>;

/**
 * Makes a method the handler of one kind of event, in a class with `@Projection` or `@Reaction`. A method may have several of
 * them, if it takes each of their events.
 *
 * @throws {@link DefinitionError} for an event that the stream type doesn't have.
 *
 * @example
 * ```ts
 * @Projection('closings')
 * class Closings {
 *   readonly streams: string[] = [];
 *
 *   @On(Account, 'AccountClosed')
 *   closed({ stream }: EventOf<typeof Account, 'AccountClosed'>) {
 *     this.streams.push(stream);
 *   }
 * }
 * ```
 */
export function On<N extends string, E, S, Name extends keyof E & string>(
  type: StreamType<N, E, S>,
  event: Name,
): HandlerDecorator<RecordedEvent<Name, DeepReadonly<E[Name]>, never>> {
  const handled = handledType(type, '@On');
  const known = handledEvent(handled, event, '@On');
  return methodDecorator({
    decorator: '@On',
    fact: (method): MethodFact => ({ type: handled, event: known, handler: method }),
  }) as never;
}
