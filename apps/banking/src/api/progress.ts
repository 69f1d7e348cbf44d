/** Work that takes a while, told as server-sent events: `progress`, again and again, or `problem`. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Environment } from './environment.js';
import { logFailure, problemOf } from './problems.js';

/** Whoever goes away ends the work, and so does the end of the bank. */
export function tellProgress(
  context: Context<Environment>,
  work: (signal: AbortSignal) => AsyncIterable<object>,
): Response {
  const { bank } = context.var;
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    const signal = AbortSignal.any([gone.signal, bank.live.ending]);
    try {
      for await (const progress of work(signal)) {
        if (signal.aborted) break;
        await stream.writeSSE({ event: 'progress', data: JSON.stringify(progress) });
      }
    } catch (error) {
      const problem = problemOf(error);
      logFailure(error, problem);
      await stream.writeSSE({ event: 'problem', data: JSON.stringify(problem) });
    }
  });
}
