import { describe, expect, it } from '@jest/globals';
import { differences } from './differences.js';

describe('differences', () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    ['a', 'a'],
    [null, null],
    [undefined, undefined],
    [0, -0],
    [{ a: 1, b: undefined }, { a: 1 }],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
    [new Date(5), new Date(5)],
    [expect.any(String), 'x'],
    [{ a: expect.arrayContaining([1]) }, { a: [2, 1] }],
  ])('are none between %p and %p', (expected, actual) => {
    expect(differences(expected, actual)).toEqual([]);
  });

  it.each<[unknown, unknown, string[]]>([
    [1, 2, ['expected 1, got 2']],
    [1, '1', ['expected 1, got "1"']],
    [null, undefined, ['expected null, got nothing']],
    [{ a: 1 }, { b: 1 }, ['a: expected 1, got nothing', 'b: expected nothing, got 1']],
    [{ a: [1, 2] }, { a: [1] }, ['a[1]: expected 2, got nothing']],
    [[1], { 0: 1 }, ['expected [1], got {"0":1}']],
    [{ 'a-b': { c: 1 } }, { 'a-b': { c: 2 } }, ['["a-b"].c: expected 1, got 2']],
    [{ constructor: 1 }, {}, ['constructor: expected 1, got nothing']],
    [{}, JSON.parse('{"__proto__":1}'), ['__proto__: expected nothing, got 1']],
    [new Date(5), new Date(6), ['expected 1970-01-01T00:00:00.005Z, got 1970-01-01T00:00:00.006Z']],
    [new Map([[1, 2]]), new Map([[1, 3]]), ['expected Map(1) { 1 => 2 }, got Map(1) { 1 => 3 }']],
    [{ a: expect.any(String) }, { a: 1 }, ['a: expected Any<String>, got 1']],
  ])('are told with their paths: %p and %p', (expected, actual, told) => {
    expect(differences(expected, actual)).toEqual(told);
  });

  it('come to an end with what holds itself', () => {
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    expect(differences(1, endless)[0]).toMatch(/^expected 1, got \{"self":.*\[Circular \*1\]/);
  });
});
