/** The feed: all events in the order of the store, page by page. */
import {
  isEventCoreError,
  parsePosition,
  START,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@eventcore/core';
import type { FeedPage } from '@eventcore/core/store';
import { commit, fill, on, send, type Plan } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { feedPage, feedPages, wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

/** Commands of these sizes, over two streams each. */
async function commandsOf(store: EventStore, ...sizes: readonly number[]): Promise<void> {
  const plan = (size: number): Plan => ({
    expected: { [alice]: 'any', [bob]: 'any' },
    events: Array.from({ length: size }, (_, index) => on(index % 2 === 0 ? alice : bob, `E${index}`)),
  });
  await send(store, ...sizes.map(plan));
}

/** Where the feed ends for now. */
async function endOf(store: EventStore): Promise<Position> {
  return (await feedPages(store)).at(-1)!.upTo;
}

/** What a call was refused with, if it was. */
function refusalOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const idsOf = (events: readonly RecordedEvent[]): readonly string[] => events.map(({ id }) => id);

export const feed: Section = {
  title: 'the feed',
  clauses: [
    {
      says: '`readAll` gives events in position order.',
      behaviours: {
        'gives every event once, in the order of the store, across streams': async ({ store }) => {
          const receipts = [
            await commit(store, { expected: { [bob]: 0 }, events: [on(bob)] }),
            await commit(store, { expected: { [alice]: 0, [bob]: 1 }, events: [on(alice), on(bob)] }),
            await commit(store, { expected: { [bob]: 2 }, events: [on(bob), on(bob)] }),
          ];
          const appended = receipts.flatMap(({ events }) => events.map(({ id }) => id));
          same(idsOf(await wholeFeed(store)), appended, 'The feed holds what was appended, in that order.');
        },
        'resumes from any position': async ({ store }) => {
          await commandsOf(store, 1, 3, 2);
          const events = await wholeFeed(store);
          for (const [index, { position }] of events.entries()) {
            const rest = await wholeFeed(store, { after: position });
            same(idsOf(rest), idsOf(events.slice(index + 1)), '`after` gives what comes after that position.');
          }
        },
        'is read to its end in pages of any size': async ({ store }) => {
          await fill(store, { [alice]: 40 });
          await commandsOf(store, ...Array.from({ length: 60 }, (_, index) => 1 + (index % 3)));
          const events = idsOf(await wholeFeed(store));
          for (const limit of [1, 2, 7, 64, 5000]) {
            same(idsOf(await wholeFeed(store, { limit })), events, `Pages of ${limit} make up the same feed.`);
          }
        },
      },
    },
    {
      says: 'A page never ends inside a command (so the limit is soft), while `after` may point inside one.',
      behaviours: {
        'never ends a page inside a command, however small the limit': async ({ store }) => {
          await commandsOf(store, 1, 3, 2, 5, 1, 4);
          for (const limit of [1, 2, 3, 4, 6]) {
            const pages = await feedPages(store, { limit });
            const commands = pages.flatMap(({ events }) => [...new Set(events.map(({ commandId }) => commandId))]);
            same(commands.length, new Set(commands).size, `With a limit of ${limit}, a command is on two pages.`);
          }
        },
        'begins no further command once the limit is reached': async ({ store }) => {
          await commandsOf(store, 2, 2, 2, 2);
          for (const limit of [1, 2, 3, 4, 5]) {
            const { events } = await feedPage(store, { limit });
            const beforeLast = events.length - 2;
            holds(
              events.length >= 2 && beforeLast < limit,
              `With a limit of ${limit}, a page has ${events.length} events.`,
            );
          }
        },
        'gives a command whole that is larger than the limit': async ({ store }) => {
          await commandsOf(store, 300, 1);
          same((await feedPage(store, { limit: 10 })).events.length, 300, 'The limit is soft.');
        },
        'goes on from a position inside a command with the rest of it': async ({ store }) => {
          await commandsOf(store, 1, 4, 2);
          const events = await wholeFeed(store);
          const page = await feedPage(store, { after: events[2]!.position, limit: 1 });
          same(idsOf(page.events), idsOf(events.slice(3, 5)), 'The rest of the command, and no more.');
          same(page.upTo, events[4]!.position, '`upTo` is at the end of the command.');
        },
      },
    },
    {
      says: '`upTo` is the position of the last committed event that was looked at; `upTo === after` is the end for now.',
      behaviours: {
        'answers an empty store with no events, and with the position that it was asked from': async ({ store }) => {
          same(await store.readAll({ after: START, limit: 10 }), { events: [], upTo: '' }, 'There is nothing yet.');
        },
        'tells the end for now by answering with the position that it was asked from': async ({ store }) => {
          await commandsOf(store, 2, 1);
          const upTo = await endOf(store);
          same(await store.readAll({ after: upTo, limit: 10 }), { events: [], upTo }, '`upTo === after` is the end.');
        },
        'goes up to the last event of a page that was not filtered': async ({ store }) => {
          await commandsOf(store, 2, 1, 3, 1);
          for (const { events, upTo } of await feedPages(store, { limit: 2 })) {
            same(upTo, events.at(-1)?.position, 'Without a filter, what was looked at is what is given.');
          }
        },
        'goes on from the end when something was appended since': async ({ store }) => {
          await commandsOf(store, 2);
          const upTo = await endOf(store);
          const { events } = await commit(store, { expected: { [alice]: 'any' }, events: [on(alice)] });
          same(idsOf(await wholeFeed(store, { after: upTo })), [events[0]!.id], 'The new event, and it alone.');
        },
        'sees an append as soon as it was acknowledged': async ({ store, peer }) => {
          let after = START;
          for (let count = 0; count < 10; count++) {
            const [writer, reader] = count % 2 === 0 ? [store, peer] : [peer, store];
            const { position } = await commit(writer, { expected: { [alice]: count }, events: [on(alice)] });
            ({ upTo: after } = await feedPage(reader, { after }));
            same(after, position, 'What was acknowledged is in the feed.');
          }
        },
      },
    },
    {
      says: 'A position is text of at most 255 printable ASCII characters. What can be none of its own a store refuses by a `ValidationError`, or takes as plain string order tells.',
      behaviours: {
        'writes positions that go through headers, cookies and queries': async ({ store }) => {
          await commandsOf(store, 1, 3);
          for (const { position } of await wholeFeed(store)) {
            holds(refusalOf(() => parsePosition(position)) === undefined, `"${position}" is what parsePosition takes.`);
          }
        },
        'refuses what is no position of any store': async ({ store }) => {
          await commandsOf(store, 2);
          for (const text of ['a b', 'a\u0000', 'a\nb', 'é', 'x'.repeat(256)]) {
            const error = await rejectionOf(store.readAll({ after: text as Position, limit: 10 }));
            holds(
              isEventCoreError(error, 'VALIDATION'),
              `\`after\` ${JSON.stringify(text)} is refused by a ValidationError, not ${String(error)}`,
            );
          }
        },
        'refuses a text that is no position of its own, or goes on where it would stand': async ({ store }) => {
          await commandsOf(store, 2, 1);
          const events = await wholeFeed(store);
          for (const text of ['zzz', '!', '0', '1', '9'.repeat(30)]) {
            const page = await store.readAll({ after: text as Position, limit: 10 }).catch((error: unknown) => error);
            if (isEventCoreError(page, 'VALIDATION')) continue;
            holds(!(page instanceof Error), `\`after\` "${text}" is refused by a ValidationError, not ${String(page)}`);
            const rest = events.filter(({ position }) => position > text);
            same(idsOf((page as FeedPage).events), idsOf(rest), `\`after\` "${text}" gives what comes after it.`);
          }
        },
      },
    },
    {
      says: 'What was refused leaves no position and no event.',
      behaviours: {
        'shows nothing of appends that were refused or wrote nothing': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const before = await wholeFeed(store);
          await send(
            store,
            { expected: { [alice]: 0, [bob]: 0 }, events: [on(bob), on(alice)] },
            { expected: { [bob]: 0 } },
          );
          same(await wholeFeed(store), before, 'The feed is as it was.');
          const { position } = await commit(store, { expected: { [bob]: 0 }, events: [on(bob)] });
          const page = await feedPage(store, { after: before.at(-1)!.position });
          holds(
            page.events.length === 1 && page.upTo === position,
            'The next event is the next one that was committed.',
          );
        },
      },
    },
  ],
};
