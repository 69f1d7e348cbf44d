/** How often a command is tried, and how long it waits in between. */
import { DefinitionError } from '../errors/input-errors.js';

export interface RetryPolicy {
  /** How many attempts at the most, the first one counted. */
  readonly attempts: number;
  /** How long to wait, in milliseconds, after so many attempts have failed. `random` gives from 0 up to 1. */
  delay(failed: number, random: () => number): number;
}

/**
 * Waits up to twice as long each time, up to a cap, and anything between nothing and that (full jitter), so that commands
 * which collided don't collide again. The default: 10 attempts, from 5 ms, up to 1 s.
 *
 * @example
 * ```ts
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store, {
 *   retry: exponentialBackoff({ attempts: 20, base: 2, cap: 250 }),
 * });
 * ```
 */
export function exponentialBackoff(
  options: { readonly attempts?: number; readonly base?: number; readonly cap?: number } = {},
): RetryPolicy {
  const { attempts = 10, base = 5, cap = 1000 } = options;
  return policy(attempts, (failed, random) => random() * Math.min(cap, base * 2 ** (failed - 1)));
}

/**
 * Waits as long each time.
 *
 * @example
 * ```ts
 * const patient = fixedDelay({ attempts: 5, delay: 100 });
 * ```
 */
export function fixedDelay({ attempts, delay }: { readonly attempts: number; readonly delay: number }): RetryPolicy {
  return policy(attempts, () => delay);
}

/**
 * One attempt: a conflict ends the execution as `VersionConflict`.
 *
 * @example
 * ```ts
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store, { retry: noRetry });
 * ```
 */
export const noRetry: RetryPolicy = policy(1, () => 0);

/**
 * A retry policy that somebody else may have written, once it is known to be one.
 *
 * @throws {@link DefinitionError} when it isn't; `where` says whose it is.
 */
export function checkRetryPolicy(given: RetryPolicy, where: string): RetryPolicy {
  const { attempts, delay } = (given ?? {}) as Partial<RetryPolicy>;
  if (typeof attempts === 'number' && Number.isInteger(attempts) && attempts >= 1 && typeof delay === 'function')
    return given;
  throw new DefinitionError(
    `The retry policy of ${where} needs attempts, a whole number from 1 on, and delay(failed, random), which gives milliseconds. exponentialBackoff() and fixedDelay({ attempts, delay }) make one.`,
  );
}

function policy(attempts: number, delay: RetryPolicy['delay']): RetryPolicy {
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new RangeError(`A retry policy has one attempt at least, not ${attempts}`);
  return Object.freeze({ attempts, delay });
}
