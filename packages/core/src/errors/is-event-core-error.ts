/** The guard of the family: by code, so that it works across copies of the package. */
import { belongsToFamily, type EventCoreError } from './event-core-error.js';
import type {
  Aborted,
  DeadlineExceeded,
  Indeterminate,
  RetriesExhausted,
  VersionConflict,
} from './execution-errors.js';
import type {
  BusinessRuleViolation,
  CapabilityMissing,
  CommandIdReused,
  DefinitionError,
  DiscoveryLimit,
  InvalidDecision,
  UndeclaredStream,
  UnknownEventType,
  ValidationError,
} from './input-errors.js';
import type { ConsumerFailed, ConsumerOutdated, NotCaughtUp } from './consumer-errors.js';
import type {
  CheckpointMoved,
  LeaseLost,
  StoreClosed,
  StoreContractBroken,
  StoreMisconfigured,
  StoreUnavailable,
} from './store-errors.js';

/** Every error of the family by its code. */
export interface ErrorsByCode {
  readonly VALIDATION: ValidationError;
  readonly INVALID_DECISION: InvalidDecision;
  readonly DEFINITION: DefinitionError;
  readonly BUSINESS_RULE_VIOLATION: BusinessRuleViolation;
  readonly UNDECLARED_STREAM: UndeclaredStream;
  readonly UNKNOWN_EVENT_TYPE: UnknownEventType;
  readonly COMMAND_ID_REUSED: CommandIdReused;
  readonly DISCOVERY_LIMIT: DiscoveryLimit;
  readonly CAPABILITY_MISSING: CapabilityMissing;
  readonly VERSION_CONFLICT: VersionConflict;
  readonly RETRIES_EXHAUSTED: RetriesExhausted;
  readonly DEADLINE_EXCEEDED: DeadlineExceeded;
  readonly ABORTED: Aborted;
  readonly INDETERMINATE: Indeterminate;
  readonly STORE_UNAVAILABLE: StoreUnavailable;
  readonly STORE_MISCONFIGURED: StoreMisconfigured;
  readonly STORE_CLOSED: StoreClosed;
  readonly STORE_CONTRACT_BROKEN: StoreContractBroken;
  readonly LEASE_LOST: LeaseLost;
  readonly CHECKPOINT_MOVED: CheckpointMoved;
  readonly CONSUMER_FAILED: ConsumerFailed;
  readonly CONSUMER_OUTDATED: ConsumerOutdated;
  readonly NOT_CAUGHT_UP: NotCaughtUp;
}

export type ErrorCode = keyof ErrorsByCode;

/** A class of errors of the family: one of this package's, or one that an adapter has. */
export type ErrorClass<E extends EventCoreError = EventCoreError> = abstract new (...given: never) => E;

/**
 * Whether an error is one of this library's, and, with a code, which one. Codes that an adapter has of its own are unknown here:
 * give the adapter's class instead.
 *
 * @example
 * ```ts
 * try {
 *   await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store);
 * } catch (error) {
 *   if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
 *   console.log(`rejected: ${error.message}`);
 * }
 * ```
 */
export function isEventCoreError(error: unknown): error is EventCoreError;
export function isEventCoreError<Code extends ErrorCode>(error: unknown, code: Code): error is ErrorsByCode[Code];
export function isEventCoreError<E extends EventCoreError>(error: unknown, errorClass: ErrorClass<E>): error is E;
export function isEventCoreError(error: unknown, which?: ErrorCode | ErrorClass): boolean {
  if (!belongsToFamily(error) || which === undefined) return belongsToFamily(error);
  return typeof which === 'function' ? isOf(which, error) : error.code === which;
}

/** Of another copy of the package it is the class that has the same literal name. */
function isOf(errorClass: ErrorClass, error: EventCoreError): boolean {
  const prototype = errorClass.prototype as object;
  const sameName = Object.hasOwn(prototype, 'name') && (prototype as { readonly name: unknown }).name === error.name;
  return sameName || error instanceof errorClass;
}
