import { describe, expect, it } from '@jest/globals';
import { listFault } from './list-fault.js';

/** Letters, of which none is akin to another. */
const fault = (expected: string, actual: string) =>
  listFault('letters', [...expected], [...actual], {
    differences: (one, other) => (one === other ? [] : ['differs']),
    akin: () => false,
    cellsOfExpected: (letter) => [letter],
    cellsOfActual: (letter) => [letter],
  });
const inAnotherOrder = 'The letters are the expected ones, in another order.';

describe('comparing lists', () => {
  it.each(['', 'a', 'abab'])('finds nothing where they agree: %p', (letters) => {
    expect(fault(letters, letters)).toBeUndefined();
  });

  it.each([
    ['ab', 'ba'],
    ['aab', 'aba'],
  ])('tells when only the order differs: %p and %p', (expected, actual) => {
    expect(fault(expected, actual)).toContain(inAnotherOrder);
  });

  it.each([
    ['a', ''],
    ['', 'a'],
    ['ab', 'aba'],
    ['aab', 'abb'],
  ])('tells when more than the order differs: %p and %p', (expected, actual) => {
    expect(fault(expected, actual)).toMatch(/^ +expected \| actual/);
  });
});
