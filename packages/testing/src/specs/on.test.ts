import { describe, expect, it } from '@jest/globals';
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';
import { Account, Customer } from '../contract/commands/bank.js';
import { on } from './on.js';

const alice = Account.at('alice');
const Order = defineStream('order', {
  events: {
    Placed: v.object({
      id: v.string(),
      lines: v.array(v.object({ product: v.string(), count: v.number() })),
      customer: v.object({ name: v.optional(v.string()) }),
    }),
    Said: v.unknown(),
  },
  state: () => ({}),
  fold: {},
});
const order = Order.at('1');

describe('an event that a spec states', () => {
  it('has the data that its schema makes of it', () => {
    const Loose = defineStream('loose', {
      events: { Named: v.object({ name: v.pipe(v.string(), v.trim()), kind: v.optional(v.string(), 'plain') }) },
      state: () => ({}),
      fold: {},
    });
    expect(on(Loose.at('x'), 'Named', { name: ' Ada ' } as never).data).toEqual({ name: 'Ada', kind: 'plain' });
  });

  it('is refused at once for data that its schema refuses', () => {
    expect(() => on(alice, 'Deposited', { amount: -1 })).toThrow('event Deposited is not valid: amount: ');
  });

  it('is refused for an event that there is not, matchers or none', () => {
    expect(() => on(alice, 'Lost' as 'Deposited', { amount: 1 })).toThrow(
      '\'Lost\' is no event of stream type "account"',
    );
    expect(() => on(alice, 'Lost' as 'Deposited', { amount: expect.any(Number) })).toThrow("'Lost' is no event");
  });

  it('is for a stream', () => {
    expect(() => on(undefined as unknown as typeof alice, 'Opened', { owner: 'x' })).toThrow(
      'on needs a reference to a stream',
    );
  });

  it('takes data of an older version as it is', () => {
    const data = { name: 'Ada Lovelace' };
    expect(on(Customer.at('1'), 'Registered', data, { schemaVersion: 1 })).toMatchObject({ data, schemaVersion: 1 });
  });

  it('is frozen, and its time is in the form in which events have it', () => {
    const event = on(alice, 'Deposited', { amount: 1 }, { at: '2026-03-01T10:00:00+01:00' });
    expect(Object.isFrozen(event)).toBe(true);
    expect(event.details.at).toBe('2026-03-01T09:00:00.000Z');
    expect(() => on(alice, 'Deposited', { amount: 1 }, { at: 'noon' })).toThrow('"noon" is no moment');
  });
});

describe('matchers in the data', () => {
  const { any, objectContaining } = expect;

  it('stand for any part, and stay', () => {
    const id = any(String);
    const data = { id, lines: any(Array), customer: objectContaining({ name: 'Ada' }) };
    expect((on(order, 'Placed', data as never).data as typeof data).id).toBe(id);
    // A schema may well take a matcher for an object, and leave nothing of it.
    const customer = objectContaining({ name: 'Ada' });
    expect(on(order, 'Placed', { id: 'x', lines: [], customer } as never).data).toEqual({
      id: 'x',
      lines: [],
      customer,
    });
    expect((on(order, 'Placed', { id: 'x', lines: [], customer } as never).data as typeof data).customer).toBe(
      customer,
    );
    expect(() => on(order, 'Placed', any(Object) as never)).not.toThrow();
    expect(() => on(order, 'Said', { anything: any(Object) })).not.toThrow();
  });

  it('excuse nothing but themselves', () => {
    const data = { id: any(String), lines: [{ product: any(String), count: 'two' }], customer: {} };
    expect(() => on(order, 'Placed', data as never)).toThrow(/^event Placed is not valid: lines\[0\]\.count: [^;]*$/);
  });
});
