/**
 * Versions and positions.
 *
 * A *version* counts the events of one stream. A *position* says where an event stands in the whole store's order: an
 * opaque text whose plain string order is that order, so that engines which don't count in integers can have one too.
 */
import { inspect } from 'node:util';
import { ValidationError } from '../errors/input-errors.js';

declare const brand: unique symbol;

/** A count of events; 0: the stream does not exist yet. A safe integer. */
export type Version = number & { readonly [brand]: 'Version' };

/** Where an event stands in the store's order. Compare positions with `<`; never take one apart. */
export type Position = string & { readonly [brand]: 'Position' };

/** Comes before every event. */
export const START = '' as Position;

/** Printable ASCII, without the space: what goes through headers, cookies and queries, and sorts everywhere alike. */
const printable = /^[!-~]*$/;

const MAX_POSITION = 255;

/**
 * A position that comes back as text: from a query, a header, a cookie. `''` is the start.
 *
 * Positions are a store's own, and nothing is known here of how it writes them. So this tells only what can't be a position
 * of any store; what isn't one of its own is refused by the store itself.
 *
 * @throws {@link ValidationError} for anything but text of at most 255 printable ASCII characters.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * export async function balanceOf(account: string, query: URLSearchParams) {
 *   await caughtUp(store, Balances, parsePosition(query.get('after') ?? ''));
 *   return rowsOf(store, Balances).row(account);
 * }
 * ```
 */
export function parsePosition(text: unknown): Position {
  const fault =
    typeof text !== 'string'
      ? `must be text, such as receipt.position, not ${inspect(text, { depth: 0 })}`
      : text.length > MAX_POSITION
        ? `must not be longer than ${MAX_POSITION} characters`
        : printable.test(text)
          ? undefined
          : 'must hold printable ASCII characters alone, without spaces';
  if (fault !== undefined) throw new ValidationError('The position', [{ path: [], message: fault }]);
  return text as Position;
}

/** A version that a store counted. */
export function version(count: number): Version {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`A version is a count of events, not ${count}`);
  return count as Version;
}

const INDEX_WIDTH = 4;
const indexes = Array.from({ length: 64 }, (_, index) => `.${String(index).padStart(INDEX_WIDTH, '0')}`);

/**
 * The position of a command's event, for stores that draw one number a command: that number, and the event's index
 * within the command, both padded so that string order is number order.
 *
 * @example
 * ```ts
 * sequencePosition(1042, 3); // '0000000000001042.0003'
 * ```
 */
export function sequencePosition(sequence: number | bigint | string, index: number): Position {
  return (String(sequence).padStart(16, '0') +
    (indexes[index] ?? `.${String(index).padStart(INDEX_WIDTH, '0')}`)) as Position;
}

const written = /^(\d{16})\.(\d{4})$/;

/**
 * The number and the index that {@link sequencePosition} made a position of; zeros for the start. By this a store refuses what
 * is no position of its own.
 *
 * @throws {@link ValidationError} for any other text.
 *
 * @example
 * ```ts
 * numbersOfPosition(sequencePosition(1042, 3)); // { sequence: 1042, index: 3 }
 * ```
 */
export function numbersOfPosition(position: Position): { readonly sequence: number; readonly index: number } {
  if (position === START) return { sequence: 0, index: 0 };
  const [, sequence, index] = written.exec(position) ?? [];
  if (sequence !== undefined && Number.isSafeInteger(Number(sequence))) {
    return { sequence: Number(sequence), index: Number(index) };
  }
  const shown = typeof position === 'string' ? JSON.stringify((position as string).slice(0, 100)) : typeof position;
  const message = `is none of this store, which writes them as "${sequencePosition(1042, 3)}"`;
  throw new ValidationError(`The position ${shown}`, [{ path: [], message }]);
}
