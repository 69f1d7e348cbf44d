/** What a spec may expect of a command besides events: a rejection, another error, or nothing at all. */
import type { ErrorCode } from '@eventcore/core';
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
 * @example
 * ```ts
 * rejected();
 * rejected('insufficient funds');
 * rejected(/funds$/);
 * rejected({ rule: 'insufficient-funds', data: { missing: 40 } });
 * ```
 */
export function rejected(rule: string | RegExp | ExpectedRule = {}): Rejected {
  return Object.freeze({
    expects: 'rejection',
    rule: typeof rule === 'string' || rule instanceof RegExp ? { message: rule } : rule,
  });
}

/**
 * That the command fails with another error of the family, by its code, and with this message if one is given.
 *
 * @example
 * ```ts
 * failed('UNDECLARED_STREAM');
 * failed('VALIDATION', /amount/);
 * ```
 */
export function failed(code: ErrorCode, message?: string | RegExp): Failed {
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
