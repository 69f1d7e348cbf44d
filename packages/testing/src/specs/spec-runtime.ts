/** Time and ids of a spec: fixed, so that what a command takes from its context can be written down. */
import { systemRuntime, type Runtime } from '@eventcore/core';

/** The moment of every spec that says no other. */
export const DEFAULT_MOMENT = '2000-01-01T00:00:00.000Z';

/**
 * The id that a command is given when it asks for one, or when it needs one itself: they are counted. The first is the
 * command's own id, unless the spec gives one; after that each event and each `id()` of `handle` takes the next, in the
 * order in which `handle` emits and asks.
 *
 * @example
 * ```ts
 * nthId(1); // '00000000-0000-7000-8000-000000000001'
 * ```
 */
export function nthId(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

/** Ids of what has happened: they are no part of the sequence that a command draws from, so history doesn't shift it. */
export function historyIds(): () => string {
  let drawn = 0;
  return () => nthId((drawn += 1)).replace('-8000-', '-9000-');
}

/** The system's, but for its clock, which stands still, and its ids, which are counted. */
export function specRuntime(moment: string): Runtime {
  let drawn = 0;
  const now = Date.parse(moment);
  return { ...systemRuntime, now: () => now, random: () => 0.5, uuid: () => nthId((drawn += 1)) };
}
