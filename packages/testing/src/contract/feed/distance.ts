/** How many events lie between two positions: what lag and progress are measured by. */
import { START, type EventStore } from '@eventcore/core';
import type { PositionDistance } from '@eventcore/core/store';
import { fill, on, send } from '../section/arrange.js';
import { holds, same } from '../section/expectations.js';
import { wholeFeed } from '../section/observe.js';
import type { Section } from '../section/section.js';

function distanceOf(store: EventStore): PositionDistance {
  const { distance } = store.capabilities;
  holds(distance !== undefined, 'The store offers a distance.');
  return distance;
}

export const distance: Section = {
  title: 'distance between positions',
  clauses: [
    {
      says: 'A distance counts the events after `from`, up to and with `to`, and says whether it is exact.',
      behaviours: {
        'counts the events between two positions, also inside commands': async ({ store }) => {
          await fill(store, { 'account-a': 3 });
          await send(
            store,
            ...[1, 2].map(() => ({
              expected: { 'account-b': 'any' as const },
              events: [on('account-b'), on('account-b')],
            })),
          );
          const positions = [START, ...(await wholeFeed(store)).map(({ position }) => position)];
          for (const [first, from] of positions.entries()) {
            for (const [last, to] of positions.entries()) {
              if (last < first) continue;
              const { events, exact } = await distanceOf(store)(from, to);
              if (exact) same(events, last - first, 'A distance that says it is exact is exact.');
              holds(Number.isFinite(events) && events >= 0, `A distance is a count of events, not ${events}.`);
              if (from === to) same(events, 0, 'From a position to itself there is nothing.');
            }
          }
        },
        'is nothing in an empty store': async ({ store }) => {
          same((await distanceOf(store)(START, START)).events, 0, 'There is no event.');
        },
      },
    },
  ],
};
