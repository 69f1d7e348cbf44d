import { describe, expect, it } from '@jest/globals';
import { tellDifference } from './tell-difference.js';

describe('a difference', () => {
  it.each<readonly [what: string, expected: unknown, actual: unknown, told: string]>([
    ['where it is', { pages: [{ version: 1 }] }, { pages: [{ version: 2 }] }, '  pages[0].version: expected 1, got 2'],
    ['what is missing', { a: 1 }, {}, '  a: expected 1, got nothing'],
    ['what is too much', {}, { a: [1] }, '  a: expected nothing, got [1]'],
    ['another kind of thing', [1], { a: 1 }, '  expected [1], got {"a":1}'],
    ['a sign that nothing else shows', [0], [-0], '  [0]: expected 0, got -0'],
    [
      'a method of every object that a key is called like',
      {},
      { toString: 'x' },
      '  toString: expected nothing, got "x"',
    ],
    ['another order', ['a', 'b'], ['b', 'a'], '  [0]: expected "a", got "b"\n  … and 1 more'],
    ['sets', new Set([1, 2]), new Set([2, 3]), '  expected 1 among others, and it is missing\n  … and 1 more'],
    ['maps', new Map([[1, 2]]), new Map([[1, 3]]), '  expected Map(1) { 1 => 2 }, got Map(1) { 1 => 3 }'],
  ])('tells %s', (_, expected, actual, told) => {
    expect(tellDifference(expected, actual)).toBe(told);
  });

  it('tells of lists first how long they are, then the first difference, then how many more there are', () => {
    const actual = Array.from({ length: 5000 }, (_, n) => `account-${n}`);
    expect(tellDifference(['account-7'], actual)).toBe(
      '  expected one item, got 5,000 items\n  [0]: expected "account-7", got "account-0"\n  … and 4,999 more',
    );
  });

  it('shows long texts from where they part, and not all of them', () => {
    const text = 'a'.repeat(10_000);
    expect(tellDifference(`${text}x${text}`, `${text}y`)).toMatch(
      /^ {2}expected …"a{20}x[a]+… \(10,024 characters\), got …"a{20}y" \(from character 9,980 on\)$/,
    );
    expect(tellDifference(text, 1)).toMatch(/^ {2}expected "a+… \(10,002 characters\), got 1$/);
  });
});
