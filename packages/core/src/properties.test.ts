/** What holds for all values, and not only for those that somebody thought of. */
import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as v from 'valibot';
import { atLength } from '../../../tools/at-length.mjs';
import { Account } from './bank.fixture.js';
import { partsOf } from './command/command-logic.js';
import { defineCommand } from './command/define-command.js';
import { fingerprintOf } from './command/fingerprint.js';
import { ValidationError } from './errors/input-errors.js';
import { jsonValues } from './event/json-values.fixture.js';
import { toJson, type Json } from './event/json.js';
import type { LeanEvent } from './event/recorded-event.js';
import { keyOf, parseStreamId, streamId, typeNameOf, type StreamId } from './event/stream-id.js';
import { prepareAppend } from './store/append.js';
import { CompiledStreamType, defineStream } from './stream/define-stream.js';
import { foldEvents, initialStateOf } from './stream/fold.js';

/** The result, or undefined for what is refused as not valid. Any other error is one. */
function unlessInvalid<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}

describe('folding', () => {
  const account = CompiledStreamType.internals(Account, 'test');
  const { id } = Account.at('alice');
  const amounts = fc.record({ amount: fc.integer({ min: 1, max: 1000 }) });
  const accountEvents: fc.Arbitrary<LeanEvent[]> = fc.array(
    fc.oneof(
      fc.constant({ type: 'AccountOpened', schemaVersion: 1, data: { owner: 'Alice' } }),
      amounts.map((data) => ({ type: 'MoneyDeposited', schemaVersion: 1, data })),
      amounts.map((data) => ({ type: 'MoneyWithdrawn', schemaVersion: 1, data })),
      fc.constant({ type: 'NobodyKnows', schemaVersion: 1, data: null }),
    ),
  );

  it('in pages, however they are cut, is folding whole', () => {
    const pageSizes = fc.infiniteStream(fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(accountEvents, pageSizes, (events, sizes) => {
        const whole = foldEvents(account, id, initialStateOf(account), events, 'skip');
        let paged = initialStateOf(account);
        for (let start = 0; start < events.length;) {
          const end = start + sizes.next().value!;
          paged = foldEvents(account, id, paged, events.slice(start, end), 'skip');
          start = end;
        }
        expect(paged).toEqual(whole);
      }),
    );
  });

  it('depends on the order of the events where the fold does, and on nothing else', () => {
    const Log = defineStream('log', {
      events: { Noted: v.any() },
      state: () => [] as unknown[],
      fold: { Noted: (state, data: unknown) => [...state, data] },
    });
    const log = CompiledStreamType.internals(Log, 'test');
    const noted = jsonValues.map((data): LeanEvent => ({ type: 'Noted', schemaVersion: 1, data }));
    fc.assert(
      fc.property(fc.array(noted), fc.nat(), (events, cut) => {
        const first = foldEvents(log, id, initialStateOf(log), events.slice(0, cut), 'throw');
        expect(foldEvents(log, id, first, events.slice(cut), 'throw')).toEqual(events.map(({ data }) => data));
      }),
    );
  });
});

describe('stream ids', () => {
  const typeNames = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,20}$/);
  /** Names that begin alike: the hard case for prefixes. */
  const alikeNames = fc
    .tuple(typeNames, fc.stringMatching(/^[a-zA-Z0-9_]{1,5}$/))
    .map(([name, more]): [string, string] => [name, name + more]);
  const units = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('-', 'a', '_', '%', '\u0000', '\ud800', '\udc00', 'é', 'e\u0301', '😀') }),
  );

  it('that are accepted come back unchanged from JSON and from UTF-8, and fall into the same two parts', () => {
    fc.assert(
      fc.property(typeNames, units, (type, key) => {
        const id = unlessInvalid(() => streamId(type, key));
        if (id === undefined) return;
        expect(JSON.parse(JSON.stringify(id))).toBe(id);
        expect(Buffer.from(id, 'utf8').toString('utf8')).toBe(id);
        expect(parseStreamId(id)).toBe(id);
        expect([typeNameOf(id), keyOf(id)]).toEqual([type, key]);
      }),
    );
  });

  it('are accepted as text exactly when their key is accepted', () => {
    fc.assert(
      fc.property(typeNames, units, (type, key) => {
        const made = unlessInvalid(() => streamId(type, key));
        expect(unlessInvalid(() => parseStreamId(`${type}-${key}`))).toBe(made);
      }),
    );
  });

  it('are different for different types or keys, and no prefix of a type covers a stream of another', () => {
    const keys = units.filter((key) => unlessInvalid(() => streamId('a', key)) !== undefined);
    const names = fc.oneof(alikeNames, fc.tuple(typeNames, typeNames));
    fc.assert(
      fc.property(names, keys, keys, ([type, otherType], key, otherKey) => {
        const id = streamId(type, key);
        const other = streamId(otherType, otherKey);
        expect(id === other).toBe(type === otherType && key === otherKey);
        expect(other.startsWith(`${type}-`)).toBe(type === otherType);
      }),
    );
  });
});

describe('payloads', () => {
  const hostile = fc.oneof(
    jsonValues,
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
      withNullPrototype: true,
      withUnicodeString: true,
    }),
  );
  const stream = 'account-alice' as StreamId;
  const prepared = (data: unknown): Json | undefined => {
    const id = '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f';
    const draft = { commandId: id, fingerprint: '', expected: new Map([[stream, 0]]) };
    return unlessInvalid(() => prepareAppend({ ...draft, events: [{ id, stream, type: 'Tried', data }] }))?.events[0]
      ?.data;
  };

  it('are refused as not valid, or written as JSON writes them and come back unchanged', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (value) => {
        const data = prepared(value);
        if (data === undefined) return;
        accepted += 1;
        const text = JSON.stringify(data);
        expect(text).toBe(JSON.stringify(value));
        expect(isDeepStrictEqual(JSON.parse(text), data)).toBe(true);
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
        expect(JSON.stringify(prepared(JSON.parse(text)))).toBe(text);
      }),
      { numRuns: atLength ? 5000 : 300 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('lose nothing on the way, unless it is undefined', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const normal = JSON.parse(JSON.stringify(value)) as Json;
        expect(isDeepStrictEqual(toJson(value, 'it'), normal)).toBe(true);
      }),
    );
  });
});

describe('fingerprints', () => {
  const Tried = defineCommand('Tried', {
    streams: { account: Account },
    input: { x: v.any(), y: v.any() },
    handle: () => undefined,
  });
  const fingerprint = (given: { x: Json; y?: Json }): string => {
    return fingerprintOf(partsOf(new Tried({ account: 'a', ...given }))!);
  };
  /** The same value, with the keys of every object in the opposite order. (Keys that are whole numbers have an order of their own.) */
  const reversed = (value: Json): Json => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return (value as Json[]).map(reversed);
    const entries = Object.entries(value as { [key: string]: Json }).reverse();
    const result = {};
    for (const [key, item] of entries) {
      Object.defineProperty(result, key, {
        value: reversed(item),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return result;
  };

  it('are equal for equal values, in whatever order their keys stand', () => {
    fc.assert(
      fc.property(jsonValues, (x) => {
        expect(fingerprint({ x: reversed(x) })).toBe(fingerprint({ x }));
      }),
    );
  });

  it('are equal for no other values', () => {
    // Pairs that differ in little, if at all.
    const small = fc.oneof(fc.constantFrom<Json>(null, true, 0, 1, '', 'a', '0', [], {}), jsonValues);
    const alike = fc.oneof(
      fc.tuple(small, small),
      small.map((x): [Json, Json] => [x, [x]]),
      small.map((x): [Json, Json] => [{ a: x }, { b: x }]),
      small.map((x): [Json, Json] => [x, JSON.stringify(x)]),
      fc.tuple(small, small).map(([a, b]): [Json, Json] => [
        { a, b },
        { a: b, b: a },
      ]),
      fc.tuple(small, small).map(([a, b]): [Json, Json] => [
        [a, b],
        [b, a],
      ]),
    );
    const normal = (value: Json): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(alike, ([one, other]) => {
        const equal = isDeepStrictEqual(normal(one), normal(other));
        expect(fingerprint({ x: one }) === fingerprint({ x: other })).toBe(equal);
        expect(fingerprint({ x: one, y: other }) === fingerprint({ x: other, y: one })).toBe(equal);
      }),
      { numRuns: atLength ? 5000 : 300 },
    );
  });
});
