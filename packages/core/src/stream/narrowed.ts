/** Stream types as a function sees them that is written for many: what it needs of them, and no more. */
import type { StreamType } from './define-stream.js';

/**
 * Any stream type that takes these events, and whose state has these parts: what a function asks for that makes a command for
 * whatever stream type it is given. See {@link narrowed}.
 */
export interface StreamTypeWith<Events, State> {
  readonly ' takes': { readonly [K in keyof Events]: (data: Events[K]) => void };
  readonly ' folds to': State;
}

/**
 * A stream type, as one that has no more than what was asked for: its events are those, its state is that. It is the same
 * stream type, so what is written with it is what the stream type's own schemas and folds make of it.
 *
 * @example
 * ```ts
 * function closing(type: StreamTypeWith<{ AccountClosed: {} }, { open: boolean }>) {
 *   return defineCommand('Close', {
 *     streams: { target: narrowed(type) },
 *     handle: ({ state, emit }) => {
 *       ensure(state.target.open, 'it is closed already');
 *       emit('target', 'AccountClosed', {});
 *     },
 *   });
 * }
 *
 * const CloseAccount = closing(Account);
 *
 * await execute(new CloseAccount({ target: 'alice' }), store);
 * ```
 */
export function narrowed<Events, State>(type: StreamTypeWith<Events, State>): StreamType<string, Events, State> {
  // Nothing is narrowed but what the compiler knows; what can't be a stream type is refused by whoever takes this one.
  return type as never;
}
