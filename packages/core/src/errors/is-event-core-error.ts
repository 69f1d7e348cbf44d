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
  UndeclaredStream,
  UnknownEventType,
  ValidationError,
} from './input-errors.js';
import type { NotCaughtUp, ProjectionFailed } from './consumer-errors.js';
import type { CheckpointMoved, LeaseLost, StoreClosed, StoreContractBroken, StoreUnavailable } from './store-errors.js';

/** Every error of the family by its code. */
export interface ErrorsByCode {
  readonly VALIDATION: ValidationError;
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
  readonly STORE_CLOSED: StoreClosed;
  readonly STORE_CONTRACT_BROKEN: StoreContractBroken;
  readonly LEASE_LOST: LeaseLost;
  readonly CHECKPOINT_MOVED: CheckpointMoved;
  readonly PROJECTION_FAILED: ProjectionFailed;
  readonly NOT_CAUGHT_UP: NotCaughtUp;
}

export type ErrorCode = keyof ErrorsByCode;

/**
 * Whether an error is one of this library's, and, with a code, which one.
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
export function isEventCoreError(error: unknown, code?: ErrorCode): boolean {
  return belongsToFamily(error) && (code === undefined || error.code === code);
}
