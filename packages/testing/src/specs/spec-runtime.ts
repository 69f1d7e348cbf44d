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

/**
 * The id of the nth event of `given`. History has ids of its own, so it doesn't shift those that a command draws.
 *
 * @example
 * ```ts
 * nthGivenId(1); // '00000000-0000-7000-9000-000000000001'
 * ```
 */
export function nthGivenId(n: number): string {
  return nthId(n).replace('-8000-', '-9000-');
}

/** The id of the command that wrote the nth event of `given`, or the nth group of them. */
export function nthGivenCommandId(n: number): string {
  return nthId(n).replace('-8000-', '-a000-');
}

/** The system's, but for its clock, which stands still, and its ids, which are counted. */
export function specRuntime(moment: string): Runtime {
  let drawn = 0;
  const now = Date.parse(moment);
  return { ...systemRuntime, now: () => now, random: () => 0.5, uuid: () => nthId((drawn += 1)) };
}
