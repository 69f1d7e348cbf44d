/** What a check found, before it is put into words: ids are shortened only when it is known which ones have to be told apart. */
import type { AnomalyKind } from './anomaly.js';
import type { Operation } from './history.js';
import type { Names } from './names.js';

export interface Finding {
  readonly kind: AnomalyKind;
  /** The feed it was found in. */
  readonly feed?: string;
  readonly streams: readonly string[];
  readonly operations: readonly Operation[];
  /** Ids of events. */
  readonly events: readonly string[];
  readonly cycle?: readonly Link[];
  /** The case, a line each. */
  readonly lines: (names: Names) => readonly string[];
}

/** One thing has to be before another one, and why. */
export interface Link {
  readonly from: Operation;
  readonly to: Operation;
  readonly because: (names: Names) => string;
}
