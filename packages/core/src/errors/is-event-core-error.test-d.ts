import {
  isEventCoreError,
  VersionConflict,
  type BusinessRuleViolation,
  type ErrorCode,
  type ErrorsByCode,
  type EventCoreError,
  type Issue,
  type RetriesExhausted,
  type StaleStream,
} from '@eventcore/core';
import { sameType } from '../same-type.fixture.js';

declare const error: unknown;

// Without a code: one of the family.
if (isEventCoreError(error)) {
  sameType<typeof error, EventCoreError>();
  sameType<typeof error.code, string>();
  sameType<typeof error.retriable, boolean>();
  void error.context.streams;
}

// With a code: that very error, and what it carries.
if (isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) {
  sameType<typeof error, BusinessRuleViolation>();
  sameType<typeof error.rule, string | undefined>();
}
if (isEventCoreError(error, 'VALIDATION')) sameType<typeof error.issues, readonly Issue[]>();
if (isEventCoreError(error, 'VERSION_CONFLICT')) sameType<typeof error.stale, readonly StaleStream[]>();
if (isEventCoreError(error, 'INDETERMINATE')) sameType<typeof error.commandId, string>();

// With one of several codes: one of several errors.
declare const code: 'VERSION_CONFLICT' | 'RETRIES_EXHAUSTED';
if (isEventCoreError(error, code)) sameType<typeof error, VersionConflict | RetriesExhausted>();

// With a class: what an adapter has of its own, and what is here.
declare class Refusal extends EventCoreError {
  readonly code: 'REFUSAL';
  readonly constraint: string;
}
if (isEventCoreError(error, Refusal)) sameType<typeof error, Refusal>();
if (isEventCoreError(error, VersionConflict)) sameType<typeof error, VersionConflict>();
// @ts-expect-error a class of errors that aren't of the family
isEventCoreError(error, TypeError);
// @ts-expect-error a code of an adapter, which nothing is known of here
isEventCoreError(error, 'REFUSAL');

// One after the other.
export function describe(thrown: unknown): string {
  if (isEventCoreError(thrown, 'UNKNOWN_EVENT_TYPE')) return thrown.context.event ?? '';
  if (isEventCoreError(thrown, 'LEASE_LOST')) return thrown.context.consumer ?? '';
  return isEventCoreError(thrown) ? thrown.message : String(thrown);
}

// Every error is found under its own code.
type Misfiled = { [Code in ErrorCode]: ErrorsByCode[Code]['code'] extends Code ? never : Code }[ErrorCode];
sameType<Misfiled, never>();

// @ts-expect-error a code that there isn't
isEventCoreError(error, 'CONFLICT');

if (isEventCoreError(error, 'DEFINITION')) {
  // @ts-expect-error what only another error carries
  void error.issues;
}
