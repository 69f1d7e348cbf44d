/** Listing streams by id. */
import type { EventStore, StreamId } from '@eventcore/core';
import { byteOrder } from '@eventcore/core/store';
import type { ListedStream, StreamListing } from '@eventcore/core/store';
import { commit, fill, on, send } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { keysWhereOrdersPart } from '../values/hostile-corpus.js';
import type { Section } from '../section/section.js';

function listingOf(store: EventStore): StreamListing {
  const { listing } = store.capabilities;
  holds(listing !== undefined, 'The store offers a listing.');
  return listing;
}

/** All streams whose ids begin with a prefix, page by page. */
async function listed(store: EventStore, prefix: string, limit = 100): Promise<readonly ListedStream[]> {
  const streams: ListedStream[] = [];
  for (;;) {
    const after = streams.at(-1)?.stream;
    const page = await listingOf(store).list({ prefix, limit, ...(after !== undefined && { after }) });
    holds(page.length <= limit, `A page lists at most ${limit} streams.`);
    const onward = after === undefined || page.every(({ stream }) => byteOrder(after, stream) < 0);
    holds(onward, `A page goes on after "${after}", the last id of the page before.`);
    if (page.length === 0) return streams;
    streams.push(...page);
  }
}

const idsOf = (streams: readonly ListedStream[]): readonly StreamId[] => streams.map(({ stream }) => stream);

export const listing: Section = {
  title: 'listing streams',
  clauses: [
    {
      says: "Streams are listed with their versions, in the order of their ids' UTF-8 bytes.",
      behaviours: {
        'lists streams with their versions, in the order of their ids': async ({ store }) => {
          await fill(store, { 'account-b': 2, 'account-a': 1, 'account-B': 3, 'account-10': 1, 'account-9': 1 });
          same(
            (await listed(store, 'account-')).map(({ stream, version }) => [stream, version]),
            [
              ['account-10', 1],
              ['account-9', 1],
              ['account-B', 3],
              ['account-a', 1],
              ['account-b', 2],
            ],
            'Capital letters come before small ones, and digits are no numbers.',
          );
        },
        'lists streams in the order of UTF-8 bytes, also where UTF-16 units have another one': async ({ store }) => {
          const ids = keysWhereOrdersPart.map((key) => `account-${key}`);
          await send(store, ...ids.toReversed().map((id) => ({ expected: { [id]: 0 }, events: [on(id)] })));
          for (const limit of [1, 3, 100]) {
            same(idsOf(await listed(store, 'account-', limit)), ids, `By code points, in pages of ${limit}.`);
          }
          for (const [index, id] of ids.entries()) {
            const page = await listingOf(store).list({ prefix: '', after: id as StreamId, limit: 100 });
            same(idsOf(page), ids.slice(index + 1), `What comes after ${JSON.stringify(id)}.`);
          }
        },
        'lists nothing in an empty store, and under a prefix that nobody has': async ({ store }) => {
          same(await listed(store, ''), [], 'There is no stream yet.');
          await fill(store, { 'account-a': 1 });
          same(await listed(store, 'order-'), [], 'There is no order.');
        },
        'lists streams that exist, not those that were only read or refused': async ({ store }) => {
          await commit(store, { expected: { 'account-a': 0, 'account-read': 0 }, events: [on('account-a')] });
          await send(store, { expected: { 'account-a': 0, 'account-new': 0 }, events: [on('account-new')] });
          await commit(store, { expected: { 'account-empty': 0 } });
          same(idsOf(await listed(store, '')), ['account-a'], 'A stream exists from its first event on.');
        },
        'tells the versions of streams as of now': async ({ store }) => {
          await fill(store, { 'account-a': 1 });
          await listed(store, 'account-');
          await commit(store, { expected: { 'account-a': 1 }, events: [on('account-a'), on('account-a')] });
          same((await listed(store, 'account-'))[0]?.version, 3, 'The stream has moved.');
        },
      },
    },
    {
      says: 'A listing goes on after the last id of the page before.',
      behaviours: {
        'is read to its end in pages of any size': async ({ store }) => {
          const ids = Array.from({ length: 57 }, (_, n) => `account-${String(n).padStart(3, '0')}`);
          await send(store, ...ids.toReversed().map((id) => ({ expected: { [id]: 0 }, events: [on(id)] })));
          for (const limit of [1, 10, 57, 1000])
            same(idsOf(await listed(store, 'account-', limit)), ids, `Pages of ${limit}.`);
        },
        'goes on after an id that is no stream, or no more than a part of one': async ({ store }) => {
          await fill(store, { 'account-a': 1, 'account-c': 1 });
          const page = await listingOf(store).list({ prefix: 'account-', after: 'account-b' as StreamId, limit: 10 });
          same(idsOf(page), ['account-c'], '`after` is a place in the order of ids.');
        },
      },
    },
    {
      says: 'Prefixes are plain: no character in them is special.',
      behaviours: {
        'takes `_`, `%`, backslashes and quotes in a prefix for themselves': async ({ store }) => {
          const ids = [
            'user_a-1',
            'userX-1',
            'sale-50%off',
            'sale-50off',
            'doc-a\\b',
            'doc-aXb',
            "doc-'a",
            'doc-"a',
            'doc-é',
            'doc-e\u0301',
          ];
          await fill(store, Object.fromEntries(ids.map((id) => [id, 1])));
          for (const prefix of ['user_', 'sale-50%', 'doc-a\\', "doc-'", 'doc-"', 'doc-é', 'doc-e\u0301', 'u', '']) {
            const expected = ids.filter((id) => id.startsWith(prefix)).sort(byteOrder);
            same(idsOf(await listed(store, prefix)), expected, `The prefix ${JSON.stringify(prefix)} is plain text.`);
          }
        },
      },
    },
  ],
};
