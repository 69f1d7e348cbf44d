import { describe, expect, it } from '@jest/globals';
import { Account, Audit } from '../bank.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import * as v from 'valibot';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { EventStore, FeedQuery, StoreSettings } from '../store/event-store.js';
import { deposited, opened, recorded, withdrawn } from './recorded.fixture.js';
import { subscribe } from './subscribe.js';

const noted = recorded(5, 'audit-x', 'Noted', { text: 'x' });

/** A store of which nothing is there but these events, all of them in one page. */
function feedOf(events: readonly RecordedEvent[], settings: StoreSettings = {}) {
  const queries: FeedQuery[] = [];
  const store = {
    settings,
    capabilities: {},
    async readAll(query: FeedQuery) {
      queries.push(query);
      const { streamPrefixes = [''] } = query.filter ?? {};
      const last = events.at(-1)!.position;
      if (query.after === last) return { events: [], upTo: last };
      return { events: events.filter(({ stream }) => streamPrefixes.some((p) => stream.startsWith(p))), upTo: last };
    },
  };
  return { store: store as unknown as EventStore, queries };
}

async function take<T>(from: AsyncIterable<T>, count: number): Promise<readonly T[]> {
  const taken: T[] = [];
  for await (const one of from) if (taken.push(one) === count) break;
  return taken;
}

describe('a subscription to stream types', () => {
  it('gives all events of their streams, and asks for no others', async () => {
    const { store, queries } = feedOf([opened, deposited, noted, withdrawn]);
    expect(await take(subscribe(store, { streamTypes: [Account] }), 3)).toEqual([opened, deposited, withdrawn]);
    expect(queries[0]!.filter).toEqual({ streamPrefixes: ['account-'] });
    const [batch] = await take(subscribe(store, { streamTypes: [Account, Audit] }).batches(), 1);
    expect(batch).toEqual({ events: [opened, deposited, noted, withdrawn], upTo: withdrawn.position });
  });

  it('gives events as their newest schemas have them, and frozen', async () => {
    const Renewed = defineStream('account', {
      events: {
        AccountOpened: event(v.object({ name: v.string() }), {
          version: 2,
          upcast: { 1: ({ owner }: { owner: string }) => ({ name: owner }) },
        }),
      },
      state: () => ({}),
      fold: {},
    });
    const { store } = feedOf([opened]);
    const [given] = await take(subscribe(store, { streamTypes: [Renewed] }), 1);
    expect(given).toEqual({ ...opened, schemaVersion: 2, data: { name: 'Alice' } });
    expect(Object.isFrozen(given) && Object.isFrozen(given!.data)).toBe(true);
  });

  it('ends with an error at an event that nobody knows, unless the store skips those', async () => {
    const events = [opened, recorded(2, 'account-alice', 'Renamed', {}), withdrawn];
    const { store } = feedOf(events);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { type } of subscribe(store, { streamTypes: [Account] })) seen.push(type);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
    expect(seen).toEqual(['AccountOpened']);
    await expect(take(subscribe(store, { streamTypes: [Account] }).batches(), 1)).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    const skipping = feedOf(events, { onUnknownEvent: 'skip' });
    const [batch] = await take(subscribe(skipping.store, { streamTypes: [Account] }).batches(), 1);
    expect(batch).toEqual({ events: [opened, withdrawn], upTo: withdrawn.position });
  });

  it('takes the other parts of a filter, and the signal', async () => {
    const { store, queries } = feedOf([opened]);
    const end = new AbortController();
    const options = { filter: { streams: [opened.stream] }, signal: end.signal };
    for await (const _ of subscribe(store, { streamTypes: [Account], ...options })) end.abort();
    expect(queries[0]!.filter).toEqual({ streamPrefixes: ['account-'], streams: ['account-alice'] });
  });

  it.each<[string, object, string]>([
    ['what is no stream type', { streamTypes: [Account.at('alice')] }, 'subscribe'],
    ['no array', { streamTypes: Account }, 'streamTypes: must be an array of stream types'],
    [
      'two ways to say which streams',
      { streamTypes: [Account], filter: { streamPrefixes: ['a'] } },
      'must be left out',
    ],
  ])('refuses %s at once', (_, options, message) => {
    const { store } = feedOf([opened]);
    expect(() => subscribe(store, options as never)).toThrow(message);
  });
});
