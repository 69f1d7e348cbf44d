import { describe, expect, it } from '@jest/globals';
import { defineStream, event, isEventCoreError } from '@eventcore/core';
import { eventDefinition } from '@eventcore/core/definitions';
import { createMemoryStore } from '@eventcore/memory';
import fc from 'fast-check';
import * as v from 'valibot';
import { atLength } from '../../../../tools/at-length.mjs';
import { commit, uuid } from '../contract/section/arrange.js';
import { wholeStream } from '../contract/section/observe.js';
import { Account, Money } from './bank.fixture.js';
import { eventsOf } from './events-of.js';
import { histories } from './histories.js';

const small = fc.integer({ min: 1, max: 9 });

describe('events of a stream type', () => {
  it('are accepted by their schemas, and there are events of every kind', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(eventsOf(Account), ({ type, data }) => {
        kinds.add(type);
        const result = eventDefinition(Account, type).schema['~standard'].validate(data);
        expect(result).toEqual({ typed: true, value: data });
      }),
      { numRuns: atLength ? 3000 : 150 },
    );
    expect(kinds).toEqual(new Set(Account.events));
  });

  it('come from arbitraries of one\u2019s own, by the event or by the schema', () => {
    const byEvent = eventsOf(Account, { MoneyDeposited: fc.record({ amount: small }) });
    const bySchema = eventsOf(Account, {}, { schemas: [[Money, small]] });
    for (const happened of fc.sample(byEvent, 200)) {
      if (happened.type === 'MoneyDeposited') expect(happened.data.amount).toBeLessThan(10);
    }
    for (const happened of fc.sample(bySchema, 200)) {
      if (happened.type !== 'AccountOpened') expect(happened.data.amount).toBeLessThan(10);
    }
  });

  it('of an arbitrary whose every value the schema refuses are an error', () => {
    expect(() => eventsOf(Account, { MoneyDeposited: fc.record({ amount: fc.constant(0) }) })).toThrow(
      'the event MoneyDeposited of stream type "account": it refused a thousand values of the arbitrary that was given',
    );
  });

  it('are read through a schema with versions', () => {
    const Customer = defineStream('customer', {
      events: {
        Registered: event(v.object({ first: v.picklist(['Ada']) }), {
          version: 2,
          upcast: { 1: (old: { first: 'Ada' }) => old },
        }),
      },
      state: () => ({}),
      fold: {},
    });
    expect(fc.sample(eventsOf(Customer), 1)).toEqual([{ type: 'Registered', data: { first: 'Ada' } }]);
  });

  it('whose schema can\u2019t be read are an error that says where, and how to go on', () => {
    const Picture = defineStream('picture', {
      events: { Taken: v.object({ by: v.object({ name: v.custom<string>((name) => name === 'Ada') }) }) },
      state: () => ({}),
      fold: {},
    });
    let error: unknown;
    try {
      eventsOf(Picture);
    } catch (caught) {
      error = caught;
    }
    expect(isEventCoreError(error, 'DEFINITION')).toBe(true);
    expect(String(error)).toContain(
      'No values can be made for the event Taken of stream type "picture", at data.by.name',
    );
    expect(String(error)).toContain('eventsOf(…, { Taken: fc.record({ … }) })');
    const own = { Taken: fc.constant({ by: { name: 'Ada' } }) };
    expect(fc.sample(eventsOf(Picture, own), 1)).toEqual([{ type: 'Taken', data: { by: { name: 'Ada' } } }]);
  });
});

describe('histories', () => {
  it('are what a store takes, and gives back', async () => {
    await fc.assert(
      fc.asyncProperty(histories(Account, { keys: ['alice', 'bob'] }), async (history) => {
        const store = createMemoryStore();
        for (const { stream, type, data } of history) {
          await commit(store, {
            expected: { [stream.id]: 'any' },
            events: [{ id: uuid(), stream: stream.id, type, data }],
          });
        }
        for (const { id } of [Account.at('alice'), Account.at('bob')]) {
          const stored = (await wholeStream(store, id)).map(({ type, data }) => ({ type, data }));
          const happened = history.filter(({ stream }) => stream.id === id);
          expect(stored).toEqual(happened.map(({ type, data }) => ({ type, data })));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('begin every stream with the event that is said to come first, and have it nowhere else', () => {
    let streams = 0;
    fc.assert(
      fc.property(histories(Account, { first: 'AccountOpened' }), (history) => {
        const seen = new Set<string>();
        for (const { stream, type } of history) {
          expect(type === 'AccountOpened').toBe(!seen.has(stream.id));
          seen.add(stream.id);
        }
        streams = Math.max(streams, seen.size);
      }),
    );
    expect(streams).toBe(3);
  });

  it('have as many events as was said, and arbitraries of one\u2019s own', () => {
    const own = histories(Account, {
      keys: ['alice'],
      maxLength: 2,
      data: { MoneyDeposited: fc.constant({ amount: 5 }) },
    });
    for (const history of fc.sample(own, 100)) {
      expect(history.length).toBeLessThanOrEqual(2);
      for (const happened of history) if (happened.type === 'MoneyDeposited') expect(happened.data.amount).toBe(5);
    }
  });

  it.each([undefined, 'AccountOpened' as const])('are as long as was asked for, with %p first', (first) => {
    const own = histories(Account, { keys: ['alice'], maxLength: 30, ...(first && { first }) });
    const lengths = fc.sample(own, { numRuns: 300, seed: 1 }).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(first === undefined ? 30 : 31);
  });

  it('shrink to the events that matter', () => {
    const overdrawn = fc.check(
      fc.property(histories(Account, { first: 'AccountOpened' }), (history) =>
        history.every((happened) => happened.type !== 'MoneyWithdrawn' || happened.data.amount < 10),
      ),
      { seed: 1 },
    );
    const [history] = overdrawn.counterexample ?? [[]];
    expect(history.map(({ type }) => type)).toEqual(['AccountOpened', 'MoneyWithdrawn']);
    expect(history[1]?.data).toEqual({ amount: 10 });
  });
});
