import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { raised } from '../raised.fixture.js';
import { compileEvent, event } from './event-schema.js';

const Name = v.object({ first: v.string(), last: v.string() });
const compiled = (schema: unknown) => compileEvent('customer', 'Registered', schema);

describe('an event schema', () => {
  it('has version 1, unless it says otherwise', () => {
    expect(compiled(Name).version).toBe(1);
    expect(compiled(event(Name, { version: 1 })).version).toBe(1);
    expect(compiled(event(Name, { version: 2, upcast: { 1: (data) => data } })).version).toBe(2);
  });

  it('parses with a version as it does without', () => {
    const { parse } = compiled(event(Name, { version: 1 }));
    expect(parse({ first: 'Ada', last: 'Lovelace', extra: 1 }, 'it')).toEqual({ first: 'Ada', last: 'Lovelace' });
    expect(() => parse({ first: 'Ada' }, 'it')).toThrow('it is not valid: last');
  });

  it.each([0, -1, 1.5, 32_768, Number.NaN, '1', undefined])('has no version %p', (version) => {
    expect(raised(() => event(Name, { version: version as never })).message).toMatch(
      /^The schema version of an event is not valid: must be a whole number from 1 to 32,767/,
    );
  });

  it.each([
    [{}, 1],
    [{ 2: (data: unknown) => data }, 1],
    [{ 1: (data: unknown) => data }, 2],
    [{ 1: (data: unknown) => data, 2: 'later' }, 2],
  ])('needs an upcaster from every older version, and says which is missing', (upcast, missing) => {
    const error = raised(() => event(Name, { version: 3, upcast: upcast as never }));
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
        2: ({ names }: { names: string[] }) => ({ first: names[0], last: names[1] }),
      },
    }),
  );
  const stored = (schemaVersion: number, data: object) => ({ type: 'Registered', schemaVersion, data: data as never });

  it('is read as it is when it has the newest version, without being parsed', () => {
    const data = { first: 'Ada', more: 'than the schema says' };
    expect(Registered.current(stored(3, data))).toBe(data);
  });

  it('is brought up from an older version, step by step', () => {
    expect(Registered.current(stored(1, { name: 'Ada Lovelace' }))).toEqual({ first: 'Ada', last: 'Lovelace' });
    expect(Registered.current(stored(2, { names: ['Ada', 'Lovelace'] }))).toEqual({ first: 'Ada', last: 'Lovelace' });
  });

  it('is not changed by that', () => {
    const event = stored(1, Object.freeze({ name: 'Ada Lovelace' }));
    Registered.current(event);
    expect(event).toEqual({ type: 'Registered', schemaVersion: 1, data: { name: 'Ada Lovelace' } });
  });

  it('is refused in a version that this code does not know yet', () => {
    const error = raised(() => Registered.current(stored(4, {})));
    expect(error.code).toBe('UNKNOWN_EVENT_TYPE');
    expect(error.context).toMatchObject({ event: 'Registered' });
    expect(error.message).toBe(
      'The store holds Registered in version 4, and this code knows it up to version 3. ' +
        'Deploy the code that knows it, or read with onUnknownEvent: "skip".',
    );
  });

  it.each<[string, () => unknown]>([
    ['gives nothing back', () => undefined],
    ['is asynchronous', async () => ({ first: 'Ada', last: 'Lovelace' })],
  ])('is not lost in silence by an upcaster that %s', (_, upcast) => {
    const { current } = compiled(event(Name, { version: 2, upcast: { 1: upcast } }));
    expect(raised(() => current(stored(1, { name: 'Ada Lovelace' }))).code).toBe('DEFINITION');
  });
});
