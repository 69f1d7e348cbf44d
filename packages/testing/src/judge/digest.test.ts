import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from './digest.js';

const digest = (...marks: string[]): number => marks.reduce(digestOf, 0);

describe('the digest', () => {
  it('is a safe integer, the same for the same marks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (marks) => {
        expect(Number.isSafeInteger(digest(...marks)) && digest(...marks) >= 0).toBe(true);
        expect(digest(...marks)).toBe(digest(...marks));
      }),
    );
  });

  it('depends on the order of the marks, on where each ends, and on how many there are', () => {
    const all = [[], [''], ['', ''], ['a'], ['b'], ['a', 'b'], ['b', 'a'], ['ab'], ['a', ''], ['', 'a'], ['a', 'a']];
    expect(new Set(all.map((marks) => digest(...marks))).size).toBe(all.length);
  });

  it('tells a hundred thousand streams apart', () => {
    const digests = new Set<number>();
    let rolling = 0;
    for (let n = 0; n < 50_000; n++) {
      digests.add(digest(`Deposited ${n}`));
      digests.add((rolling = digestOf(rolling, 'Withdrawn 1')));
    }
    expect(digests.size).toBe(100_000);
  });
});
