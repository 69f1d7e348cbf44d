/** What came of a command of a sequence. */
import type { AnyCommand, BusinessRuleViolation, Receipt } from '@eventcore/core';

/** What came of a command: its receipt, or the rule that it would have broken. */
export type Run =
  | { readonly command: AnyCommand; readonly receipt: Receipt; readonly rejected?: never }
  | { readonly command: AnyCommand; readonly rejected: BusinessRuleViolation; readonly receipt?: never };
