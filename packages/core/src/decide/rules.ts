/** Business rules: how a command says no. */
import { BusinessRuleViolation, type Rule } from '../errors/input-errors.js';

/**
 * Rejects the command unless the condition holds. Narrows types, so what was ensured is known below.
 *
 * @throws {@link BusinessRuleViolation}
 *
 * @example
 * ```ts
 * declare const balance: number;
 * ensure(balance >= 60, 'insufficient funds');
 * ensure(balance >= 60, { rule: 'insufficient-funds', message: 'insufficient funds', data: { missing: 60 - balance } });
 * ```
 */
export function ensure(condition: unknown, message: string | Rule): asserts condition {
  if (!condition) throw new BusinessRuleViolation(message);
}

/**
 * Rejects the command.
 *
 * @throws {@link BusinessRuleViolation}
 *
 * @example
 * ```ts
 * declare const speed: 'normal' | 'instant';
 * if (speed === 'instant') reject('instant transfers are closed on Sundays');
 * ```
 */
export function reject(message: string | Rule): never {
  throw new BusinessRuleViolation(message);
}
