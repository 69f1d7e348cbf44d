/** Subscriptions over the store: whatever its feed does, a consumer is given every event, once and in order. */
import {
  START,
  subscribe,
  type EventFilter,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@eventcore/core';
import { breathe, commit, fill, on, race, together, type Plan } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { wholeFeed } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

/** A subscription looks by itself this often, in milliseconds: the suite depends on no wake-up. */
const pollInterval = 5;

/** A consumer that is given too little has waited long enough after this many milliseconds. */
const patience = 3000;

/** Commands of one event or of two. */
const plan = (n: number): Plan => {
  const ids = [`account-${n % 5}`, `order-${n % 3}`].slice(0, 1 + (n % 2));
  return { expected: Object.fromEntries(ids.map((id) => [id, 'any'])), events: ids.map((id) => on(id)) };
};

/** From many at once. */
function write({ store, peer }: Given, count: number): Promise<unknown> {
  return race(10, async (writer) => {
    for (let n = 0; n < count / 10; n++) {
      await commit(n % 2 === 0 ? store : peer, plan(writer + 7 * n));
      await breathe();
    }
  });
}

/** What a consumer is given, from where it stood, until it has enough. */
async function consumed(
  store: EventStore,
  after: Position,
  enough: (event: RecordedEvent, count: number) => boolean,
  milliseconds = patience,
): Promise<{ readonly ids: readonly string[]; readonly position: Position }> {
  const ids: string[] = [];
  let position = after;
  const signal = AbortSignal.timeout(milliseconds);
  for await (const event of subscribe(store, { after, batchSize: 7, pollInterval, signal })) {
    ids.push(event.id);
    position = event.position;
    if (enough(event, ids.length)) break;
  }
  return { ids, position };
}

export const subscribing: Section = {
  title: 'subscriptions',
  clauses: [
    {
      says: 'A consumer that remembers only its last position never skips an event, whatever commits late.',
      behaviours: {
        'gives what is there, and then what comes, once and in order, on every client': async (given) => {
          const isEnd = ({ type }: RecordedEvent): boolean => type === 'End';
          await write(given, 10);
          const writing = write(given, given.racers).then(() =>
            commit(given.store, { expected: { 'account-end': 'any' }, events: [on('account-end', 'End')] }),
          );
          const [, here, there] = await together([
            writing,
            consumed(given.store, START, isEnd, 4 * patience),
            consumed(given.peer, START, isEnd, 4 * patience),
          ]);
          const everything = (await wholeFeed(given.store)).map(({ id }) => id);
          same(here.ids, everything, 'Every event, once, in the order of the store.');
          same(there.ids, everything, 'So on the other client.');
        },
        'goes on where a consumer left, also within a command': async (given) => {
          await write(given, 20);
          const everything = (await wholeFeed(given.store)).map(({ id }) => id);
          const ids: string[] = [];
          let after = START;
          for (let size = 1; ids.length < everything.length; size += 2) {
            const wanted = Math.min(size, everything.length - ids.length);
            const part = await consumed(given.store, after, (_, count) => count >= wanted);
            ids.push(...part.ids);
            after = part.position;
            if (part.ids.length < wanted) break;
          }
          same(ids, everything, 'Parts of any size make up the whole.');
        },
      },
    },
    {
      says: '`subscribe(…).batches()` yields `{ events, upTo }` by whole commands, also for a filter that nothing matches.',
      behaviours: {
        'gives whole commands in each batch, and moves over what a filter passes by': async (given) => {
          await fill(given.store, { 'order-0': 3 });
          await write(given, 20);
          const last = (await wholeFeed(given.store)).at(-1)!.position;
          const signal = AbortSignal.timeout(patience);
          const commands: string[] = [];
          for await (const { events, upTo } of subscribe(given.store, {
            batchSize: 3,
            pollInterval,
            signal,
          }).batches()) {
            commands.push(...new Set(events.map(({ commandId }) => commandId)));
            if (upTo >= last) break;
          }
          same(new Set(commands).size, commands.length, 'No command is on two batches.');
          const filter: EventFilter = { types: ['Nobody'] };
          let reached: Position = START;
          for await (const { events, upTo } of subscribe(given.store, {
            filter,
            batchSize: 3,
            pollInterval,
          }).batches()) {
            same(events, [], 'Nothing matches.');
            reached = upTo;
            if (upTo >= last) break;
          }
          holds(reached === last, 'A consumer that filters comes to the end all the same.');
        },
      },
    },
  ],
};
