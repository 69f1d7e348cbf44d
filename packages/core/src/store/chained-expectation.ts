/** What `{ after: k }` may refer to. Every store asks the same, in the same words. */
import { ValidationError } from '../errors/input-errors.js';
import type { StreamId } from '../event/stream-id.js';
import type { Append } from './append.js';

/**
 * What is wrong with a chained expectation, if anything is: `{ after: k }` refers to an earlier append of the same call,
 * one that expects something of that stream itself. An append that refers elsewhere is `failed` with this error.
 *
 * @example
 * ```ts
 * function refusalOf(appends: readonly Append[]): Outcome | undefined {
 *   const fault = chainFault(appends, 1, streamId('account', 'alice'), 0);
 *   return fault && { kind: 'failed', error: fault };
 * }
 * ```
 */
export function chainFault(
  appends: readonly Append[],
  index: number,
  stream: StreamId,
  after: number,
): ValidationError | undefined {
  if (after < index && appends[after]?.expected.has(stream) === true) return undefined;
  const message =
    `of "${stream}" refers to append ${after}, ` +
    'which has to be an earlier one of the same call, and to expect something of that stream itself';
  return new ValidationError(`What append ${index} expects`, [{ path: [], message }]);
}
