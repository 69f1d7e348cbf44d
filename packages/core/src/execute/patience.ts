/** How long a caller is willing to wait: until a signal, until a deadline. */
import type { CallOptions } from '../store/event-store.js';
import type { Runtime } from './runtime.js';
import { Interruption } from './step.js';

export interface Patience {
  /** Performs a step, unless the waiting is over already; rejects with an {@link Interruption} when it ends meanwhile. */
  during(perform: (options: CallOptions) => Promise<unknown>): Promise<unknown>;
}

interface Limits {
  readonly signal?: AbortSignal;
  readonly deadline?: Date | number;
}

/** The longest that a timer can be set for. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Undefined without a limit: then steps are performed as they are. */
export function patienceOf({ signal, deadline }: Limits, runtime: Runtime): Patience | undefined {
  if (signal === undefined && deadline === undefined) return undefined;
  const until = deadline === undefined ? Infinity : Number(deadline);
  const call: CallOptions = {
    ...(signal !== undefined && { signal }),
    ...(deadline !== undefined && { deadline: until }),
  };

  const over = (): 'signal' | 'deadline' | undefined => {
    if (signal?.aborted === true) return 'signal';
    return runtime.now() >= until ? 'deadline' : undefined;
  };

  /** Timers may fire a little early, and can't be set for longer than some weeks. */
  const watchDeadline = async (done: AbortSignal): Promise<void> => {
    while (until !== Infinity && !done.aborted && runtime.now() < until) {
      await runtime.sleep(Math.min(Math.max(until - runtime.now(), 1), LONGEST_TIMER), done);
    }
  };

  return {
    during(perform) {
      const reason = over();
      if (reason !== undefined) return Promise.reject(new Interruption(reason, false, signal?.reason));
      return new Promise((resolve, reject) => {
        const done = new AbortController();
        const interrupt = (): void => {
          const why = over();
          if (why !== undefined && !done.signal.aborted) reject(new Interruption(why, true, signal?.reason));
        };
        signal?.addEventListener('abort', interrupt, { once: true, signal: done.signal });
        void watchDeadline(done.signal).then(interrupt);
        // What the store answers after that is nobody's any more; the executor has told its caller so.
        void perform(call)
          .finally(() => done.abort())
          .then(resolve, reject);
      });
    },
  };
}
