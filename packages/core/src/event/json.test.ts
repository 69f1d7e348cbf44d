import { Buffer } from 'node:buffer';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { issuesOf, raised } from '../raised.fixture.js';
import { jsonValues } from './json-values.fixture.js';
import { jsonSize, jsonSizeBound, MAX_DEPTH, toJson, type Json } from './json.js';

class Price {
  readonly cents = 100;
}

const inside = (value: unknown): unknown => ({ lines: [{ value }] });
const nested = (depth: number): unknown => {
  let value: unknown = [];
  for (let level = 1; level < depth; level++) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
};
const parsed = (value: unknown): Json => toJson(value, 'event Tried');

describe('what JSON would lose or bend', () => {
  it.each<[string, unknown, RegExp]>([
    ['a Date', new Date(0), /is a Date; keep an ISO string \(date\.toISOString\(\)\), and convert it where it is used/],
    ['an invalid Date', new Date(Number.NaN), /is a Date/],
    ['a Date of another realm', runInNewContext('new Date(0)'), /is a Date; keep an ISO string/],
    ['a bigint', 2n ** 53n + 1n, /is a bigint.*keep it as a string, and convert it where it is used/],
    ['a Map', new Map([['a', 1]]), /is a Map; keep an object or a list of pairs, and convert it where it is used/],
    ['a Map of another realm', runInNewContext('new Map()'), /is a Map/],
    ['a Set', new Set([1]), /is a Set; keep an array, and convert it where it is used/],
    ['a Set of another realm', runInNewContext('new Set()'), /is a Set/],
    ['a WeakMap', new WeakMap(), /is an instance of WeakMap/],
    ['a function', () => 1, /is a function/],
    ['an asynchronous function', async () => 1, /is a function/],
    ['a class', Price, /is a function/],
    ['a symbol', Symbol('s'), /is a symbol/],
    ['an instance of a class', new Price(), /is an instance of Price; keep its data as a plain object/],
    [
      'an instance of a class of another realm',
      runInNewContext('class Price {}; new Price()'),
      /is an instance of Price/,
    ],
    ['an instance of a nameless class', new (class {})(), /is an instance of a class/],
    ['an object that inherits from another', Object.create({ inherited: 1 }), /is an instance of/],
    ['an Error', new TypeError('oops'), /is an instance of TypeError/],
    ['a RegExp', /x/, /is an instance of RegExp/],
    ['a Promise', Promise.resolve(1), /is an instance of Promise/],
    ['a Buffer', Buffer.from('a'), /is an instance of Buffer/],
    ['a typed array', new Uint8Array(1), /is an instance of Uint8Array/],
    ['an ArrayBuffer', new ArrayBuffer(1), /is an instance of ArrayBuffer/],
    ['a boxed string', Object('text'), /is an instance of String/],
    ['a boxed bigint', Object(1n), /is an instance of BigInt/],
    ['a URL', new URL('https://example.org'), /is an instance of URL/],
    ['NaN', Number.NaN, /is NaN, which JSON can't hold; use null, or a string/],
    ['Infinity', Number.POSITIVE_INFINITY, /is Infinity/],
    ['-Infinity', Number.NEGATIVE_INFINITY, /is -Infinity/],
    ['a number beyond all numbers', Number('1e400'), /is Infinity/],
    ['a sparse array', [1, , 3], /is a sparse array/],
    ['an array that only has a length', new Array(3), /is a sparse array/],
    [
      'an array with named properties',
      Object.assign([1], { total: 1 }),
      /is a sparse array, or one with named properties/,
    ],
    ['an array with a symbol for a key', Object.assign([1], { [Symbol('s')]: 1 }), /named properties/],
    ['a symbol for a key', { [Symbol('s')]: 1 }, /has a symbol for a key; use a string/],
    ['a lone high surrogate', 'a\ud800b', /holds a lone surrogate/],
    ['a lone low surrogate', '\udc00', /holds a lone surrogate/],
    ['surrogates in the wrong order', '\udc00\ud800', /holds a lone surrogate/],
    ['the character U+0000', 'a\u0000b', /holds the character U\+0000, which databases refuse/],
  ])('refuses %s, with the path to it and what to do instead', (_, value, advice) => {
    expect(issuesOf(() => parsed(inside(value)))).toEqual([
      { path: ['lines', 0, 'value'], message: expect.stringMatching(advice) },
    ]);
  });

  it('refuses the same as the value itself, with an empty path', () => {
    expect(issuesOf(() => parsed(new Date(0)))).toEqual([{ path: [], message: expect.stringMatching(/ISO string/) }]);
  });

  it('refuses undefined in an array, where JSON would make null of it', () => {
    expect(issuesOf(() => parsed({ list: [1, undefined] }))).toEqual([
      { path: ['list', 1], message: expect.stringMatching(/is undefined.*write null/) },
    ]);
  });

  it('refuses undefined itself', () => {
    expect(issuesOf(() => parsed(undefined))).toEqual([{ path: [], message: expect.stringMatching(/JSON has null/) }]);
  });

  it.each([
    ['a lone surrogate', 'a\ud800'],
    ['the character U+0000', 'a\u0000'],
  ])('refuses a key with %s', (_, key) => {
    expect(issuesOf(() => parsed({ map: { [key]: 1 } }))).toEqual([
      {
        path: ['map', key],
        message: expect.stringMatching(/has a key with a lone surrogate or the character U\+0000/),
      },
    ]);
  });

  it('names what it looked at, and writes the path as one would in code', () => {
    expect(raised(() => toJson({ a: [{ 'b c': Number.NaN }] }, 'event Priced')).message).toMatch(
      /^event Priced is not valid: a\[0\]\["b c"\]: is NaN/,
    );
  });

  it('goes on to the later parts of a value after the earlier ones', () => {
    expect(issuesOf(() => parsed({ first: { a: [1, 2] }, second: [[3], new Set()] }))).toMatchObject([
      { path: ['second', 1] },
    ]);
  });
});

describe('depth', () => {
  it(`goes to ${MAX_DEPTH} containers, the outermost counted`, () => {
    expect(JSON.stringify(parsed(nested(MAX_DEPTH)))).toBe(JSON.stringify(nested(MAX_DEPTH)));
  });

  it('refuses one more, and shows where the nest begins', () => {
    expect(issuesOf(() => parsed(nested(MAX_DEPTH + 1)))).toEqual([
      { path: [0, 'deeper', 0], message: 'is nested deeper than 100 levels, or holds itself' },
    ]);
  });

  it('counts containers, and not the values in them', () => {
    let value: unknown = 'leaf';
    for (let level = 0; level < MAX_DEPTH; level++) value = [value];
    expect(() => parsed(value)).not.toThrow();
    expect(() => parsed([value])).toThrow('nested deeper than 100');
  });

  it('refuses what holds itself', () => {
    const object: { self?: unknown } = {};
    object.self = object;
    const array: unknown[] = [];
    array.push({ array });
    expect(() => parsed(object)).toThrow('or holds itself');
    expect(() => parsed(array)).toThrow('or holds itself');
  });

  it('takes what is only held twice', () => {
    const shared = { a: 1 };
    expect(parsed([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });
});

describe('the form in which a read gives a value back', () => {
  it('has 0 for -0', () => {
    const { zero, list } = parsed({ zero: -0, list: [-0] }) as { zero: number; list: number[] };
    expect(Object.is(zero, 0)).toBe(true);
    expect(Object.is(list[0], 0)).toBe(true);
  });

  it('has no property that is undefined', () => {
    expect(Object.keys(parsed({ a: 1, b: undefined, c: null }) as object)).toEqual(['a', 'c']);
  });

  it('keeps the order of the keys', () => {
    expect(JSON.stringify(parsed({ b: 1, a: 2, c: { z: 1, y: 2 } }))).toBe('{"b":1,"a":2,"c":{"z":1,"y":2}}');
  });

  it.each([
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    0.1,
    '',
    'e\u0301',
    '\u00e9',
    '😀\uffff',
    '\u0001\u007f\u009f\u2028',
    '\\u0000',
    true,
    null,
  ])('is what was given, for %j', (value) => {
    expect(parsed(value)).toBe(value);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then', 'length', '0', ''])(
    'has %j as a key like any other',
    (key) => {
      const text = `{"${key}":{"polluted":true},"after":1}`;
      const result = parsed(JSON.parse(text)) as Record<string, unknown>;

      expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
      expect(Object.hasOwn(result, key)).toBe(true);
      expect(result['polluted']).toBeUndefined();
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(text));
    },
  );

  it('is frozen at every depth, under every key', () => {
    const result = parsed(JSON.parse('{"list":[{"a":1}],"__proto__":{"b":[]}}')) as {
      list: unknown[];
      ['__proto__']: { b: unknown };
    };
    const { list, ['__proto__']: hidden } = result;
    for (const part of [result, list, list[0], hidden, hidden.b]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('is a copy: the input is left as it is, and may change afterwards', () => {
    const input = { list: [-0, { gone: undefined }] };
    const result = parsed(input);

    expect(Object.isFrozen(input) || Object.isFrozen(input.list)).toBe(false);
    expect(Object.is(input.list[0], -0)).toBe(true);
    expect(input.list[1]).toHaveProperty('gone');
    input.list.push(1);
    expect(result).toEqual({ list: [0, {}] });
  });

  it.each<[string, unknown]>([
    ['an object without a prototype', Object.assign(Object.create(null), { a: { b: [1] } })],
    ['an object of another realm', runInNewContext('({ a: { b: [1] } })')],
    [
      'an object without a prototype of another realm',
      runInNewContext('Object.assign(Object.create(null), { a: { b: [1] } })'),
    ],
    ['a frozen object', Object.freeze({ a: Object.freeze({ b: Object.freeze([1]) }) })],
    [
      'an object with getters',
      {
        get a() {
          return { b: [1] };
        },
      },
    ],
  ])('is made of plain objects and arrays of this realm, from %s', (_, value) => {
    const result = parsed(value) as { a: { b: number[] } };
    expect(result).toStrictEqual({ a: { b: [1] } });
    expect(result.a.b).toBeInstanceOf(Array);
  });

  it('is the same after a trip through JSON text', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = JSON.stringify(parsed(value));
        expect(text).toBe(JSON.stringify(value));
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(JSON.stringify(parsed(JSON.parse(text)))).toBe(text);
      }),
    );
  });
});

describe('sizes', () => {
  it('are counted in bytes of UTF-8', () => {
    expect(jsonSize({ a: 'é€😀' })).toBe('{"a":""}'.length + 2 + 3 + 4);
    expect(jsonSize('\u0001"')).toBe('"\\u0001\\""'.length);
  });

  it('are never more than their bound', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const json = parsed(value);
        expect(jsonSizeBound(json)).toBeGreaterThanOrEqual(jsonSize(json));
      }),
    );
  });

  it.each<[string, Json]>([
    ['a text that is escaped throughout', '\u0001'.repeat(50)],
    ['a key that is escaped throughout', { ['\u0001'.repeat(50)]: 1 }],
    ['a text of three bytes a unit', '€'.repeat(50)],
    ['the longest number', -1.2345678901234567e-300],
    ['a list of short values', Array.from({ length: 100 }, () => 1)],
    ['many empty lists', Array.from({ length: 100 }, () => [])],
    ['many short keys', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [String(index), null]))],
    ['a key called __proto__', parsed(JSON.parse(`{"__proto__":"${'x'.repeat(500)}"}`))],
  ])('are bounded closely enough: %s', (_, value) => {
    expect(jsonSizeBound(value)).toBeGreaterThanOrEqual(jsonSize(value));
    expect(jsonSizeBound(value)).toBeLessThanOrEqual(jsonSize(value) * 26 + 2);
  });
});
