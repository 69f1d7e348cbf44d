/** How a spec fails: a plain error that every test framework can show. */

/** What a spec found wrong. `expected` and `actual` are for frameworks that show the two in their own way. */
export interface SpecFault {
  readonly message: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly cause?: unknown;
}

/** The error of a fault. Its stack begins where the spec was written, not here. */
export function specFailure({ message, expected, actual, cause }: SpecFault, trace: Trace): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = 'SpecFailure';
  error.stack = `SpecFailure: ${message}\n${trace.frames}`;
  return Object.assign(error, { expected, actual });
}

/** Where a call came from. It has to be asked for before anything is awaited. */
export interface Trace {
  readonly frames: string;
}

/** Who called the given function. */
export function traceOf(called: (...args: never) => unknown): Trace {
  const holder = { stack: '' };
  Error.captureStackTrace(holder, called);
  return { frames: holder.stack.split('\n').slice(1).join('\n') };
}
