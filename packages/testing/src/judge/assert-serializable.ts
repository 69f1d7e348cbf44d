import { checkHistory } from './check-history.js';
import type { History } from './history.js';
import type { Verdict } from './verdict.js';

/**
 * Throws a {@link HistoryViolation} that explains what is wrong with a history, if anything is.
 *
 * @example
 * import { assertSerializable } from '@eventcore/testing';
 *
 * assertSerializable({ operations: [], log: [] });
 *
 * @throws HistoryViolation with the explanation as its message
 */
export function assertSerializable(history: History): void {
  const verdict = checkHistory(history);
  if (!verdict.valid) throw new HistoryViolation(verdict);
}

/**
 * A history that no correct store can have led to.
 *
 * @example
 * import { assertSerializable, HistoryViolation, type History } from '@eventcore/testing';
 *
 * function kindsIn(history: History): readonly string[] {
 *   try {
 *     assertSerializable(history);
 *     return [];
 *   } catch (error) {
 *     if (error instanceof HistoryViolation) return error.verdict.anomalies.map(({ kind }) => kind);
 *     throw error;
 *   }
 * }
 */
export class HistoryViolation extends Error {
  // A getter, so that whoever prints the error reads the explanation and not the whole history behind it.
  readonly #verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.toString());
    this.#verdict = verdict;
  }

  get verdict(): Verdict {
    return this.#verdict;
  }
}
// On the prototype, so that stacks begin with it, and literal, so that no minifier renames it.
Object.defineProperty(HistoryViolation.prototype, 'name', { value: 'HistoryViolation', configurable: true });
