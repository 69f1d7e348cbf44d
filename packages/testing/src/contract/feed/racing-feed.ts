/** The feed under concurrency: a consumer that remembers only `upTo` misses nothing, whatever commits late. */
import { START, type EventFilter, type EventStore, type StreamId } from '@eventcore/core';
import type { FeedPage } from '@eventcore/core/store';
import { breathe, commit, on, race, whileWriting } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { feedPage, versionOf, wholeFeed } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

/** Commands of one to four events over several streams, from many writers at once. */
async function manyWriters({ store, peer, racers }: Given): Promise<void> {
  await race(10, async (writer) => {
    for (let turn = 0; turn < racers / 10; turn++) {
      const ids = [`account-${(writer + turn) % 7}`, `account-${(writer + 3) % 7}`, `order-${turn % 5}`];
      const events = Array.from({ length: 1 + ((writer + turn) % 4) }, (_, index) => on(ids[index % 3]!));
      await commit(writer % 2 === 0 ? store : peer, {
        expected: Object.fromEntries(ids.map((id) => [id, 'any'])),
        events,
      });
      await breathe();
    }
  });
}

/** Reads on from the `upTo` of each page until the writers are done and the end is reached. */
async function follow(
  store: EventStore,
  limit: number,
  writing: () => boolean,
  filter?: EventFilter,
): Promise<FeedPage[]> {
  const pages: FeedPage[] = [];
  for (let after = START; ;) {
    const more = writing();
    const page = await feedPage(store, { after, limit, ...(filter && { filter }) });
    pages.push(page);
    if (page.upTo === after && !more) return pages;
    after = page.upTo;
    await breathe();
  }
}

/** What consumers of several page sizes were given while the writers were at work. */
async function consumed(given: Given, filter?: EventFilter): Promise<readonly (readonly FeedPage[])[]> {
  return whileWriting(
    () => manyWriters(given),
    (writing) => {
      const limits = [1, 7, 100];
      return race(limits.length, (n) => follow(n === 1 ? given.peer : given.store, limits[n]!, writing, filter));
    },
  );
}

export const racingFeed: Section = {
  title: 'the feed while others write',
  clauses: [
    {
      says: 'A reader that remembers only `upTo` never skips an event, whatever commits late, and gets none twice.',
      behaviours: {
        'delivers every event once and in order to consumers that follow racing writers': async (given) => {
          const followed = await consumed(given);
          const everything = (await wholeFeed(given.store)).map(({ id }) => id);
          holds(everything.length >= given.racers, 'The writers have written.');
          for (const pages of followed) {
            const seen = pages.flatMap(({ events }) => events.map(({ id }) => id));
            same(seen, everything, 'Every event, once, in the order of the store.');
          }
        },
        'delivers every matching event once to consumers that filter': async (given) => {
          const filter: EventFilter = { streamPrefixes: ['order-'], types: ['Noted'] };
          const followed = await consumed(given, filter);
          const everything = await wholeFeed(given.store);
          const matching = everything.filter(({ stream }) => stream.startsWith('order-')).map(({ id }) => id);
          for (const pages of followed) {
            const seen = pages.flatMap(({ events }) => events.map(({ id }) => id));
            same(seen, matching, 'Every matching event, once, in the order of the store.');
            same(pages.at(-1)?.upTo, everything.at(-1)?.position, 'And the reader comes to the end.');
          }
        },
      },
    },
    {
      says: 'A page never ends inside a command, and `upTo` is always the position of a committed event.',
      behaviours: {
        'shows no part of a command to consumers that follow racing writers': async (given) => {
          const followed = await consumed(given);
          const everything = await wholeFeed(given.store);
          const sizes = new Map<string, number>();
          for (const { commandId } of everything) sizes.set(commandId, (sizes.get(commandId) ?? 0) + 1);
          for (const { events } of followed.flat()) {
            const seen = new Map<string, number>();
            for (const { commandId } of events) seen.set(commandId, (seen.get(commandId) ?? 0) + 1);
            for (const [commandId, size] of seen) same(size, sizes.get(commandId), 'A page holds commands as a whole.');
          }
        },
        'gives checkpoints that are positions of committed events': async (given) => {
          const filter: EventFilter = { streams: ['order-1' as StreamId] };
          const followed = await consumed(given, filter);
          const positions = new Set<string>([START]);
          for (const { position } of await wholeFeed(given.store)) positions.add(position);
          for (const { upTo } of followed.flat()) {
            holds(positions.has(upTo), `"${upTo}" is not the position of a committed event.`);
          }
        },
      },
    },
    {
      says: 'The feed never runs ahead of the streams: what a consumer has been given is seen by every later read.',
      behaviours: {
        'delivers nothing that a reader of the stream does not see': async (given) => {
          await whileWriting(
            () => manyWriters(given),
            async (writing) => {
              for (let after = START; writing();) {
                const { events, upTo } = await feedPage(given.store, { after, limit: 5 });
                after = upTo;
                const last = events.at(-1);
                if (last !== undefined) {
                  const there = (await versionOf(given.peer, last.stream)) >= last.version;
                  holds(there, 'An event that was delivered is committed, for every reader.');
                }
                await breathe();
              }
            },
          );
        },
      },
    },
  ],
};
