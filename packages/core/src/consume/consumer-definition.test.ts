import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit } from '../bank.fixture.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { consumerOf } from './consumer-definition.js';
import { defineProjection } from './define-projection.js';
import { defineReaction } from './define-reaction.js';
import { defineReadModel } from './define-read-model.js';
import { compiledConsumer } from './open-consumer.js';

const Deposits = defineProjection('deposits').on(Account, { MoneyDeposited: () => {} });
const Bonus = defineReaction('welcome-bonus').on(Account, { AccountOpened: () => {} });
const Owners = defineReadModel('owners', { row: () => ({ owner: '' }) }).from(Account, {
  AccountOpened: (_, { data }) => ({ owner: data.owner }),
});

describe('what a consumer declares', () => {
  it('is its kind, its name, and the events that it handles', () => {
    expect(consumerOf(Deposits)).toMatchObject({
      kind: 'projection',
      name: 'deposits',
      handles: [{ streamType: 'account', events: ['MoneyDeposited'] }],
    });
    expect(consumerOf(Bonus).kind).toBe('reaction');
    expect(consumerOf(Owners).kind).toBe('readModel');
  });

  it('is there on what the doors without decorators give, too', () => {
    for (const consumer of [Deposits, Bonus, Owners]) {
      const { kind, name, filter, handles } = consumer;
      expect({ ...consumerOf(consumer) }).toEqual({ kind, name, filter, handles });
    }
  });

  it('asks for all events of its stream types, so that the feed leaves out none that nobody knows', () => {
    const both = Deposits.on(Audit, { Noted: () => {} });
    expect(both.filter).toEqual({ streamPrefixes: ['account-', 'audit-'] });
  });

  it('is frozen at every depth', () => {
    expect(Object.isFrozen(compiledConsumer(Deposits))).toBe(true);
    for (const definition of [Deposits, Bonus, Owners, consumerOf(Deposits)]) {
      expect(Object.isFrozen(definition)).toBe(true);
      expect(Object.isFrozen(definition.filter)).toBe(true);
      expect(Object.isFrozen(definition.filter.streamPrefixes)).toBe(true);
      expect(Object.isFrozen(definition.handles)).toBe(true);
      expect(Object.isFrozen(definition.handles[0])).toBe(true);
      expect(Object.isFrozen(definition.handles[0]!.events)).toBe(true);
    }
  });

  it('can be read aloud', () => {
    const both = Owners.from(Audit, { Noted: (row) => row }).from(Account, { MoneyDeposited: (row) => row });
    const text = 'read model owners\n  account  AccountOpened, MoneyDeposited\n  audit    Noted';
    expect(String(both)).toBe(text);
    expect(inspect(consumerOf(both))).toBe(text);
  });
});

describe('a definition without decorators', () => {
  it('is gone on with, and stays what it was', () => {
    const more = Deposits.on(Account, { MoneyWithdrawn: () => {} });
    expect(more.handles).toEqual([{ streamType: 'account', events: ['MoneyDeposited', 'MoneyWithdrawn'] }]);
    expect(Deposits.handles).toEqual([{ streamType: 'account', events: ['MoneyDeposited'] }]);
  });

  it('can be used when it has a handler, and not before', () => {
    for (const start of [
      defineProjection('x'),
      defineReaction('x'),
      defineReadModel('x', { row: () => ({ owner: '' }) }),
    ]) {
      expect(() => consumerOf(start)).toThrow('with a handler at least');
    }
  });

  it.each(['', 'Balances', 'a b', 'x'.repeat(65), 1, undefined])('cannot be named %j', (name) => {
    const defines = [
      () => defineProjection(name as string),
      () => defineReaction(name as string),
      () => defineReadModel(name as string, { row: () => ({}) }),
    ];
    for (const define of defines)
      expect(raised(define).message).toMatch(
        /^define(Projection|Reaction|ReadModel) (can't be named|needs a name, not)/,
      );
  });

  it('has one handler for each event', () => {
    expect(() => Deposits.on(Account, { MoneyDeposited: () => {} })).toThrow(
      '"deposits" has two handlers for MoneyDeposited of stream type "account".',
    );
    expect(() => Owners.from(Account, { AccountOpened: (row) => row })).toThrow('"owners" has two handlers');
  });

  it('takes an event of one name from each stream type that has it', () => {
    const Savings = defineStream('savings', {
      events: { MoneyDeposited: v.object({ amount: v.number() }) },
      state: () => ({}),
      fold: {},
    });
    expect(Deposits.on(Savings, { MoneyDeposited: () => {} }).handles).toEqual([
      { streamType: 'account', events: ['MoneyDeposited'] },
      { streamType: 'savings', events: ['MoneyDeposited'] },
    ]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['no stream type', 'account', {}, '"x".on needs a stream type'],
    ['nothing by event', Account, undefined, '"x".on needs functions by event, not undefined.'],
    ['no event', Account, {}, '"x".on names no event. Give it a function for one at least.'],
    ['nothing but events left out', Account, { AccountOpened: undefined }, '"x".on names no event.'],
    ['no function', Account, { AccountOpened: 1 }, '"x".on needs a function for AccountOpened, not 1.'],
    ['an unknown event', Account, { Renamed: () => {} }, '"x".on names Renamed, which is not an event of stream type'],
    ['an inherited name', Account, { toString: () => '' }, '"x".on names toString, which is not an event'],
  ])('refuses %s', (_, type, handlers, message) => {
    for (const start of [defineProjection('x'), defineReaction('x')]) {
      expect(() => start.on(type as typeof Account, handlers as never)).toThrow(message);
    }
    const rows = defineReadModel('x', { row: () => ({}) });
    expect(() => rows.from(type as typeof Account, handlers as never)).toThrow(message.replace('.on', '.from'));
  });

  it('leaves out what is undefined', () => {
    const some = { AccountOpened: () => {}, MoneyDeposited: undefined } as { AccountOpened: () => void };
    expect(defineProjection('x').on(Account, some).handles[0]!.events).toEqual(['AccountOpened']);
  });

  it('needs the row to begin with', () => {
    for (const spec of [undefined, {}, { row: { owner: '' } }]) {
      expect(() => defineReadModel('x', spec as never)).toThrow('needs a function that gives the row to begin with');
    }
  });

  it('refuses keys of events that the stream type does not have, and keys that are no functions', () => {
    const from = (key: unknown) => () =>
      defineReadModel('x', { row: () => ({}) }).from(Account, { AccountOpened: (row) => row }, { key } as never);
    expect(from({ Renamed: () => 'x' })).toThrow('The key of "x".from names Renamed, which is not an event');
    expect(from({ AccountOpened: 'x' })).toThrow('The key of "x".from needs a function for AccountOpened');
    expect(from('owner')).toThrow('The key of "x".from needs functions by event, not \'owner\'.');
  });
});
