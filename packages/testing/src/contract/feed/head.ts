/** Where the feed ends: what rebuilds go on to, and lag is measured by. */
import { START, type EventStore } from '@eventcore/core';
import { fill, send, on } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

async function headOf(store: EventStore): Promise<string> {
  const { head } = store.capabilities;
  holds(head !== undefined, 'The store offers its head.');
  return head();
}

export const head: Section = {
  title: 'the head of the feed',
  clauses: [
    {
      says: '`head` gives the position of the last event that there is, with all that was acknowledged before the call.',
      behaviours: {
        'is the start in an empty store': async ({ store }) => {
          same(await headOf(store), START, 'There is no event.');
        },
        'is the position of the last event, of whichever client': async ({ store, peer }) => {
          for (let round = 0; round < 3; round++) {
            await fill(round % 2 === 0 ? store : peer, { [`account-${round}`]: 3 });
            const last = (await wholeFeed(store)).at(-1)!.position;
            for (const client of [store, peer])
              same(await headOf(client), last, 'It is the last position of the feed.');
          }
        },
        'is moved by no append that was refused': async ({ store }) => {
          await fill(store, { 'account-a': 1 });
          const before = await headOf(store);
          await send(store, { expected: { 'account-a': 7 }, events: [on('account-a')] });
          same(await headOf(store), before, 'Nothing was written.');
        },
      },
    },
  ],
};
