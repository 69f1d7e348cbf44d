/** What to do about an event whose handler fails. */
import { checkRetryPolicy, exponentialBackoff, type RetryPolicy } from '../command/retry-policy.js';
import { DefinitionError } from '../errors/input-errors.js';
import { isEventCoreError, type ErrorCode } from '../errors/is-event-core-error.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { ConsumerKind } from '../consume/compiled-consumer.js';

/** An event that failed, as a policy is asked about it. */
export interface FailedEvent {
  readonly consumer: string;
  readonly kind: ConsumerKind;
  readonly event: RecordedEvent;
  /** What was thrown. */
  readonly error: unknown;
  /** The how manieth attempt this was. Those after which it was waited aren't counted. */
  readonly attempt: number;
}

/**
 * `retry` tries the event again, as often and as soon as `retry` of the policy says. `stop` leaves the checkpoint before it, for
 * somebody to look at; `deadLetter` records it, and goes on without it. `wait` tries it again for as long as it takes, and gives
 * it up never.
 */
export type FailureVerdict = 'retry' | 'stop' | 'deadLetter' | 'wait';

/**
 * What to do about an event that fails. Unless `decide` says otherwise
 * - an error with `retriable: true`, whoever's it is, is waited out;
 * - what can't pass isn't tried again, and `then` comes at once: an error with `retriable: false` of another library or one's own,
 *   this library's errors that somebody has to mend (such as `ValidationError` and `BusinessRuleViolation`), and
 *   whatever a fold throws, since folds are pure;
 * - everything else is tried again as `retry` says, and then comes `then`.
 *
 * A store that can't be reached is no event's failure. It is waited for, and no policy is asked.
 *
 * @example
 * ```ts
 * const policy: FailurePolicy = {
 *   retry: exponentialBackoff({ attempts: 5, base: 100 }),
 *   then: 'stop',
 *   decide: ({ error, event }) => {
 *     if (error instanceof TypeError && event.type === 'AccountOpened') return 'deadLetter';
 *     return undefined;
 *   },
 * };
 * ```
 */
export interface FailurePolicy {
  /** How often an event is tried, and how long it is waited in between. */
  readonly retry: RetryPolicy;
  /** What comes when trying again is of no use, or was of none. */
  readonly then: 'stop' | 'deadLetter';
  /** Judges by the error and the event; undefined where it has nothing to say. What it throws ends the consumer. */
  decide?(failed: FailedEvent): FailureVerdict | undefined;
}

/** Ten attempts in about half a minute. */
export const standardFailurePolicy: FailurePolicy = {
  retry: exponentialBackoff({ attempts: 10, base: 100, cap: 10_000 }),
  then: 'stop',
};

/** How long to wait before the store, or whoever else can't be reached, is asked again. */
export const { delay: patience } = exponentialBackoff({ base: 50, cap: 5000 });

/** @throws {@link DefinitionError} */
export function checkFailurePolicy(given: FailurePolicy, where: string): FailurePolicy {
  const { retry, then, decide } = (given ?? {}) as Partial<FailurePolicy>;
  if (decide !== undefined && typeof decide !== 'function') {
    throw new DefinitionError(
      `decide in onFailure of ${where} is a function: ({ error, event }) => (error instanceof TypeError ? 'deadLetter' : undefined).`,
    );
  }
  if (then === 'stop' || then === 'deadLetter') {
    checkRetryPolicy(retry!, where);
    return given;
  }
  throw new DefinitionError(
    `onFailure of ${where} says what comes when retrying didn't help: { retry: exponentialBackoff({ attempts: 5 }), then: 'stop' }, or 'deadLetter'.`,
  );
}

/** What comes next, `retry` only if there is an attempt left. @throws whatever `decide` throws, {@link DefinitionError} */
export function verdictOn(policy: FailurePolicy, failed: FailedEvent): FailureVerdict {
  const verdict = policy.decide?.(failed) ?? usualVerdict(policy, failed);
  switch (verdict) {
    case 'retry':
      return failed.attempt < policy.retry.attempts ? verdict : policy.then;
    case 'stop':
    case 'deadLetter':
    case 'wait':
      return verdict;
    default:
      throw new DefinitionError(
        `decide in onFailure of "${failed.consumer}" gave ${String(verdict)}. It gives 'retry', 'stop', 'deadLetter', 'wait' or undefined, and no promise.`,
      );
  }
}

function usualVerdict({ then }: FailurePolicy, { kind, error }: FailedEvent): FailureVerdict {
  // The same fold of the same event comes to the same end, whatever its error says of itself.
  if (kind === 'readModel') return then;
  if (isEventCoreError(error)) return cantPass.has(error.code) ? then : 'retry';
  switch (retriableOf(error)) {
    case true:
      return 'wait';
    case false:
      return then;
    default:
      return 'retry';
  }
}

/** What somebody has to mend: the code, the event, or who sent it. */
const cantPass: ReadonlySet<string> = new Set<ErrorCode>([
  'VALIDATION',
  'INVALID_DECISION',
  'DEFINITION',
  'STORE_MISCONFIGURED',
  'BUSINESS_RULE_VIOLATION',
  'UNDECLARED_STREAM',
  'UNKNOWN_EVENT_TYPE',
  'COMMAND_ID_REUSED',
  'DISCOVERY_LIMIT',
  'CAPABILITY_MISSING',
]);

/** What an error says of itself; undefined if it says nothing. */
function retriableOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null
    ? (error as { readonly retriable?: unknown }).retriable
    : undefined;
}
