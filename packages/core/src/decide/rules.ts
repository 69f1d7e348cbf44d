/** Business rules: how a command says no. */
import { BusinessRuleViolation, type Rule } from '../errors/input-errors.js';

/**
 * Rejects the command unless the condition holds. Narrows types, so what was ensured is known below.
 *
 * @throws {@link BusinessRuleViolation}
 *
 * @example
 * ```ts
 * const Withdraw = defineCommand('Withdraw', {
 *   streams: { account: Account },
 *   input: { amount: Money },
 *   handle: ({ state: { account }, input: { amount }, emit }) => {
 *     ensure(account.open, 'the account is not open');
 *     const missing = amount - account.balance;
 *     ensure(missing <= 0, { rule: 'insufficient-funds', message: 'insufficient funds', data: { missing } });
 *     emit('account', 'MoneyWithdrawn', { amount });
 *   },
 * });
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
 * const Count = defineCommand('Count', {
 *   streams: { counter: Counter },
 *   input: { mood: v.picklist(['eager', 'tired']) },
 *   handle: ({ input, emit }) => {
 *     if (input.mood === 'tired') reject('nobody counts when tired');
 *     emit('counter', 'Counted', { by: 1 });
 *   },
 * });
 * ```
 */
export function reject(message: string | Rule): never {
  throw new BusinessRuleViolation(message);
}
