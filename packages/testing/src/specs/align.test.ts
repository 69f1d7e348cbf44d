import { describe, expect, it } from '@jest/globals';
import { align } from './align.js';

/** Letters: equal ones cost nothing, the same one in the other case costs 1, and others have nothing in common. */
const aligned = (expected: string, actual: string): string =>
  align([...expected], [...actual], (a, b) => (a === b ? 0 : a.toLowerCase() === b.toLowerCase() ? 1 : Infinity))
    .map(({ expected: left = '.', actual: right = '.' }) => left + right)
    .join(' ');

describe('aligning two lists', () => {
  it.each([
    ['', '', ''],
    ['abc', 'abc', 'aa bb cc'],
    ['abc', 'ac', 'aa b. cc'],
    ['ac', 'abc', 'aa .b cc'],
    ['abc', 'aBc', 'aa bB cc'],
    ['ab', 'ba', 'a. bb .a'],
    ['', 'ab', '.a .b'],
    ['ab', '', 'a. b.'],
    ['ax', 'ay', 'aa x. .y'],
  ])('sets %p and %p side by side: %p', (expected, actual, pairs) => {
    expect(aligned(expected, actual)).toBe(pairs);
  });

  it('goes one by one where lists are too long to look for more', () => {
    const pairs = align(['x', ...Array<string>(999).fill('a')], Array<string>(501).fill('b'), () => Infinity);
    expect(pairs).toHaveLength(1000);
    expect([pairs[0], pairs[501]]).toEqual([{ expected: 'x', actual: 'b' }, { expected: 'a' }]);
  });

  it('looks only where long lists differ', () => {
    const long = Array.from({ length: 5000 }, (_, index) => index);
    let compared = 0;
    const pairs = align(long, long.toSpliced(2500, 1), (one, other) => {
      compared += 1;
      return one === other ? 0 : Infinity;
    });
    expect(pairs.filter(({ actual }) => actual === undefined)).toEqual([{ expected: 2500 }]);
    expect(compared).toBeLessThan(6000);
  });
});
