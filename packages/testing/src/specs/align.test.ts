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
});
