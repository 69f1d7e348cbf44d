import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numbersOfPosition, parsePosition, sequencePosition, START, version, type Position } from './position.js';

describe('a version', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('may be %d', (count) => {
    expect(version(count)).toBe(count);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1, '1', 1n, null, undefined])(
    'counts events, and is never %p',
    (count) => {
      expect(() => version(count as never)).toThrow(/^A version is a count of events, not /);
    },
  );
});

describe('a position', () => {
  it('is the number of the command and the index within it, padded', () => {
    expect(sequencePosition(1042, 3)).toBe('0000000000001042.0003');
  });

  it('is the same for a number however it is held', () => {
    expect(sequencePosition(1042n, 3)).toBe(sequencePosition(1042, 3));
    expect(sequencePosition('1042', 3)).toBe(sequencePosition(1042, 3));
  });

  it('comes after the start', () => {
    expect(sequencePosition(0, 0) > START).toBe(true);
  });

  it.each([0, 9, 63, 64, 99, 999, 9999])('has an index of four digits: %d', (index) => {
    expect(sequencePosition(1, index)).toBe(`0000000000000001.${String(index).padStart(4, '0')}`);
  });

  it('stands as text where its numbers stand, up to the largest safe integer and the largest append', () => {
    const places = fc.tuple(
      fc.oneof(fc.maxSafeNat(), fc.constantFrom(9, 10, 99, 100, Number.MAX_SAFE_INTEGER)),
      fc.oneof(fc.nat(9_999), fc.constantFrom(0, 9, 10, 63, 64, 9_999)),
    );
    fc.assert(
      fc.property(places, places, ([sequence, index], [otherSequence, otherIndex]) => {
        const before = sequence < otherSequence || (sequence === otherSequence && index < otherIndex);
        expect(sequencePosition(sequence, index) < sequencePosition(otherSequence, otherIndex)).toBe(before);
      }),
    );
  });
});

describe('a position that comes as text', () => {
  it.each(['', '0000000000001042.0003', '2026-01-01T00:00:00Z/7', 'a~!', 'x'.repeat(255)])('may be %p', (text) => {
    expect(parsePosition(text)).toBe(text);
  });

  it.each([undefined, null, 5, ['0000000000001042.0003'], {}])('is text, and not %p', (value) => {
    expect(() => parsePosition(value)).toThrow(
      /^The position is not valid: must be text, such as receipt\.position, not /,
    );
  });

  it.each(['a b', ' ', 'a\nb', '\u0000', '\u007f', 'é', '\ud800', 'x'.repeat(256), '1\n'])('is not %j', (text) => {
    expect(() => parsePosition(text)).toThrow(expect.objectContaining({ code: 'VALIDATION' }));
  });
});

describe('the numbers of a position', () => {
  it('are those that it was made of', () => {
    for (const [sequence, index] of [
      [0, 0],
      [1042, 3],
      [Number.MAX_SAFE_INTEGER, 9_999],
    ] as const) {
      expect(numbersOfPosition(sequencePosition(sequence, index))).toEqual({ sequence, index });
    }
  });

  it('are zeros for the start', () => {
    expect(numbersOfPosition(START)).toEqual({ sequence: 0, index: 0 });
  });

  it.each([
    'zzz',
    '0',
    '1042.3',
    '0000000000001042',
    '0000000000001042.0003 ',
    '0000000000001042.0003\n',
    '00000000000001042.0003',
    '000000000000104e.0003',
    '9999999999999999.0000',
    5,
    undefined,
  ])('are none of %p', (text) => {
    expect(() => numbersOfPosition(text as Position)).toThrow(
      /^The position .* is none of this store, which writes them/,
    );
  });
});
