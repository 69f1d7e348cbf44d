/** Filters of the feed: by type, by stream and by prefix, applied before the limit. */
import type { EventFilter, EventStore, StreamId } from '@eventcore/core';
import { commit, fill, on, send } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { feedPage, feedPages, wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';
const cart = 'cart-1';

const ids = (...texts: readonly string[]): readonly StreamId[] => texts as readonly StreamId[];

/** One event on each stream, and the streams whose events a filter lets through. */
async function passing(store: EventStore, streams: readonly string[], filter: EventFilter): Promise<readonly string[]> {
  await send(store, ...streams.map((id) => ({ expected: { [id]: 0 }, events: [on(id)] })));
  return (await wholeFeed(store, { filter })).map(({ stream }) => stream);
}

export const filters: Section = {
  title: 'filters of the feed',
  clauses: [
    {
      says: 'A filter lets through what matches one of its types, one of its streams, one of its prefixes; each part that is there has to match.',
      behaviours: {
        'filters by type, byte for byte': async ({ store }) => {
          const types = ['Deposited', 'Withdrawn', 'DepositedTwice', 'deposited', 'Closed', 'Deposited'];
          await commit(store, { expected: { [alice]: 0 }, events: types.map((type) => on(alice, type)) });
          const seen = (await wholeFeed(store, { filter: { types: ['Closed', 'Deposited'] } })).map(({ type }) => type);
          same(seen, ['Deposited', 'Closed', 'Deposited'], 'Events of these types, and of no other.');
        },
        'filters by stream, byte for byte': async ({ store }) => {
          const streams = [alice, bob, 'account-alic', 'account-alice2', 'account-Alice', cart];
          same(
            await passing(store, streams, { streams: ids(cart, alice) }),
            [alice, cart],
            'These streams, and no other.',
          );
        },
        'filters by prefix': async ({ store }) => {
          const streams = [alice, cart, 'account-a', 'account2-alice', bob, 'accountant-alice'];
          const seen = await passing(store, streams, { streamPrefixes: ['cart-', 'account-a'] });
          same(seen, [alice, cart, 'account-a'], 'Streams whose ids begin with one of the prefixes.');
        },
        'lets through an event once that matches in two ways': async ({ store }) => {
          const seen = await passing(store, [alice, bob], { streamPrefixes: ['account-', 'account-a', ''] });
          same(seen, [alice, bob], 'An event is given once, however often it matches.');
        },
        'combines types, streams and prefixes: each has to match': async ({ store }) => {
          for (const id of [alice, bob, cart]) {
            await commit(store, { expected: { [id]: 0 }, events: [on(id, 'Opened'), on(id, 'Closed')] });
          }
          const combined: readonly [EventFilter, readonly string[]][] = [
            [{ types: ['Closed'], streams: ids(alice, cart) }, [alice, cart]],
            [{ types: ['Closed'], streamPrefixes: ['account-'] }, [alice, bob]],
            [{ streams: ids(alice, cart), streamPrefixes: ['account-'], types: ['Closed'] }, [alice]],
            [{ streams: ids(cart), streamPrefixes: ['account-'] }, []],
            [{ types: ['Opened'], streams: ids('account-nobody') }, []],
          ];
          for (const [filter, expected] of combined) {
            const seen = (await wholeFeed(store, { filter })).map(({ stream }) => stream);
            same(seen, expected, `Each part of ${JSON.stringify(filter)} has to match.`);
          }
        },
        'lets nothing through a part that lists nothing, and everything through a filter without parts': async ({
          store,
        }) => {
          await fill(store, { [alice]: 3 });
          for (const filter of [{ types: [] }, { streams: [] }, { streamPrefixes: [] }]) {
            same(await wholeFeed(store, { filter }), [], `${JSON.stringify(filter)} is there, and nothing matches it.`);
          }
          same((await wholeFeed(store, { filter: {} })).length, 3, 'An empty filter has no part that could fail.');
        },
      },
    },
    {
      says: 'Prefixes are plain: no character in them is special.',
      behaviours: {
        'takes `_` in a prefix for itself': async ({ store }) => {
          const seen = await passing(store, ['user_a-1', 'userX-1', 'user-1'], { streamPrefixes: ['user_'] });
          same(seen, ['user_a-1'], '`user_` is no pattern: it must not match `userX`.');
        },
        'takes `%` in a prefix for itself': async ({ store }) => {
          const seen = await passing(store, ['sale-50%off', 'sale-50off', 'sale-505'], {
            streamPrefixes: ['sale-50%'],
          });
          same(seen, ['sale-50%off'], '`%` is no pattern.');
        },
        'takes a backslash, `*`, `?`, brackets, quotes and dots in a prefix for themselves': async ({ store }) => {
          const streams = [
            'doc-a\\b',
            'doc-a*b',
            'doc-a?b',
            'doc-a[b]',
            'doc-a.b',
            "doc-a'b",
            'doc-a"b',
            'doc-axb',
            'doc-a^b',
          ];
          await fill(store, Object.fromEntries(streams.map((id) => [id, 1])));
          for (const id of streams) {
            const filter = { streamPrefixes: [id.slice(0, 'doc-a?'.length)] };
            const seen = (await wholeFeed(store, { filter })).map(({ stream }) => stream);
            same(seen, [id], `The prefix ${JSON.stringify(filter.streamPrefixes[0])} is plain text.`);
          }
        },
        'compares prefixes byte for byte, neither folding case nor normalising': async ({ store }) => {
          const streams = ['doc-É1', 'doc-E\u03011', 'doc-é1', 'doc-😀1', 'doc-😁1', 'doc-ß', 'doc-ss'];
          await fill(store, Object.fromEntries(streams.map((id) => [id, 1])));
          for (const id of streams) {
            const seen = (await wholeFeed(store, { filter: { streamPrefixes: [id] } })).map(({ stream }) => stream);
            same(seen, [id], 'Look-alikes are different.');
          }
        },
      },
    },
    {
      says: 'Filters apply before the limit.',
      behaviours: {
        'counts matching events alone towards the limit': async ({ store }) => {
          for (let round = 0; round < 4; round++) {
            await commit(store, { expected: { [bob]: 'any' }, events: Array.from({ length: 10 }, () => on(bob)) });
            await commit(store, { expected: { [alice]: 'any' }, events: [on(alice)] });
          }
          const { events } = await feedPage(store, { filter: { streams: ids(alice) }, limit: 2 });
          holds(events.length > 0, 'Ten events that do not match stand first, and none of them uses the limit up.');
          const pages = await feedPages(store, { filter: { streams: ids(alice) }, limit: 2 });
          holds(
            pages.every((page) => page.events.length <= 2),
            'A page begins no further command once the limit is reached.',
          );
        },
      },
    },
    {
      says: '`upTo` is the position of the last committed event that was looked at, matching or not, so that a filtered reader advances.',
      behaviours: {
        'advances over events that do not match': async ({ store }) => {
          await fill(store, { [alice]: 2, [bob]: 30 });
          const end = (await wholeFeed(store)).at(-1)!.position;
          for (const filter of [{ streams: ids(alice) }, { types: ['Nothing'] }, { streamPrefixes: ['nobody-'] }]) {
            const pages = await feedPages(store, { filter, limit: 5 });
            same(pages.at(-1)?.upTo, end, 'A filtered reader comes to the end, whatever matched.');
          }
        },
        'advances when new events do not match': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const filter = { streams: ids(alice) };
          const upTo = (await feedPages(store, { filter })).at(-1)!.upTo;
          const { position } = await commit(store, { expected: { [bob]: 0 }, events: [on(bob), on(bob)] });
          const pages = await feedPages(store, { filter, after: upTo });
          same(pages.at(-1)?.upTo, position, 'What does not match is passed over, once.');
        },
        'passes over no matching event, however small the limit': async ({ store }) => {
          const streams = Array.from({ length: 30 }, (_, n) => [alice, bob, cart, bob, bob][n % 5]!);
          await send(store, ...streams.map((id) => ({ expected: { [id]: 'any' as const }, events: [on(id)] })));
          const everything = await wholeFeed(store);
          const positions = new Set<string>(everything.map(({ position }) => position));
          for (const limit of [1, 2, 3, 100]) {
            const pages = await feedPages(store, { filter: { streamPrefixes: ['cart', 'account-a'] }, limit });
            const seen = pages.flatMap(({ events }) => events);
            same(
              seen,
              everything.filter(({ stream }) => stream !== bob),
              `Nothing is lost in pages of ${limit}.`,
            );
            for (const { upTo } of pages) holds(positions.has(upTo), '`upTo` is the position of a committed event.');
          }
        },
        'never ends a filtered page inside a command': async ({ store }) => {
          const command = (): readonly ReturnType<typeof on>[] => [on(alice), on(bob), on(alice), on(bob)];
          await send(
            store,
            ...[1, 2, 3].map(() => ({
              expected: { [alice]: 'any' as const, [bob]: 'any' as const },
              events: command(),
            })),
          );
          const everything = await wholeFeed(store);
          const ends = new Set<string>([3, 7, 11].map((index) => everything[index]!.position));
          for (const limit of [1, 2, 3]) {
            for (const { events, upTo } of await feedPages(store, { filter: { streams: ids(alice) }, limit })) {
              same(events.length % 2, 0, `With a limit of ${limit}, a page holds half of what matches in a command.`);
              holds(ends.has(upTo), '`upTo` is where a command ends, also where its last event does not match.');
            }
          }
        },
      },
    },
  ],
};
