/** Command ids that are derived from events, so that a reaction's commands are executed once, however often it reacts. */
import { v5 } from 'uuid';
import type { CommandId, EventId } from '../event/recorded-event.js';

/** The namespace of all ids of this kind. Never changes: an event that is handled again has to give the same ids for ever. */
const NAMESPACE = '9d2f5f0e-7a0b-5c53-8f0e-2b1f6c0a4d7e';

/**
 * The id of the command that a reaction gives for an event, at this place (from 0) among those that it gives. Neither an
 * event's id nor a reaction's name holds a `/`, so no two cases share an id.
 *
 * @example
 * ```ts
 * const { events } = await store.readAll({ after: START, limit: 1 });
 * for (const { id } of events) {
 *   const bonus = await store.capabilities.lookup.byCommand(reactionCommandId(id, 'welcome-bonus', 0));
 *   console.log(bonus.length > 0 ? 'the bonus was paid' : 'no bonus so far');
 * }
 * ```
 */
export function reactionCommandId(event: EventId, reaction: string, index: number): CommandId {
  return v5(`${event}/${reaction}/${index}`, NAMESPACE) as CommandId;
}
