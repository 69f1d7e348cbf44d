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
  override readonly name = 'HistoryViolation';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.toString());
    this.verdict = verdict;
  }
}
