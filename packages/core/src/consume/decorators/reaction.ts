/** The decorator that makes a class a reaction. */
import { consumerDecorator } from './finish-class.js';
import type { ReactionVerdict } from './verdicts.js';

/**
 * Makes a class a reaction: its methods with `@On` answer events with commands, one, several or none. Each is executed once,
 * under an id that is derived from the event, the reaction's name and the command's place among those given. So the name stays
 * when the class is renamed; another one would execute everything again.
 *
 * @throws {@link DefinitionError} for a class that can't be one, with what to add.
 *
 * @example
 * ```ts
 * const Note = defineCommand('Note', {
 *   streams: { audit: Audit },
 *   input: { text: v.string() },
 *   handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
 * });
 *
 * @Reaction('notary')
 * class Notary {
 *   @On(Account, 'AccountOpened')
 *   opened({ data }: EventOf<typeof Account, 'AccountOpened'>, { now }: ReactionContext) {
 *     return new Note({ audit: 'openings', text: `${data.owner}, ${now}` });
 *   }
 * }
 * ```
 */
export function Reaction(name: string): <T>(target: T, context?: ClassDecoratorContext) => ReactionVerdict<T> {
  return consumerDecorator('@Reaction', 'reaction', name) as never;
}
