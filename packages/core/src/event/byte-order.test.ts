import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteOrder, inByteOrder } from './byte-order.js';

const byBuffers = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
/** Texts that begin alike now and then, of all the places where the two orders part. */
const texts = fc.string({
  unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', 'ｚ', '\uffff', '\u{10000}', '😀', '😁', '\u{10ffff}'),
  maxLength: 4,
});

describe('the order of UTF-8 bytes', () => {
  it('is the one in which texts are compared', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(Math.sign(byteOrder(one, other))).toBe(byBuffers(one, other));
      }),
    );
  });

  it('is the one in which texts are sorted', () => {
    fc.assert(
      fc.property(fc.array(texts), (some) => {
        expect(inByteOrder(some)).toEqual(some.toSorted(byBuffers));
      }),
    );
  });

  it('leaves what is sorted as it was', () => {
    const keys = ['b', 'a'];
    expect(inByteOrder(keys)).toEqual(['a', 'b']);
    expect(keys).toEqual(['b', 'a']);
  });
});
