import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import { raised } from '../raised.fixture.js';
import { CompiledStreamType, defineStream } from './define-stream.js';
import { foldEvents, initialStateOf } from './fold.js';

const nothing = { events: {}, state: () => ({}), fold: {} };
const internals = (type: unknown) => CompiledStreamType.internals(type, 'The test');

describe('a stream type', () => {
  it('has its name, and the names of its events in their order', () => {
    expect(Account.name).toBe('account');
    expect(Account.events).toEqual(['AccountOpened', 'MoneyDeposited', 'MoneyWithdrawn']);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(Account) && Object.isFrozen(Account.events)).toBe(true);
  });

  it('gives references to its streams', () => {
    expect(Account.at('alice')).toMatchObject({ id: 'account-alice', key: 'alice' });
  });

  it('refuses a key that can be none, with the name of the type', () => {
    expect(raised(() => Account.at('')).message).toMatch(/stream of type "account" is not valid: must not be empty$/);
    expect(raised(() => Account.at(7 as never)).message).toMatch(/must be a string, not number$/);
  });

  it('may have no events yet', () => {
    expect(defineStream('idea', nothing).events).toEqual([]);
  });

  it('leaves the state as it is for an event without a fold', () => {
    const Noted = defineStream('noted', {
      events: { Noted: v.object({}) },
      state: () => ({ notes: 0 }),
      fold: { Noted: undefined as never },
    });
    const { id } = Noted.at('a');
    const state = initialStateOf(internals(Noted));
    expect(foldEvents(internals(Noted), id, state, [{ type: 'Noted', schemaVersion: 1, data: {} }], 'throw')).toBe(
      state,
    );
  });

  it('may call its events by names that objects have anyway', () => {
    const data = v.object({ by: v.number() });
    const add = (total: number, { by }: { readonly by: number }) => total + by;
    const Odd = defineStream('odd', {
      events: { constructor: data, toString: data, hasOwnProperty: data, ['__proto__']: data },
      state: () => 0 as number,
      fold: { constructor: add, toString: add, ['__proto__']: add } as never,
    });
    expect(Odd.events).toEqual(['constructor', 'toString', 'hasOwnProperty', '__proto__']);
    const events = Odd.events.map((type) => ({ type, schemaVersion: 1, data: { by: 1 } }));
    expect(foldEvents(internals(Odd), Odd.at('a').id, 0, events, 'throw')).toBe(3);
  });
});

describe('what defines no stream type', () => {
  it.each(['', 'Account', 'bank-account', 'bank account', '1st', '_account', 'a'.repeat(65), 5, 5n, undefined])(
    'is the name %p',
    (name) => {
      const error = raised(() => defineStream(name as never, nothing));
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toMatch(
        /can't name a stream type: names match \[a-z\]\[a-zA-Z0-9_\]\*, such as "account", and have 64 characters at most\.$/,
      );
    },
  );

  it('is an event name with control characters', () => {
    expect(raised(() => defineStream('odd', { ...nothing, events: { 'a\nb': v.object({}) } })).message).toMatch(
      /^The event name "a\\nb" is not valid: must not hold control characters$/,
    );
  });

  it.each([undefined, null, {}, v.object, () => true, 'string'])('is an event whose schema is %p', (schema) => {
    expect(raised(() => defineStream('account', { ...nothing, events: { Opened: schema as never } })).message).toBe(
      'The event Opened of stream type "account" needs a schema of a library that implements Standard Schema, such as valibot\'s v.object({ … }).',
    );
  });

  it('is a fold of an event that it does not have', () => {
    const fold = { Openned: () => ({}) };
    const events = { Opened: v.object({}), Closed: v.object({}) };
    expect(raised(() => defineStream('account', { ...nothing, events, fold: fold as never })).message).toBe(
      'The fold of "account" has Openned, which is not one of its events: Opened, Closed.',
    );
  });
});

describe('what a caller without a compiler may get wrong', () => {
  const events = { Counted: v.object({}) };
  const loosely = (spec: object) => () => defineStream('counter', spec as never);

  it.each([5, {}, 'total'])('is a fold that is no function, and would be ignored in silence: %p', (fold) => {
    expect(raised(loosely({ events, state: () => 0, fold: { Counted: fold } })).code).toBe('DEFINITION');
  });

  it.each([undefined, 0, { total: 0 }])('is a state that is no function: %p', (state) => {
    expect(raised(loosely({ events, state, fold: {} })).code).toBe('DEFINITION');
  });

  it.each<[unknown, RegExp]>([
    [undefined, /^"odd" needs a specification: defineStream\('odd', \{ events, state, fold \}\)\.$/],
    [null, /^"odd" needs a specification/],
    [{ ...nothing, events: undefined }, /^"odd" needs events, with a schema for each: events: \{ … \}\.$/],
  ])('is being defined by %p', (spec, message) => {
    const error = raised(() => defineStream('odd', spec as never));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toMatch(message);
  });

  it('is leaving out the fold', () => {
    expect(raised(loosely({ events, state: () => 0 })).code).toBe('DEFINITION');
  });
});

describe('whoever needs a stream type', () => {
  it.each([undefined, null, 'account', 5, {}, { name: 'account', at: 'alice' }, CompiledStreamType])(
    'refuses what defineStream has not made: %p',
    (value) => {
      const error = raised(() => internals(value));
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toBe("The test needs a stream type: what defineStream('name', { … }) gives.");
    },
  );

  it.each([{ name: 'account', at: () => undefined }, Object.create(Account)])(
    'hears that there may be two copies of the package, when it has what looks like one: %p',
    (value) => {
      expect(raised(() => internals(value)).message).toBe(
        "The test needs a stream type: what defineStream('name', { … }) gives. If it is one, two copies of @eventcore/core are installed.",
      );
    },
  );

  it.each([undefined, null, 'account-alice', {}, { id: 'account-alice', key: 'alice' }, Account])(
    'refuses, where a reference is needed, what no stream type has given: %p',
    (value) => {
      expect(raised(() => CompiledStreamType.ofReference(value, 'The test')).message).toBe(
        "The test needs a reference to a stream, such as Account.at('alice').",
      );
    },
  );

  it('learns from a reference which type it is of', () => {
    expect(CompiledStreamType.ofReference(Account.at('alice'), 'The test')).toBe(internals(Account));
  });
});
