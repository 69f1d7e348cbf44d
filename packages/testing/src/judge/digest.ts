/**
 * The digest of a stream's events so far, from that of those before the last one, and what the last one is known by.
 * A recorder computes it in the very fold whose state the command sees, so it tells what was folded, in which order.
 *
 * It starts at 0, and is a safe integer of 53 bits: good against mistakes, not against forgery.
 *
 * @example
 * import { digestOf } from '@eventcore/testing';
 *
 * const marks = ['Deposited 60', 'Withdrawn 20'];
 * const digest = marks.reduce(digestOf, 0);
 */
export function digestOf(previous: number, mark: string): number {
  let low = previous | 0;
  let high = (previous / TWO_TO_32) | 0;
  for (let index = 0; index < mark.length; index++) {
    const unit = mark.charCodeAt(index);
    low = imul(low ^ unit, 0x01000193);
    high = imul(high ^ unit ^ (low >>> 15), 0x5bd1e995);
  }
  // The length goes in at the end, so that it matters where one mark ends and the next begins, and an empty mark counts.
  low = imul(low ^ (mark.length + 1) ^ (high >>> 13), 0x2c1b3c6d);
  high = imul(high ^ (low >>> 11), 0x297a2d39);
  low ^= high >>> 16;
  // A product's upper bits depend on all of its factor, its lower ones on few.
  return (high >>> 11) * TWO_TO_32 + (low >>> 0);
}

const TWO_TO_32 = 2 ** 32;

// Test frameworks run code in contexts of their own, in which every look at a global takes its time: here, for each letter.
const { imul } = Math;
