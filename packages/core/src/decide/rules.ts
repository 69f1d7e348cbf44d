/** Business rules: how a command says no. */
import { BusinessRuleViolation, DefinitionError, type Rule } from '../errors/input-errors.js';
import type { Mistake } from '../stream/mistake.js';
import { isUnwantedPromise } from '../stream/thenable.js';

/** What is always true is no condition. (Of a type parameter nothing is known: compare it with something.) */
type Telling<Condition> = [Extract<Condition, PromiseLike<unknown>>] extends [never]
  ? [Extract<Condition, Function>] extends [never]
    ? unknown
    : Mistake<'a function is always true: call it'>
  : Mistake<'a promise is always true: await it first'>;

/**
 * Rejects the command unless the condition holds. Narrows types, so what was ensured is known below.
 *
 * @throws {@link BusinessRuleViolation}
 * @throws {@link DefinitionError} for a promise or a function, which would always hold, and for a rule without a message.
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
export function ensure<Condition>(
  condition: Condition & Telling<Condition>,
  message: string | Rule,
): asserts condition {
  if (!condition) throw violation(message, "ensure(account.open, 'the account is not open')");
  if (typeof condition === 'function') throw neverCalled(condition);
  if (typeof condition === 'object' && isUnwantedPromise(condition)) throw neverSettled();
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
  throw violation(message, "reject('closed on Sundays')");
}

function violation(rule: string | Rule, example: string): Error {
  const message: unknown = typeof rule === 'object' && rule !== null ? rule.message : rule;
  if (typeof message === 'string') return new BusinessRuleViolation(rule);
  return new DefinitionError(
    `A rule says no, and has no message for whoever asked. Give it one: ${example}, or { rule, message, data }.`,
  );
}

function neverCalled({ name }: { readonly name: string }): DefinitionError {
  const [what, call] = name === '' ? ['a function', 'condition'] : [`the function ${name}`, name];
  return new DefinitionError(
    `ensure was given ${what}, and a function is always true. Call it: ensure(${call}(), message).`,
  );
}

function neverSettled(): DefinitionError {
  return new DefinitionError(
    'ensure was given a promise, and a promise is always true. Await it first: ensure(await condition, message).',
  );
}
