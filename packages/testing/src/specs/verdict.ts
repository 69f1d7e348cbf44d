/** What a spec may expect of a command besides events: a rejection, another error, or nothing at all. */
import { DefinitionError, type ErrorCode, type Mistake } from '@eventcore/core';
import type { Matcher } from './matcher.js';

/** What is expected of a rejection: only the parts that are given are compared. */
export interface ExpectedRule {
  readonly rule?: string | Matcher;
  readonly message?: string | RegExp | Matcher;
  /** Whole, but for matchers. */
  readonly data?: unknown;
}

/**
 * That the command succeeds and writes nothing, as one that finds that there is nothing to do. Of a reaction, that it answers
 * with no command.
 *
 * @example
 * ```ts
 * const SetLimit = defineCommand('SetLimit', {
 *   streams: { policy: Policy },
 *   input: { limit: v.number() },
 *   handle: ({ state, input, emit }) => {
 *     if (state.policy.limit !== input.limit) emit('policy', 'LimitSet', { limit: input.limit });
 *   },
 * });
 *
 * await given(on(Policy.at('bank'), 'LimitSet', { limit: 50 }))
 *   .when(new SetLimit({ policy: 'bank', limit: 50 }))
 *   .then(nothing);
 * ```
 */
export const nothing: Nothing = Object.freeze({ expects: 'nothing' });

/**
 * That one of the command's rules says no: any of them, one with this message, or one with this rule, message and data as
 * far as they are given.
 *
 * @throws `DefinitionError` for a part that a rejection doesn't have.
 *
 * @example
 * ```ts
 * rejected();
 * rejected('insufficient funds');
 * rejected(/funds$/);
 * rejected({ rule: 'insufficient-funds', data: { missing: 40 } });
 * ```
 */
export function rejected(rule: string | RegExp | ExpectedRule = {}): Rejected {
  checkRule(rule);
  return Object.freeze({
    expects: 'rejection',
    rule: typeof rule === 'string' || rule instanceof RegExp ? { message: rule } : rule,
  });
}

const parts = ['rule', 'message', 'data'];

/** What isn't compared, misspelt perhaps, would be a part of a spec that can't fail. */
function checkRule(rule: unknown): void {
  if (typeof rule === 'string' || rule instanceof RegExp) return;
  const unknown =
    typeof rule === 'object' && rule !== null ? Object.keys(rule).find((key) => !parts.includes(key)) : '';
  if (unknown === undefined) return;
  const fault = unknown === '' ? '' : `, and of a rejection there is no ${JSON.stringify(unknown)} to compare`;
  throw new DefinitionError(
    `rejected takes a message, or some of rule, message and data${fault}: rejected({ rule: 'insufficient-funds' }).`,
  );
}

/**
 * That the command fails with another error of the family, by its code, and with this message if one is given.
 *
 * @throws `DefinitionError` for a rule that says no: that is `rejected`.
 *
 * @example
 * ```ts
 * failed('UNDECLARED_STREAM');
 * failed('VALIDATION', /amount/);
 * ```
 */
export function failed<Code extends ErrorCode>(
  code: Code & (Code extends 'BUSINESS_RULE_VIOLATION' ? Mistake<'a rule that says no is rejected(…)'> : unknown),
  message?: string | RegExp,
): Failed {
  if ((code as ErrorCode) === 'BUSINESS_RULE_VIOLATION')
    throw new DefinitionError('failed is for other errors than a rule that says no. Write rejected(…).');
  return Object.freeze({ expects: 'error', code, message });
}

export type Verdict = Nothing | Rejected | Failed;
export interface Nothing {
  readonly expects: 'nothing';
}
export interface Rejected {
  readonly expects: 'rejection';
  readonly rule: ExpectedRule;
}
export interface Failed {
  readonly expects: 'error';
  readonly code: ErrorCode;
  readonly message: string | RegExp | undefined;
}

export function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'expects' in value;
}
