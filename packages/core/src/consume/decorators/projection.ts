/** The decorator that makes a class a projection. */
import { consumerDecorator } from './finish-class.js';
import type { ProjectionVerdict } from './verdicts.js';

/**
 * Makes a class a projection: its methods with `@On` are handed the events, in the store's order, and whatever they need
 * beside. The name is what its checkpoint is kept under, and stays when the class is renamed.
 *
 * @throws {@link DefinitionError} for a class that can't be one, with what to add.
 *
 * @example
 * ```ts
 * @Projection('balances')
 * class Balances {
 *   @On(Account, 'MoneyDeposited')
 *   deposited({ stream, data }: EventOf<typeof Account, 'MoneyDeposited'>, { tx }: { tx: Map<string, number> }) {
 *     tx.set(stream, (tx.get(stream) ?? 0) + data.amount);
 *   }
 * }
 * ```
 */
export function Projection(name: string): <T>(target: T, context?: ClassDecoratorContext) => ProjectionVerdict<T> {
  return consumerDecorator('@Projection', 'projection', name) as never;
}
