/** That a handler failed, and on which event: how it is told from a store that failed. Never leaves the runner. */
import type { RecordedEvent } from '../../event/recorded-event.js';
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import { Interrupted } from './interrupted.js';
import type { Tenure } from '../tenure/tenure.js';

export class EventFailed {
  readonly event: RecordedEvent;
  readonly cause: unknown;
  /** Whether it may be the fault of one before it, which has left the transaction of both broken. */
  readonly isSuspected: boolean;

  constructor(event: RecordedEvent, cause: unknown, isSuspected = false) {
    this.event = event;
    this.cause = cause;
    this.isSuspected = isSuspected;
  }
}

/**
 * All handlers of a batch have acted, and what they did can't be committed: a constraint that is looked at last, an error that a
 * handler has swallowed, a transaction that the store has ended. Which event it was, nobody can tell from that.
 */
export class BatchFailed {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * Lets an event be handled, unless the worker is leaving. What is thrown is the event's failure, unless it says that trying
 * again may help, or nobody waits for it any more: a handler that heeds its signal throws because of that.
 *
 * A lease that is lost begins no less: perhaps nobody else has asked for it, and then the store takes what is done late.
 */
export async function handling<T>(event: RecordedEvent, tenure: Tenure, handle: () => T | Promise<T>): Promise<T> {
  if (tenure.leaving.aborted) throw new Interrupted();
  try {
    return await handle();
  } catch (error) {
    throw tenure.signal.aborted ? new Interrupted() : failureOf(event, error);
  }
}

/**
 * What was thrown while an event was handled, as the runner takes it. A store that can't be reached is no failure of an event,
 * wherever it shows: it is waited for, and no event is given up because of it.
 */
export function failureOf(event: RecordedEvent, error: unknown): unknown {
  return isEventCoreError(error) && error.retriable ? error : new EventFailed(event, error);
}
