/** What a reaction answers an event with: pure but for what its handler looks up. */
import { inspect } from 'node:util';
import { partsOf } from '../command/command-logic.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { CommandId, RecordedEvent } from '../event/recorded-event.js';
import type { AnyCommand } from '../execute/execute.js';
import type { OnUnknownEvent } from '../stream/fold.js';
import type { ContextOf } from './context-of.js';
import type { ReactionContext } from './define-reaction.js';
import type { EventHandler } from './event-handler.js';
import { openConsumer, type OpenConsumer } from './open-consumer.js';
import { reactionCommandId } from './reaction-command-id.js';

/** A command that follows from an event, and the options that `execute` is to be given with it. */
export interface FollowUp {
  readonly command: AnyCommand;
  readonly options: {
    /** Derived from the event, the reaction's name and the command's place: the same for ever. */
    readonly commandId: CommandId;
    readonly correlationId: string;
    /** The event's id. */
    readonly causationId: string;
    readonly anyFingerprint: true;
  };
}

export interface ReactionsToOptions {
  /** What to do with an event that its stream type doesn't know: `throw`, unless given. */
  readonly onUnknownEvent?: OnUnknownEvent;
  readonly signal?: AbortSignal;
}

/** What is needed beside what every reaction gets has to be given. */
type OptionsFor<Context> = ReactionContext extends Context
  ? [options?: ReactionsToOptions & { readonly context?: object }]
  : [options: ReactionsToOptions & { readonly context: Omit<Context, keyof ReactionContext> }];

/**
 * The commands that follow from an event, each with its derived command id. Nothing is executed. The reaction is a class, an
 * object of it, or what `defineReaction` gives.
 *
 * @throws `DefinitionError` for a handler that gives anything but commands.
 * @throws `UnknownEventType` for an event that its stream type doesn't know, unless told to skip those.
 *
 * @example
 * ```ts
 * const Note = defineCommand('Note', {
 *   streams: { audit: Audit },
 *   input: { text: v.string() },
 *   handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
 * });
 * const Notary = defineReaction('notary').on(Account, {
 *   AccountOpened: ({ data }) => new Note({ audit: 'openings', text: data.owner }),
 * });
 *
 * for await (const event of subscribe(store)) {
 *   for (const { command, options } of await reactionsTo(Notary, event)) await execute(command, store, options);
 * }
 * ```
 */
export async function reactionsTo<R extends object>(
  reaction: R,
  event: RecordedEvent,
  ...[options = {}]: OptionsFor<ContextOf<R>>
): Promise<readonly FollowUp[]> {
  const open = openConsumer<EventHandler>(reaction, 'reaction', 'reactionsTo');
  const { onUnknownEvent = 'throw', signal = new AbortController().signal, context = {} } = options;
  return followUps(open, event, onUnknownEvent, signal, context);
}

/** The same, of a reaction that was opened once for many events. */
export async function followUps(
  { compiled, self }: OpenConsumer<EventHandler>,
  recorded: RecordedEvent,
  onUnknownEvent: OnUnknownEvent,
  signal: AbortSignal,
  supplied: object,
): Promise<readonly FollowUp[]> {
  const handling = compiled.handlingOf(recorded, onUnknownEvent);
  if (handling === undefined) return [];
  const { handler, event } = handling;
  const context: ReactionContext = Object.freeze({ ...supplied, now: event.recordedAt, signal });
  const given: unknown = await handler.call(self, event, context);
  return listOf(given).map((command, index) => ({
    command: checkedCommand(command, handler, event),
    options: {
      commandId: reactionCommandId(event.id, compiled.name, index),
      correlationId: event.correlationId,
      causationId: event.id,
      anyFingerprint: true,
    },
  }));
}

function listOf(given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given];
}

function checkedCommand(command: unknown, { name }: EventHandler, event: RecordedEvent): AnyCommand {
  if (partsOf(command) !== undefined) return command as AnyCommand;
  throw new DefinitionError(
    `${name} gave ${inspect(command, { depth: 0 })}. A reaction gives commands, made with new: one, an array of them, or nothing.`,
    { context: { stream: event.stream, event: event.type, position: event.position } },
  );
}
