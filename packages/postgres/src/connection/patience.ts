/** How long a caller waits: until a signal, until a deadline. What he no longer waits for goes on without him. */
import type { CallOptions } from '@eventcore/core/store';
import { CallFailed, type Stage } from './call-failed.js';

/** The longest that a timer can be set for. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @throws {@link CallFailed}, `unsent`, if the waiting is over before it has begun. */
export function refuseIfOver({ signal, deadline }: CallOptions = {}): void {
  if (signal?.aborted === true) throw new CallFailed('unsent', signal.reason, 'signal');
  if (deadline !== undefined && Date.now() >= deadline) throw new CallFailed('unsent', undefined, 'deadline');
}

/** What is awaited; or {@link CallFailed} when the caller's patience ends first, with the stage that was reached by then. */
export function patiently<Result>(
  awaited: Promise<Result>,
  { signal, deadline }: CallOptions = {},
  stage: () => Stage,
): Promise<Result> {
  if (signal === undefined && deadline === undefined) return awaited;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const aborted = (): void => end('signal', signal?.reason);
    const end = (reason: 'signal' | 'deadline', cause?: unknown): void => {
      finish();
      reject(new CallFailed(stage(), cause, reason));
    };
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    const watchClock = (): void => {
      const left = deadline! - Date.now();
      if (left <= 0) end('deadline');
      else timer = setTimeout(watchClock, Math.min(left, LONGEST_TIMER));
    };
    // First of all, so that nothing is left unheard, whatever it comes to and whenever.
    awaited.finally(finish).then(resolve, reject);
    if (signal?.aborted === true) return aborted();
    signal?.addEventListener('abort', aborted, { once: true });
    if (deadline !== undefined) watchClock();
  });
}
