/** Subscriptions to stream types: their events typed, in their newest form, and nobody else's. */
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { sequencePosition, START } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { raised } from '../raised.fixture.js';
import type { EventStore, FeedQuery } from '../store/event-store.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import { subscribe } from './subscribe.js';

const Account = defineStream('account', {
  events: { Deposited: v.object({ amount: v.number() }) },
  state: () => ({}),
  fold: {},
});
const Customer = defineStream('customer', {
  events: {
    Registered: event(v.object({ last: v.string() }), { version: 2, upcast: { 1: ({ name }) => ({ last: name }) } }),
  },
  state: () => ({}),
  fold: {},
});

const queries: FeedQuery[] = [];

/** A store that holds these events, and gives all of them whatever is asked for. */
function holding(events: readonly Partial<RecordedEvent>[], onUnknownEvent?: 'skip'): EventStore {
  const recorded = events.map((each, index) => ({
    schemaVersion: 1,
    position: sequencePosition(index + 1, 0),
    ...each,
  })) as RecordedEvent[];
  return {
    capabilities: {},
    settings: { ...(onUnknownEvent && { onUnknownEvent }) },
    readAll: async (query: FeedQuery) => {
      queries.push(query);
      const left = recorded.filter(({ position }) => position > query.after);
      return { events: left, upTo: left.at(-1)?.position ?? query.after };
    },
  } as unknown as EventStore;
}

const deposited = (key: string, amount: number) =>
  ({ stream: `account-${key}`, type: 'Deposited', data: { amount } }) as unknown as Partial<RecordedEvent>;
const older = { stream: 'customer-ada', type: 'Registered', data: { name: 'Lovelace' } } as unknown as RecordedEvent;
const unknown = { stream: 'account-alice', type: 'Audited', data: {} } as unknown as RecordedEvent;

describe('a subscription to stream types', () => {
  it('gives their events in their newest form, and asks the store for no others', async () => {
    const strangers = { stream: 'accounting-1', type: 'Deposited', data: {} } as unknown as RecordedEvent;
    const store = holding([deposited('alice', 5), older, strangers, deposited('bob', 6)]);
    const seen: unknown[] = [];
    for await (const each of subscribe(store, { streamTypes: [Account, Customer], filter: { types: ['x'] } })) {
      seen.push(each.type === 'Deposited' ? each.data.amount : [each.data.last, each.schemaVersion]);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([5, ['Lovelace', 2], 6]);
    expect(queries.at(-1)).toMatchObject({
      after: START,
      filter: { types: ['x'], streamPrefixes: ['account-', 'customer-'] },
    });
  });

  it('gives what comes before an event that its type does not know, and raises it then', async () => {
    const store = holding([deposited('alice', 5), unknown, deposited('alice', 6)]);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { data } of subscribe(store, { streamTypes: [Account] })) seen.push(data.amount);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
    expect(seen).toEqual([5]);
    const batches = subscribe(store, { streamTypes: [Account] })
      .batches()
      [Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
  });

  it('skips such an event where the store says so, and goes by its position all the same', async () => {
    const store = holding([deposited('alice', 5), unknown], 'skip');
    for await (const { events, upTo } of subscribe(store, { streamTypes: [Account] }).batches()) {
      expect(events.map(({ data }) => data)).toEqual([{ amount: 5 }]);
      expect(upTo).toBe(sequencePosition(2, 0));
      break;
    }
  });

  it.each<[string, object, string]>([
    ['two of one name', { streamTypes: [Account, Account] }, 'two stream types named "account"'],
    ['what is none', { streamTypes: ['account'] }, 'subscribe'],
    ['no list', { streamTypes: Account }, 'streamTypes: must be an array'],
    [
      'prefixes besides',
      { streamTypes: [Account], filter: { streamPrefixes: ['x-'] } },
      'filter.streamPrefixes: must be left out where streamTypes are given',
    ],
  ])('refuses %s at once', (_, options, message) => {
    expect(raised(() => subscribe(holding([]), options as never)).message).toContain(message);
  });
});
