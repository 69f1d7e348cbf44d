/** What can go wrong between a caller and its store, each with the probability that it does, for each call. */
export interface Faults {
  /** A read isn't answered: it throws `StoreUnavailable`. */
  readonly readFails: number;
  /** An append or a hold is never sent: it throws `StoreUnavailable`. */
  readonly sendFails: number;
  /** The store refuses an append for a passing reason: `failed`, retriable. */
  readonly refused: number;
  /** The store reports a conflict where there is none. */
  readonly conflict: number;
  /** A conflict doesn't say what was missed, as if that were too much: it has to be read. */
  readonly missedLeftOut: number;
  /** From an append on nothing gets through for some time: calls throw, or are sent and never answered. */
  readonly outage: number;
  /** An append is lost on its way: it isn't applied, and the outcome is `unknown`. */
  readonly requestLost: number;
  /** An append or a hold is applied, and its answer is lost: the outcome is `unknown`. */
  readonly replyLost: number;
  /** The outcome is `unknown`, and the append arrives later: perhaps after it was sent again and answered. */
  readonly appliedLate: number;
  /** An append arrives a second time, later. */
  readonly deliveredTwice: number;
  /** A page of the feed, or a hint that something is new, comes much later. */
  readonly feedPaused: number;
}

export type FaultKind = keyof Faults;

/**
 * All of them, often enough that a run of some dozens of commands meets most. But for outages: in real time, an execution
 * waits for half a minute before it says that it is in doubt.
 */
export const allFaults: Faults = {
  readFails: 0.02,
  sendFails: 0.02,
  refused: 0.04,
  conflict: 0.03,
  missedLeftOut: 0.2,
  outage: 0,
  requestLost: 0.03,
  replyLost: 0.05,
  appliedLate: 0.05,
  deliveredTwice: 0.05,
  feedPaused: 0.05,
};

/** None of them: only the order in which calls come is left to chance. */
export const noFaults: Faults = {
  readFails: 0,
  sendFails: 0,
  refused: 0,
  conflict: 0,
  missedLeftOut: 0,
  outage: 0,
  requestLost: 0,
  replyLost: 0,
  appliedLate: 0,
  deliveredTwice: 0,
  feedPaused: 0,
};

/** @throws RangeError for a fault that there isn't, or a probability that is none. */
export function checkFaults(faults: object, kinds: readonly string[]): void {
  for (const [kind, probability] of Object.entries(faults) as [string, unknown][]) {
    if (!kinds.includes(kind)) throw new RangeError(`There is no fault "${kind}". There are ${kinds.join(', ')}.`);
    if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
      throw new RangeError(`The fault "${kind}" needs a probability from 0 to 1, not ${String(probability)}.`);
    }
  }
}

export const faultKinds = Object.keys(noFaults) as readonly FaultKind[];
