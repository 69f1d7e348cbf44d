import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { issuesOf, raised } from '../raised.fixture.js';
import { parserOf } from './standard-schema.js';

type Validate = StandardSchemaV1['~standard']['validate'];

/** As zod and valibot do it: an object. */
const schemaOf = (validate: Validate): StandardSchemaV1 => ({
  '~standard': { version: 1, vendor: 'handmade', validate },
});
const saying = (...issues: readonly StandardSchemaV1.Issue[]) => schemaOf(() => ({ issues }));
const parse = (schema: unknown, value: unknown) => parserOf(schema, 'The schema')(value, 'event Tried');

describe('a Standard Schema', () => {
  it('may be an object, as with valibot and zod', () => {
    expect(parse(v.object({ by: v.number() }), { by: 1, more: 2 })).toEqual({ by: 1 });
    expect(
      parse(
        schemaOf((value) => ({ value: [value] })),
        1,
      ),
    ).toEqual([1]);
  });

  it('may be a function, as with arktype', () => {
    const callable = Object.assign(
      () => 'called',
      schemaOf((value) => ({ value })),
    );
    expect(parse(callable, { a: 1 })).toEqual({ a: 1 });
  });

  it('may build its ~standard anew whenever it is asked: it is asked once', () => {
    let asked = 0;
    const schema = {
      get '~standard'() {
        asked += 1;
        return schemaOf((value) => ({ value }))['~standard'];
      },
    };
    const parser = parserOf(schema, 'The schema');
    const before = asked;
    parser(1, 'it');
    parser(2, 'it');
    expect(asked).toBe(before);
  });

  it.each([undefined, null, 5, 'string', {}, () => true, { '~standard': {} }, { '~standard': { validate: true } }])(
    'is not %p',
    (value) => {
      const error = raised(() => parserOf(value, 'Deposit.amount'));
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toBe(
        "Deposit.amount needs a schema of a library that implements Standard Schema, such as valibot's v.object({ … }).",
      );
    },
  );

  it('is refused when it turns out to be asynchronous', () => {
    const error = raised(() =>
      parse(
        schemaOf(async (value) => ({ value })),
        1,
      ),
    );
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      'The schema of event Tried (handmade) is asynchronous. Schemas are synchronous here: look things up before the command is made.',
    );
    expect(() =>
      parse(
        v.pipeAsync(
          v.number(),
          v.checkAsync(async () => true),
        ),
        1,
      ),
    ).toThrow('(valibot) is asynchronous');
    expect(() =>
      parse(
        schemaOf(() => ({ then: () => undefined }) as never),
        1,
      ),
    ).toThrow('is asynchronous');
  });
});

describe('what a schema finds wrong', () => {
  it('is all reported, each with its path', () => {
    expect(
      issuesOf(() => parse(saying({ message: 'too small', path: ['lines', 0, 'price'] }, { message: 'odd' }), {})),
    ).toEqual([
      { path: ['lines', 0, 'price'], message: 'too small' },
      { path: [], message: 'odd' },
    ]);
  });

  it('has a path in either form of the standard: keys, or segments with a key', () => {
    const symbol = Symbol('secret');
    expect(
      issuesOf(() =>
        parse(saying({ message: 'no', path: [{ key: 'a' }, { key: 1 }, 'b', 2, symbol, { key: symbol }] }), {}),
      ),
    ).toEqual([{ path: ['a', 1, 'b', 2, 'Symbol(secret)', 'Symbol(secret)'], message: 'no' }]);
  });

  it.each<[unknown, unknown]>([
    [null, []],
    [undefined, []],
    ['lines.0', []],
    [5, []],
    [
      [null, undefined, true, 5n, {}, { key: null }],
      ['null', 'undefined', 'true', '5n', '{}', 'null'],
    ],
    [[Object.create(null)], ['[Object: null prototype] {}']],
  ])('may have a path that is none, %p: it is still told', (path, told) => {
    const odd = { message: 'no', path } as StandardSchemaV1.Issue;
    expect(issuesOf(() => parse(saying(odd), {}))).toEqual([{ path: told, message: 'no' }]);
  });

  it('may have no message', () => {
    expect(issuesOf(() => parse(saying({} as StandardSchemaV1.Issue), {}))).toEqual([
      { path: [], message: 'is not valid' },
    ]);
  });

  it('is told together, in one sentence', () => {
    const schema = v.object({ lines: v.array(v.object({ price: v.number() })), note: v.string() });
    expect(raised(() => parse(schema, { lines: [{ price: 1 }, { price: 'x' }] })).message).toBe(
      'event Tried is not valid: lines[1].price: Invalid type: Expected number but received "x"; note: Invalid key: Expected "note" but received undefined',
    );
  });
});

describe('what a schema gives', () => {
  it('is what counts, and not what it was given', () => {
    expect(parse(v.pipe(v.string(), v.trim()), ' a ')).toBe('a');
    expect(parse(v.optional(v.string(), 'cash'), undefined)).toBe('cash');
  });

  it('may be undefined', () => {
    expect(parse(v.optional(v.string()), undefined)).toBeUndefined();
  });

  it('is JSON: what is not is refused with its path', () => {
    const schema = v.object({
      at: v.pipe(
        v.string(),
        v.transform((text) => new Date(text)),
      ),
    });
    expect(issuesOf(() => parse(schema, { at: '2026-01-01' }))).toEqual([
      { path: ['at'], message: expect.stringMatching(/is a Date; keep an ISO string/) },
    ]);
  });

  it('is frozen, and brought into the form in which it is read', () => {
    const result = parse(v.any(), { zero: -0, gone: undefined });
    expect(result).toStrictEqual({ zero: 0 });
    expect(Object.isFrozen(result)).toBe(true);
  });
});
