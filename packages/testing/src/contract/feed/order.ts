/** Positions: one order for the whole store, in which the events of a command stand together. */
import { START } from '@eventcore/core';
import { commit, fill, on, race, send } from '../section/arrange.js';
import { ascending, committed, holds, same } from '../section/expectations.js';
import { wholeFeed, wholeStream } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

export const order: Section = {
  title: 'the order of events',
  clauses: [
    {
      says: "A position is an opaque token; plain string order is the store's order; '' comes before everything.",
      behaviours: {
        'gives every event a position of its own, after the start': async ({ store }) => {
          await fill(store, { [alice]: 12, [bob]: 3 });
          const positions = (await wholeFeed(store)).map(({ position }) => position);
          same(new Set(positions).size, 15, 'No two events share a position.');
          for (const position of positions) holds(START < position, "'' comes before every position.");
        },
        'keeps string order over a thousand events, in one command and in many': async ({ store }) => {
          await fill(store, { [alice]: 700 });
          for (let call = 0; call < 12; call++) {
            await send(
              store,
              ...Array.from({ length: 25 }, () => ({ expected: { [bob]: 'any' as const }, events: [on(bob)] })),
            );
          }
          const events = [...(await wholeStream(store, alice)), ...(await wholeStream(store, bob))];
          ascending(
            events.map(({ position }) => position),
            'Positions are compared as plain strings.',
          );
        },
      },
    },
    {
      says: 'All events of a command stand together in the order of the store, in the order in which they were emitted.',
      behaviours: {
        'keeps the events of a command together and in order, over all its streams': async ({ store }) => {
          const ids = [bob, alice, bob, 'account-carol', alice];
          await commit(store, {
            expected: { [alice]: 0, [bob]: 0, 'account-carol': 0 },
            events: ids.map((id, index) => on(id, `E${index}`)),
          });
          same(
            (await wholeFeed(store)).map(({ type }) => type),
            ['E0', 'E1', 'E2', 'E3', 'E4'],
            'Emitted, and so read.',
          );
        },
        'keeps the events of racing commands together': async ({ store, peer, racers }) => {
          await race(racers, async (n) => {
            const [one, other] = [`account-${n % 7}`, `account-${(n + 1) % 7}`];
            const events = [on(one), on(other), on(one)];
            await commit(n % 2 === 0 ? store : peer, { expected: { [one]: 'any', [other]: 'any' }, events });
          });
          const commands = (await wholeFeed(store)).map(({ commandId }) => commandId);
          const changes = commands.filter((commandId, index) => commandId !== commands[index - 1]);
          same([commands.length, changes.length], [3 * racers, racers], 'No event stands between those of a command.');
        },
      },
    },
    {
      says: 'Positions follow the order of the appends in a call, the versions of a stream, and cause: what was acknowledged before an append began comes before it.',
      behaviours: {
        'gives a later position to what is appended after an acknowledgement': async ({ store, peer, racers }) => {
          let last: string = START;
          for (let round = 0; round < 5; round++) {
            const receipts = await race(Math.ceil(racers / 10), (n) =>
              commit(n % 2 === 0 ? store : peer, {
                expected: { [`account-${n}`]: 'any' },
                events: [on(`account-${n}`)],
              }),
            );
            const positions = receipts.map(({ position }) => position).sort();
            holds(last < positions[0]!, 'What was acknowledged before an append began comes before it.');
            last = positions.at(-1)!;
          }
        },
        'gives the events of each stream positions in the order of their versions': async ({ store, peer, racers }) => {
          await race(racers, async (n) => {
            const ids = [`account-${n % 3}`, `account-${(n + 1) % 3}`];
            const expected = Object.fromEntries(ids.map((id) => [id, 'any' as const]));
            const [outcome] = await send(n % 2 === 0 ? store : peer, { expected, events: ids.map((id) => on(id)) });
            committed(outcome);
          });
          const versions = new Map<string, number>();
          for (const { stream, version } of await wholeFeed(store)) {
            same(
              version,
              (versions.get(stream) ?? 0) + 1,
              `Versions of "${stream}" ascend with positions, without a gap.`,
            );
            versions.set(stream, version);
          }
        },
      },
    },
  ],
};
