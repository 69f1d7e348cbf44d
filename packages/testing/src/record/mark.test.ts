import { describe, expect, it } from '@jest/globals';
import type { Json } from '@eventcore/core';
import { markOf } from './mark.js';

const mark = (data: Json, type = 'Noted', schemaVersion = 1): string => markOf({ type, schemaVersion, data });

describe('the mark of an event', () => {
  it('is the same whatever the order of keys, at any depth', () => {
    expect(mark({ a: 1, b: [{ c: 1, d: 2 }] })).toBe(mark({ b: [{ d: 2, c: 1 }], a: 1 }));
  });

  it.each<[string, string, string]>([
    ['another type', mark({}), mark({}, 'Other')],
    ['another schema version', mark({}), mark({}, 'Noted', 2)],
    ['another value', mark({ a: 1 }), mark({ a: '1' })],
    ['another key', mark({ a: 1 }), mark({ b: 1 })],
    ['another order of a list', mark([1, 2]), mark([2, 1])],
    ['another nesting', mark([[1], 2]), mark([[1, 2]])],
  ])('is another one for %s', (_, one, other) => {
    expect(one).not.toBe(other);
  });

  it('follows data that was changed, unless it is frozen', () => {
    const data = { n: 1 };
    const before = mark(data);
    data.n = 2;
    expect(mark(data)).not.toBe(before);
    const frozen = Object.freeze({ n: 1 });
    expect([mark(frozen), mark(frozen)]).toEqual([before, before]);
  });
});
