/** How long a caller is willing to wait: until a signal, until a deadline. */
import { ValidationError } from '../errors/input-errors.js';
import type { CallOptions } from '../store/event-store.js';
import type { Runtime } from '../runtime/runtime.js';
import { Interruption } from './step.js';

export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline?: number | undefined;
}

/** Nobody asks why the waiting is over. Without a reason, each abort would make an error with a stack. */
const OVER = 'over';

/** The longest that a timer can be set for. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @throws {@link ValidationError} for a signal or a deadline that would be none, and let a caller wait for ever. */
export function limitsOf(options: { readonly signal?: AbortSignal; readonly deadline?: Date | number }): Limits {
  const { signal, deadline } = options;
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw new ValidationError('The signal', [{ path: [], message: 'must be an AbortSignal: controller.signal' }]);
  }
  if (deadline === undefined) return { signal };
  const until = deadline === null || typeof deadline === 'string' ? NaN : Number(deadline);
  if (Number.isNaN(until)) {
    const message = 'must be a Date, or milliseconds since the epoch: Date.now() + 2000';
    throw new ValidationError('The deadline', [{ path: [], message }]);
  }
  return { signal, deadline: until };
}

/**
 * Performs a step, unless the waiting is over already; rejects with an {@link Interruption} when it ends meanwhile. What is
 * performed is told the limits, and by `done` that nobody waits for it any more.
 */
export function patiently(
  { signal, deadline }: Limits,
  runtime: Runtime,
  perform: (call?: CallOptions, done?: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  if (signal === undefined && deadline === undefined) return perform();
  const until = deadline ?? Infinity;
  const over = (): 'signal' | 'deadline' | undefined => {
    if (signal?.aborted === true) return 'signal';
    return runtime.now() >= until ? 'deadline' : undefined;
  };
  const reason = over();
  if (reason !== undefined) return Promise.reject(new Interruption(reason, false, signal?.reason));

  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const interrupt = (): void => {
      const why = over();
      if (why === undefined || done.signal.aborted) return;
      done.abort(OVER);
      reject(new Interruption(why, true, signal?.reason));
    };
    signal?.addEventListener('abort', interrupt, { once: true, signal: done.signal });
    void sleepUntil(until, runtime, done.signal).then(interrupt);
    const call = { ...(signal !== undefined && { signal }), ...(deadline !== undefined && { deadline }) };
    // What the store answers after an interruption is nobody's any more; the executor has told its caller so.
    void (async () => perform(call, done.signal))()
      .finally(() => done.abort(OVER))
      .then(resolve, reject);
  });
}

/** Timers may fire a little early, and can't be set for longer than some weeks. */
export async function sleepUntil(until: number, runtime: Runtime, done: AbortSignal): Promise<void> {
  while (until !== Infinity && !done.aborted && runtime.now() < until) {
    await runtime.sleep(Math.min(Math.max(until - runtime.now(), 1), LONGEST_TIMER), done);
  }
}
