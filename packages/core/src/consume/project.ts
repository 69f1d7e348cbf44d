/** Handing events to a projection's handlers, one after the other. */
import { partsOf } from '../command/command-logic.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { OnUnknownEvent } from '../stream/fold.js';
import type { Mistake } from '../stream/mistake.js';
import type { ContextOf } from './context-of.js';
import type { EventHandler } from './event-handler.js';
import { openConsumer, type OpenConsumer } from './open-consumer.js';

/** What is needed has to be given. */
type ContextFor<Context> = unknown extends Context
  ? [context?: unknown, options?: ProjectOptions]
  : [context: Context, options?: ProjectOptions];

export interface ProjectOptions {
  /** What to do with an event that its stream type doesn't know: `throw`, unless given. */
  readonly onUnknownEvent?: OnUnknownEvent;
}

/** What the compiler can tell of what defineReadModel and defineReaction give; classes are told at run time. */
type NoOtherConsumer<P> = P extends { readonly kind: 'readModel' }
  ? Mistake<'a read model has no handlers: fold events into its rows with foldRows'>
  : P extends { readonly kind: 'reaction' }
    ? Mistake<'a reaction answers with commands: ask for them with reactionsTo'>
    : unknown;

/**
 * Hands events to a projection's handlers, one after the other, in their order. The projection is a class, an object of it, or
 * what `defineProjection` gives; the context is what its handlers need. Of a class an object is made for this one call.
 *
 * @throws whatever a handler throws, and then no further event is handed on.
 * @throws `UnknownEventType` for an event that its stream type doesn't know, unless told to skip those.
 *
 * @example
 * ```ts
 * const Deposits = defineProjection<{ readonly totals: Map<string, number> }>('deposits').on(Account, {
 *   MoneyDeposited: ({ stream, data }, { totals }) => {
 *     totals.set(stream, (totals.get(stream) ?? 0) + data.amount);
 *   },
 * });
 *
 * const totals = new Map<string, number>();
 * const { events } = await store.readAll({ after: START, limit: 1000 });
 * await project(Deposits, events, { totals });
 * ```
 */
export async function project<P extends object>(
  projection: P & NoOtherConsumer<P>,
  events: Iterable<RecordedEvent>,
  ...[context, { onUnknownEvent = 'throw' } = {}]: ContextFor<ContextOf<P>>
): Promise<void> {
  const open = openConsumer<EventHandler>(projection, 'projection', 'project');
  for (const event of events) await handOver(open, event, context, onUnknownEvent);
}

/** Hands over one event. Gives whether there was a handler for it. */
export async function handOver(
  { compiled, self }: OpenConsumer<EventHandler>,
  recorded: RecordedEvent,
  context: unknown,
  onUnknownEvent: OnUnknownEvent,
): Promise<boolean> {
  const handling = compiled.handlingOf(recorded, onUnknownEvent);
  if (handling === undefined) return false;
  const { handler, event } = handling;
  refuseCommands(await handler.call(self, event, context), handler, event);
  return true;
}

/** A command that is given back and never executed would be lost without a word. */
function refuseCommands(given: unknown, { name }: EventHandler, event: RecordedEvent): void {
  const commands: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!commands.some((command) => partsOf(command) !== undefined)) return;
  throw new DefinitionError(
    `${name} gave a command, and a projection executes none. Give it from a reaction: @Reaction, or defineReaction.`,
    { context: { stream: event.stream, event: event.type, position: event.position } },
  );
}
