import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitEvenly } from './split-evenly.js';

describe('an amount that is shared', () => {
  it('gives the cents that are left to the first ones', () => {
    expect(splitEvenly(1000, 3)).toEqual([334, 333, 333]);
    expect(splitEvenly(2, 3)).toEqual([1, 1, 0]);
  });

  it('loses no cent, and treats nobody worse by more than one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 1, max: 100 }),
        (cents, parts) => {
          const shares = splitEvenly(cents, parts);
          expect(shares.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(cents));
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
