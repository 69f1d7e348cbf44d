import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { streamId } from '../event/stream-id.js';
import { raised } from '../raised.fixture.js';
import { compileEvent, event } from './event-schema.js';

const Name = v.object({ first: v.string(), last: v.string() });
/** As somebody calls it who has no compiler. */
const untyped = event as (schema: unknown, options: unknown) => unknown;
const compiled = (schema: unknown) => compileEvent('customer', 'Registered', schema);
const ada = streamId('customer', 'ada');

describe('an event schema', () => {
  it('has version 1, unless it says otherwise', () => {
    expect(compiled(Name).version).toBe(1);
    expect(compiled(event(Name, { version: 1 })).version).toBe(1);
    expect(
      compiled(event(Name, { version: 2, upcast: { 1: (old: { first: string; last: string }) => old } })).version,
    ).toBe(2);
  });

  it('parses with a version as it does without', () => {
    const { parse } = compiled(event(Name, { version: 1 }));
    expect(parse({ first: 'Ada', last: 'Lovelace', extra: 1 }, 'it')).toEqual({ first: 'Ada', last: 'Lovelace' });
    expect(() => parse({ first: 'Ada' }, 'it')).toThrow('it is not valid: last');
  });

  it.each([0, -1, 1.5, 32_768, Number.NaN, '1', undefined])('has no version %p', (version) => {
    expect(raised(() => untyped(Name, { version })).message).toMatch(
      /^The schema version of an event is not valid: must be a whole number from 1 to 32,767/,
    );
  });

  it.each([
    [{}, 1],
    [{ 2: (data: unknown) => data }, 1],
    [{ 1: (data: unknown) => data }, 2],
    [{ 1: (data: unknown) => data, 2: 'later' }, 2],
  ])('needs an upcaster from every older version, and says which is missing', (upcast, missing) => {
    const error = raised(() => untyped(Name, { version: 3, upcast }));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      `An event of version 3 needs an upcaster from version ${missing}: event(schema, { version: 3, upcast: { ${missing}: (data) => … } }).`,
    );
  });
});

describe('a stored event', () => {
  const Registered = compiled(
    event(Name, {
      version: 3,
      upcast: {
        1: ({ name }: { name: string }) => ({ names: name.split(' ') }),
        2: ({ names: [first = '', last = ''] }: { names: string[] }) => ({ first, last }),
      },
    }),
  );
  const stored = (schemaVersion: number, data: object) => ({ type: 'Registered', schemaVersion, data: data as never });

  it('is read as it is when it has the newest version, without being parsed', () => {
    const data = { first: 'Ada', more: 'than the schema says' };
    expect(Registered.current(stored(3, data), ada)).toBe(data);
  });

  it('is brought up from an older version, step by step', () => {
    expect(Registered.current(stored(1, { name: 'Ada Lovelace' }), ada)).toEqual({ first: 'Ada', last: 'Lovelace' });
    expect(Registered.current(stored(2, { names: ['Ada', 'Lovelace'] }), ada)).toEqual({
      first: 'Ada',
      last: 'Lovelace',
    });
  });

  it('is not changed by that', () => {
    const event = stored(1, Object.freeze({ name: 'Ada Lovelace' }));
    Registered.current(event, ada);
    expect(event).toEqual({ type: 'Registered', schemaVersion: 1, data: { name: 'Ada Lovelace' } });
  });

  it('is refused in a version that only a newer release knows', () => {
    const error = raised(() => Registered.current(stored(4, {}), ada));
    expect(error.code).toBe('UNKNOWN_EVENT_TYPE');
    expect(error.context).toEqual({ stream: 'customer-ada', event: 'Registered', schemaVersion: 4 });
    expect(error.message).toBe(
      '"customer-ada" holds Registered in version 4, and this release knows it up to version 3: a newer release wrote it. ' +
        'Deploy that one here too; the next time, one before it that reads the new version and writes the old one: ' +
        'event(schema, { version: 4, writes: 3 }). Where leaving such events out is right, create the store with onUnknownEvent: "skip".',
    );
  });

  it.each<[string, () => unknown]>([
    ['gives nothing back', () => undefined],
    ['is asynchronous', async () => ({ first: 'Ada', last: 'Lovelace' })],
  ])('is not lost in silence by an upcaster that %s', (_, upcast) => {
    const { current } = compiled(untyped(Name, { version: 2, upcast: { 1: upcast } }));
    expect(raised(() => current(stored(1, { name: 'Ada Lovelace' }), ada)).code).toBe('DEFINITION');
  });

  it('is not read as what its schema refuses: of a typo in an upcaster becomes an error, and no NaN', () => {
    const Cents = v.object({ cents: v.number() });
    const upcast = { 1: ({ amount }: { amount: number }) => ({ cent: amount * 100 }) };
    const Paid = compileEvent('invoice', 'Paid', untyped(Cents, { version: 2, upcast }));
    const error = raised(() => Paid.current({ type: 'Paid', schemaVersion: 1, data: { amount: 5 } }, ada));
    expect(error.code).toBe('DEFINITION');
    expect(error.context).toEqual({ event: 'Paid' });
    expect(error.message).toMatch(
      /^What the upcasters of Paid in stream type "invoice" make of version 1 is not valid: cents: .*\. The last one has to give what the schema of version 2 takes\.$/,
    );
  });

  it('is what its schema makes of it, and no more', () => {
    const Padded = v.object({ name: v.pipe(v.string(), v.trim()), title: v.optional(v.string(), 'none') });
    const upcast = {
      1: ({ last, first }: { first: string; last: string }) => ({ name: ` ${last}`, first, title: '' }),
    };
    const { current } = compiled(event(Padded, { version: 2, upcast }));
    expect(current(stored(1, { first: 'Ada', last: 'Lovelace' }), ada)).toEqual({ name: 'Lovelace', title: '' });
  });

  it('has data, whatever its upcasters and its schema make of it', () => {
    const Vague = v.pipe(
      v.unknown(),
      v.transform(() => undefined),
    );
    const { current } = compiled(untyped(Vague, { version: 2, upcast: { 1: (old: unknown) => old } }));
    expect(raised(() => current(stored(1, {}), ada)).message).toBe(
      'What the upcasters of Registered in stream type "customer" make of version 1 is no data: the schema of version 2 makes undefined of it.',
    );
  });
});

describe('an event that writes an older version', () => {
  const Cents = v.object({ cents: v.pipe(v.number(), v.integer(), v.brand('Cents')), currency: v.string() });
  const upcast = { 1: ({ amount }: { amount: number }) => ({ cents: Math.round(amount * 100), currency: 'EUR' }) };
  const paid = (options: unknown) => compileEvent('invoice', 'Paid', untyped(Cents, options));
  const Paid = paid({
    version: 2,
    upcast,
    writes: 1,
    downcast: { 2: ({ cents }: { cents: number }) => ({ amount: cents / 100 }) },
  });

  it('knows the newest version, and says which one it writes', () => {
    expect([Paid.version, Paid.writes]).toEqual([2, 1]);
    expect([paid({ version: 2, upcast }).writes, compiled(Name).writes]).toEqual([2, 1]);
  });

  it('is brought down to it, and comes back as it was', () => {
    const data = Paid.parse({ cents: 1234, currency: 'EUR' }, 'it')!;
    const written = Paid.written(data);
    expect(written).toEqual({ amount: 12.34 });
    expect(Object.isFrozen(written)).toBe(true);
    expect(Paid.current({ type: 'Paid', schemaVersion: 1, data: written }, ada)).toEqual(data);
  });

  it('is brought down step by step', () => {
    const Steps = paid({
      version: 3,
      upcast: { ...upcast, 2: (old: object) => old },
      writes: 1,
      downcast: {
        2: ({ cents }: { cents: number }) => ({ amount: cents / 100 }),
        3: ({ cents }: { cents: number }) => ({ cents }),
      },
    });
    expect(Steps.written({ cents: 500, currency: 'EUR' })).toEqual({ amount: 5 });
  });

  it('is refused where the older version can not hold it, with what would be lost', () => {
    const error = raised(() => Paid.written({ cents: 500, currency: 'USD' }));
    expect(error.code).toBe('DEFINITION');
    expect(error.context).toEqual({ event: 'Paid' });
    expect(error.message).toBe(
      'Paid in stream type "invoice" can\'t be written in version 1, as its "writes" says: read again, it has another data.currency. ' +
        "Mend its casts; or emit only what version 1 can hold, until no release runs any more that doesn't know version 2, and that is written.",
    );
  });

  it.each<[string, unknown, unknown, string]>([
    ['a value within a list', { list: [1, { a: 2 }] }, { list: [1, { a: 3 }] }, 'data.list[1].a'],
    ['a shorter list', { list: [1, 2] }, { list: [1] }, 'data.list[1]'],
    ['a list for an object', { list: [] }, { list: {} }, 'data.list'],
    ['a key that came to be', {}, { more: 1 }, 'data.more'],
    ['no object at all', { a: 1 }, null, 'data'],
  ])('says where it would come back as something else: %s', (_, data, back, where) => {
    const Anything = compiled(
      untyped(v.any(), { version: 2, writes: 1, upcast: { 1: () => back }, downcast: { 2: () => ({}) } }),
    );
    expect(raised(() => Anything.written(data as never)).message).toContain(`it has another ${where}. `);
  });

  it('is stored as it is where the newest version is written, downcasters or not', () => {
    const downcast = { 2: () => ({ amount: 0 }) };
    const data = { cents: 1, currency: 'USD' };
    for (const options of [
      { version: 2, upcast, downcast },
      { version: 2, writes: 2, upcast, downcast },
    ])
      expect(paid(options).written(data)).toBe(data);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'gives nothing back',
      () => undefined,
      /from version 2, gave nothing back\. It has to return .* previous version\.$/,
    ],
    [
      'is asynchronous',
      async () => ({ amount: 5 }),
      /from version 2, is asynchronous\. Casts are pure and synchronous\.$/,
    ],
    [
      'gives what JSON has no form for',
      () => ({ amount: 5n }),
      /is not valid: amount: is a bigint.* has to give JSON\.$/,
    ],
    ['gives what can not be read again', () => ({ amount: 'five' }), /make of version 1 is not valid: cents: /],
  ])('is not stored after a downcaster that %s', (_, downcast, message) => {
    const { written } = paid({ version: 2, upcast, writes: 1, downcast: { 2: downcast } });
    expect(raised(() => written({ cents: 500, currency: 'EUR' }))).toMatchObject({
      code: 'DEFINITION',
      message: expect.stringMatching(message),
    });
  });

  it.each<[unknown, string, RegExp]>([
    [{ writes: 3 }, 'DEFINITION', /^An event of version 2 can't write version 3, which it doesn't know\.$/],
    [{ writes: 0 }, 'VALIDATION', /^The schema version of what an event writes is not valid/],
    [{ writes: 1 }, 'DEFINITION', /^An event of version 2 that writes version 1 needs a downcaster from version 2: /],
    [{ writes: 1, downcast: { 1: () => ({}) } }, 'DEFINITION', /needs a downcaster from version 2: /],
  ])('is defined with what that takes: %j', (options, code, message) => {
    const error = raised(() => paid({ version: 2, upcast, ...(options as object) }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
