/**
 * Versions and positions.
 *
 * A *version* counts the events of one stream. A *position* says where an event stands in the whole store's order: an
 * opaque text whose plain string order is that order, so that engines which don't count in integers can have one too.
 */
declare const brand: unique symbol;

/** A count of events; 0: the stream does not exist yet. A safe integer. */
export type Version = number & { readonly [brand]: 'Version' };

/** Where an event stands in the store's order. Compare positions with `<`; never take one apart. */
export type Position = string & { readonly [brand]: 'Position' };

/** Comes before every event. */
export const START = '' as Position;

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
