import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Money, Transfer, TransferMoney } from '../bank.fixture.js';
import { inputSchema } from '../command/input-schema.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from './define-stream.js';
import { eventDefinition } from './event-definition.js';
import { event } from './event-schema.js';

describe('what was declared', () => {
  const written = v.object({ first: v.string() });
  const Customer = defineStream('customer', {
    events: {
      Registered: event(written, { version: 2, upcast: { 1: (old: { first: string }) => old } }),
      Left: v.object({}),
    },
    state: () => ({}),
    fold: {},
  });

  it('of an event is the very schema that was given, with its version, also inside event()', () => {
    expect(eventDefinition(Customer, 'Registered')).toEqual({
      name: 'Registered',
      version: 2,
      writes: 2,
      schema: written,
    });
    expect(eventDefinition(Customer, 'Registered').schema).toBe(written);
    expect(eventDefinition(Customer, 'Left').version).toBe(1);
  });

  it('of an event that there is none of is refused, with those that there are', () => {
    expect(raised(() => eventDefinition(Account, 'Closed' as never)).message).toBe(
      'Stream type "account" has no event "Closed". It has AccountOpened, MoneyDeposited, MoneyWithdrawn.',
    );
  });

  it('of an input is the very schema that was given, through both doors', () => {
    expect(inputSchema(TransferMoney, 'amount')).toBe(Money);
    expect(inputSchema(Transfer, 'amount')).toBe(Money);
  });

  it.each([
    ['a stream', TransferMoney, 'from'],
    ['a field that is not there', TransferMoney, 'memo'],
    ['a class that is no command', Map, 'amount'],
  ])('of an input is refused for %s', (_, commandClass, field) => {
    expect(raised(() => inputSchema(commandClass, field))).toMatchObject({ code: 'DEFINITION' });
  });
});
