import type { Problem } from '../../../src/api/messages.js';

/** The bank answered, and the answer was no: what it said, as RFC 9457 lays it out. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

/** Nothing came back: whether the bank has done what was asked is not known. The same may be sent again under the same key. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(cause: unknown) {
    super('The bank could not be reached.', { cause });
  }
}

/** Whether the same request under the same key may have another end: nothing was decided, or nobody knows what was. */
export function isUndecided(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiError && [502, 503, 504].includes(error.problem.status));
}
