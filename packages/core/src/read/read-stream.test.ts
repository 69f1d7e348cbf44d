import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import type { ListedStream } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import { FakeStore } from '../execute/fake-store.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import { load, readStream, streams } from './read-stream.js';

const alice = Account.at('alice');
const opened = { type: 'AccountOpened', data: { owner: 'Alice' } };
const deposited = (amount: number) => ({ type: 'MoneyDeposited', data: { amount } });
const stored = (type: string, schemaVersion: number, data: object) => ({ type, schemaVersion, data: data as never });
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
};

describe('reading the events of a stream', () => {
  it('gives whole records, in their order', async () => {
    const store = new FakeStore().write('account-alice', opened, deposited(5)).write('account-bob', deposited(7));

    const events = await all(readStream(store, alice));

    expect(events).toEqual(store.events('account-alice'));
    expect(events).toMatchObject([
      { stream: 'account-alice', version: 1, type: 'AccountOpened', data: { owner: 'Alice' }, metadata: {} },
      { stream: 'account-alice', version: 2, type: 'MoneyDeposited', data: { amount: 5 } },
    ]);
  });

  it('is typed: the type of an event tells what its data are', async () => {
    const store = new FakeStore().write('account-alice', opened, deposited(5), deposited(6));
    let sum = 0;
    for await (const item of readStream(store, alice)) if (item.type === 'MoneyDeposited') sum += item.data.amount;
    expect(sum).toBe(11);
  });

  it('goes page by page up to the version of the first page, whatever comes meanwhile', async () => {
    const store = new FakeStore().write('account-alice', ...[1, 2, 3, 4, 5].map(deposited));
    store.pageSize = 2;
    store.atNextRead((_, proceed) => {
      const result = proceed();
      store.write('account-alice', deposited(6), deposited(7), deposited(8));
      return result;
    });

    const versions = (await all(readStream(store, alice))).map(({ version }) => version);

    expect(versions).toEqual([1, 2, 3, 4, 5]);
    expect(store.reads).toEqual([
      { streams: [{ stream: 'account-alice', after: 0, detail: 'full' }] },
      { streams: [{ stream: 'account-alice', after: 2, upTo: 5, detail: 'full' }] },
      { streams: [{ stream: 'account-alice', after: 4, upTo: 5, detail: 'full' }] },
    ]);
  });

  it('may begin after a version', async () => {
    const store = new FakeStore().write('account-alice', opened, deposited(5), deposited(6));
    expect((await all(readStream(store, alice, { after: 2 }))).map(({ version }) => version)).toEqual([3]);
    expect(await all(readStream(store, alice, { after: 3 }))).toEqual([]);
    expect(await all(readStream(store, alice, { after: 99 }))).toEqual([]);
    await expect(all(readStream(store, alice, { after: -1 }))).rejects.toThrow(
      'A version is a count of events, not -1',
    );
  });

  it('gives nothing for a stream that does not exist', async () => {
    expect(await all(readStream(new FakeStore(), alice))).toEqual([]);
  });

  it('reads nothing before it is asked, and no further page than it is asked for', async () => {
    const store = new FakeStore().write('account-alice', ...[1, 2, 3, 4].map(deposited));
    store.pageSize = 2;
    const reading = readStream(store, alice);
    expect(store.reads).toHaveLength(0);
    await reading.next();
    await reading.next();
    expect(store.reads).toHaveLength(1);
    await reading.next();
    expect(store.reads).toHaveLength(2);
    await reading.return();
    expect(store.reads).toHaveLength(2);
  });

  it('brings older events up to their newest form, and leaves the rest of the record as it is', async () => {
    const Customer = defineStream('customer', {
      events: {
        Registered: event(v.object({ last: v.string() }), {
          version: 2,
          upcast: { 1: ({ name }: { name: string }) => ({ last: name }) },
        }),
      },
      state: () => ({ last: '' }),
      fold: { Registered: (_, { last }) => ({ last }) },
    });
    const older = stored('Registered', 1, { name: 'Lovelace' });
    const store = new FakeStore().write('customer-ada', older, stored('Registered', 2, { last: 'Byron' }));
    const [kept] = store.events('customer-ada');

    const events = await all(readStream(store, Customer.at('ada')));

    expect(events[0]).toEqual({ ...kept, schemaVersion: 2, data: { last: 'Lovelace' } });
    expect(events[1]).toMatchObject({ schemaVersion: 2, data: { last: 'Byron' } });
    expect(kept).toMatchObject({ schemaVersion: 1, data: { name: 'Lovelace' } });
    expect(await load(store, Customer.at('ada'))).toEqual({ last: 'Byron' });
  });

  it('stops at an event that its type does not know, or skips it where the store says so', async () => {
    const unknown = [deposited(5), { type: 'AccountAudited', data: {} }, deposited(6)];
    const strict = new FakeStore().write('account-alice', ...unknown);
    await expect(all(readStream(strict, alice))).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
      context: { stream: 'account-alice', event: 'AccountAudited' },
    });
    const lenient = new FakeStore({ settings: { onUnknownEvent: 'skip' } }).write('account-alice', ...unknown);
    expect((await all(readStream(lenient, alice))).map(({ version }) => version)).toEqual([1, 3]);
  });

  it('says so when the store promises more events and gives none', async () => {
    const store = new FakeStore().write('account-alice', deposited(5));
    store.pageSize = 0;
    await expect(all(readStream(store, alice))).rejects.toMatchObject({
      code: 'STORE_CONTRACT_BROKEN',
      message: 'The store says that "account-alice" is at version 1, and gave no event after 0.',
    });
  });

  it.each(['account-alice', { id: 'account-alice', key: 'alice' }, Account, undefined])(
    'needs a reference of a stream type, and not %p',
    async (value) => {
      await expect(all(readStream(new FakeStore(), value as never))).rejects.toMatchObject({
        code: 'DEFINITION',
        message: "readStream needs a reference to a stream, such as Account.at('alice').",
      });
      await expect(load(new FakeStore(), value as never)).rejects.toMatchObject({
        code: 'DEFINITION',
        message: "load needs a reference to a stream, such as Account.at('alice').",
      });
    },
  );
});

describe('loading a stream', () => {
  it('gives its state, folded by its type, from lean pages', async () => {
    const store = new FakeStore().write('account-alice', opened, ...[1, 2, 3, 4].map(deposited));
    store.pageSize = 2;
    expect(await load(store, alice)).toEqual({ open: true, balance: 10 });
    expect(store.reads.map(({ streams: [query] }) => query)).toEqual([
      { stream: 'account-alice', after: 0 },
      { stream: 'account-alice', after: 2, upTo: 5 },
      { stream: 'account-alice', after: 4, upTo: 5 },
    ]);
  });

  it('gives the initial state of one that does not exist', async () => {
    expect(await load(new FakeStore(), alice)).toEqual({ open: false, balance: 0 });
  });

  it('gives its state at a version, and reads no further than that', async () => {
    const store = new FakeStore().write('account-alice', opened, ...[1, 2, 3, 4].map(deposited));
    store.pageSize = 2;
    expect(await load(store, alice, { version: 3 })).toEqual({ open: true, balance: 3 });
    expect(store.reads.map(({ streams: [query] }) => query)).toEqual([
      { stream: 'account-alice', after: 0, upTo: 3 },
      { stream: 'account-alice', after: 2, upTo: 3 },
    ]);
    expect(await load(store, alice, { version: 0 })).toEqual({ open: false, balance: 0 });
    expect(await load(store, alice, { version: 99 })).toEqual({ open: true, balance: 10 });
  });

  it.each([-1, 1.5, NaN, '2'])('refuses %p as a version', async (version) => {
    const asked = load(new FakeStore(), alice, { version: version as number });
    await expect(asked).rejects.toThrow(`The version is not valid: must be a count of events, not ${version}`);
  });

  describe('at a time', () => {
    const at = (recordedAt: string, amount: number) => ({ ...deposited(amount), recordedAt });
    const history = () =>
      new FakeStore().write(
        'account-alice',
        at('2026-03-03T10:00:00.000Z', 1),
        at('2026-03-03T23:59:59.999Z', 2),
        at('2026-03-04T00:00:00.000Z', 4),
        // Somebody has set the clock back.
        at('2026-03-03T12:00:00.000Z', 8),
      );

    it.each<[Date | string, number]>([
      ['2026-03-02', 0],
      ['2026-03-03T10:00:00.000Z', 1],
      [new Date('2026-03-03T10:00:00.001Z'), 1],
      ['2026-03-03T23:59Z', 1],
      ['2026-03-03T23:59:59.999Z', 3],
      ['2026-03-03T23:59:59.9Z', 1],
      ['2026-03-04', 15],
      [new Date('2030-01-01'), 15],
    ])('gives the state as of %p: those count that were recorded up to the first later one', async (time, balance) => {
      for (const pageSize of [1, 3, 100]) {
        const store = history();
        store.pageSize = pageSize;
        expect(await load(store, alice, { time })).toMatchObject({ balance });
      }
    });

    it('asks for whole records, since folding needs none', async () => {
      const store = history();
      await load(store, alice, { time: '2026-03-04' });
      expect(store.reads[0]!.streams).toEqual([{ stream: 'account-alice', after: 0, detail: 'full' }]);
    });

    it.each(['yesterday', '3 March 2026', '2026-03-03T10:00:00', '2026-03-03T10:00:00+01:00', new Date(NaN), 5, null])(
      'refuses %p',
      async (time) => {
        await expect(load(history(), alice, { time: time as string })).rejects.toMatchObject({
          code: 'VALIDATION',
          subject: 'The time',
        });
      },
    );
  });

  it('gives a frozen state: it may be shared', async () => {
    expect(Object.isFrozen(await load(new FakeStore(), alice))).toBe(true);
  });

  it('skips unknown events where the store says so', async () => {
    const events = [{ type: 'AccountAudited', data: {} }, deposited(6)];
    await expect(load(new FakeStore().write('account-alice', ...events), alice)).rejects.toThrow("doesn't know");
    const lenient = new FakeStore({ settings: { onUnknownEvent: 'skip' } }).write('account-alice', ...events);
    expect(await load(lenient, alice)).toEqual({ open: false, balance: 6 });
  });
});

describe('listing the streams of a type', () => {
  type Query = Parameters<NonNullable<EventStore['capabilities']['listing']>['list']>[0];
  /** A store that lists these, and no more at once than it is asked for. */
  const listingStore = (ids: readonly string[], queries: Query[] = []): EventStore => {
    const list = async (query: Query) => {
      queries.push(query);
      return ids
        .filter((id) => id.startsWith(query.prefix) && id > (query.after ?? ''))
        .slice(0, query.limit)
        .map((stream) => ({ stream, version: 1 }) as unknown as ListedStream);
    };
    return Object.assign(new FakeStore(), { capabilities: { listing: { list } } }) as unknown as EventStore;
  };
  const accounts = Array.from({ length: 2500 }, (_, index) => `account-${String(index).padStart(4, '0')}`);

  it('gives all of them, page by page, in the order of their ids', async () => {
    const queries: Query[] = [];
    const listed = await all(streams(listingStore(accounts, queries), Account));
    expect(listed.map(({ stream }) => stream)).toEqual(accounts);
    expect(listed[0]).toEqual({ stream: 'account-0000', version: 1 });
    expect(queries).toEqual([
      { prefix: 'account-', limit: 1000 },
      { prefix: 'account-', limit: 1000, after: 'account-0999' },
      { prefix: 'account-', limit: 1000, after: 'account-1999' },
      { prefix: 'account-', limit: 1000, after: 'account-2499' },
    ]);
  });

  it('gives none of other types, however alike their names are', async () => {
    const store = listingStore(['accoun-x', 'account-a', 'account2-x', 'account_-x', 'accounts-x']);
    expect((await all(streams(store, Account))).map(({ stream }) => stream)).toEqual(['account-a']);
  });

  it('asks for no further page than it is asked for', async () => {
    const queries: Query[] = [];
    for await (const { stream } of streams(listingStore(accounts, queries), Account)) if (stream === accounts[5]) break;
    expect(queries).toHaveLength(1);
  });

  it('needs a store that can', async () => {
    await expect(all(streams(new FakeStore(), Account))).rejects.toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: 'This store can\'t list its streams: it has no capability "listing".',
    });
  });
});
