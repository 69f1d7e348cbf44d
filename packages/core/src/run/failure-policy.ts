/** What to do about an event whose handler fails. */
import { checkRetryPolicy, exponentialBackoff, type RetryPolicy } from '../command/retry-policy.js';
import { DefinitionError } from '../errors/input-errors.js';
import { isEventCoreError } from '../errors/is-event-core-error.js';
import type { ConsumerKind } from '../consume/compiled-consumer.js';

/**
 * How often an event is tried that fails, and what comes then: `stop` leaves the checkpoint before it, for somebody to look
 * at; `deadLetter` records it, and goes on without it.
 */
export interface FailurePolicy {
  readonly retry: RetryPolicy;
  readonly then: 'stop' | 'deadLetter';
}

/** Ten attempts in about half a minute. */
export const standardFailurePolicy: FailurePolicy = {
  retry: exponentialBackoff({ attempts: 10, base: 100, cap: 10_000 }),
  then: 'stop',
};

/** @throws {@link DefinitionError} */
export function checkFailurePolicy(given: FailurePolicy, where: string): FailurePolicy {
  const { retry, then } = (given ?? {}) as Partial<FailurePolicy>;
  if (then === 'stop' || then === 'deadLetter') return { retry: checkRetryPolicy(retry!, where), then };
  throw new DefinitionError(
    `onFailure of ${where} says what comes when retrying didn't help: { retry: exponentialBackoff({ attempts: 5 }), then: 'stop' }, or 'deadLetter'.`,
  );
}

/** Whether the same code may yet succeed with the same event. Folds of rows are pure: they never do. */
export function mayPass(kind: ConsumerKind, error: unknown): boolean {
  return (
    kind !== 'readModel' && !isEventCoreError(error, 'DEFINITION') && !isEventCoreError(error, 'UNKNOWN_EVENT_TYPE')
  );
}
