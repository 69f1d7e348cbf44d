/** How a behaviour of the suite fails: an error that says in a few lines what was claimed, and what was seen instead. */

/**
 * Not node's `AssertionError`: frameworks print that one with all that was compared, thousands of lines where a store that
 * breaks one promise breaks it everywhere.
 */
export class ContractFailure extends Error {
  override readonly name = 'ContractFailure';
}

/** @param asserted the function that found it; the stack begins with whoever called that */
export function contractFailure(message: string, asserted: (...args: never) => unknown): ContractFailure {
  const failure = new ContractFailure(message);
  Error.captureStackTrace(failure, asserted);
  return failure;
}

/** The same failure, with words in front. */
export function withHeading(heading: string, failure: ContractFailure): ContractFailure {
  const message = heading + failure.message;
  failure.stack = failure.stack?.replace(failure.message, () => message) ?? message;
  failure.message = message;
  return failure;
}
