/** What a call raises, for tests that look at more than its message. */
import { EventCoreError } from './errors/event-core-error.js';
import { InvalidDecision, ValidationError, type Issue } from './errors/input-errors.js';

/** The error of this library that a call throws. Anything else, and nothing at all, fails the test. */
export function raised(call: () => unknown): EventCoreError {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (error instanceof EventCoreError) return error;
    throw new Error('It threw an error of another family.', { cause: error });
  }
  throw new Error(`It threw nothing, and gave ${String(result)}.`);
}

/** What is wrong with the values that a call was given, or that a command decided on: every issue, with its path. */
export function issuesOf(call: () => unknown): readonly Issue[] {
  const error = raised(call);
  if (error instanceof ValidationError || error instanceof InvalidDecision) return error.issues;
  throw new Error('It threw, but refused no value.', { cause: error });
}

/** The paths of the issues. */
export function pathsOf(call: () => unknown): Issue['path'][] {
  return issuesOf(call).map(({ path }) => path);
}
