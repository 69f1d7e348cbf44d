import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import { defineStream } from './define-stream.js';
import { draftEvent } from './draft-event.js';
import { event } from './event-schema.js';

const alice = Account.at('alice');

describe('an event without a command', () => {
  it('is what emit would make of it: parsed, in its newest version, frozen', () => {
    const Customer = defineStream('customer', {
      events: {
        Registered: event(v.object({ name: v.pipe(v.string(), v.trim()) }), {
          version: 2,
          upcast: { 1: (old: { name: string }) => old },
        }),
      },
      state: () => ({}),
      fold: {},
    });
    const drafted = draftEvent(Customer.at('7'), 'Registered', { name: ' Ada ' });
    expect(drafted).toEqual({ stream: 'customer-7', type: 'Registered', schemaVersion: 2, data: { name: 'Ada' } });
    expect([drafted, drafted.data].map(Object.isFrozen)).toEqual([true, true]);
  });

  it('is in the version that is written', () => {
    const Customer = defineStream('customer', {
      events: {
        Registered: event(v.object({ first: v.string() }), {
          version: 2,
          upcast: { 1: ({ name }: { name: string }) => ({ first: name }) },
          writes: 1,
          downcast: { 2: ({ first }) => ({ name: first }) },
        }),
      },
      state: () => ({}),
      fold: {},
    });
    const drafted = draftEvent(Customer.at('7'), 'Registered', { first: 'Ada' });
    expect(drafted).toEqual({ stream: 'customer-7', type: 'Registered', schemaVersion: 1, data: { name: 'Ada' } });
  });

  it('has data that its schema takes', () => {
    expect(() => draftEvent(alice, 'MoneyDeposited', { amount: -1 })).toThrow(
      'event MoneyDeposited is not valid: amount: ',
    );
    const Loose = defineStream('loose', { events: { Said: v.unknown() }, state: () => ({}), fold: {} });
    expect(() => draftEvent(Loose.at('x'), 'Said', undefined)).toThrow(
      'event Said is not valid: has no data; an event without any has {}',
    );
  });

  it("is one of its stream type's", () => {
    expect(() => draftEvent(alice, 'MoneyLost', {})).toThrow(
      'An event for "account-alice" is not valid: \'MoneyLost\' is no event of stream type "account", which has AccountOpened, MoneyDeposited, MoneyWithdrawn',
    );
  });

  it('is for a stream that a reference names', () => {
    expect(() => draftEvent({ id: alice.id }, 'AccountOpened', { owner: 'Alice' })).toThrow(
      "draftEvent needs a reference to a stream, such as Account.at('alice').",
    );
  });
});
