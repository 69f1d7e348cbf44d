/** `hold`: deciding while the streams are locked, so that no conflict is possible. */
import type { EventStore } from '@eventcore/core';
import type { Append, HoldQuery, StreamPage } from '@eventcore/core/store';
import {
  anAppend,
  at,
  breathe,
  commit,
  fill,
  numbered,
  on,
  race,
  stream,
  whileWriting,
  type Plan,
} from '../section/arrange.js';
import { committed, conflicted, contents, duplicate, holds, lean, same } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream, wholeStreams } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

const held = (id: string, after = 0, mode: HoldQuery['mode'] = 'write'): HoldQuery => ({
  stream: stream(id),
  after: at(after),
  mode,
});

/** An append that rests on streams exactly as the hold has handed them over. */
function asHeld(pages: readonly StreamPage[], ...plans: readonly Omit<Plan, 'expected'>[]): readonly Append[] {
  const expected = Object.fromEntries(pages.map(({ stream, version }) => [stream, version]));
  return plans.map((plan) => anAppend({ ...plan, expected }));
}

function holding(
  store: EventStore,
  queries: readonly HoldQuery[],
  decide: (pages: readonly StreamPage[]) => readonly Append[],
) {
  holds(store.hold !== undefined, 'The store offers `hold`.');
  return store.hold(queries, decide);
}

export const hold: Section = {
  title: 'hold',
  clauses: [
    {
      says: '`hold` locks the streams, hands over what the caller has missed of each, appends what `decide` gives back, and commits.',
      behaviours: {
        'hands over what was missed of each stream, and its version': async ({ store }) => {
          await fill(store, { [alice]: 4, [bob]: 2 });
          let pages: readonly StreamPage[] = [];
          await holding(store, [held(alice, 1), held(bob, 2, 'read'), held('account-new')], (given) => {
            pages = given;
            return [];
          });
          same(
            pages.map(({ stream, version }) => [stream, version]),
            [
              [alice, 4],
              [bob, 2],
              ['account-new', 0],
            ],
            'A page for each query.',
          );
          same(lean(pages[0]!.events), lean((await wholeStream(store, alice)).slice(1)), 'What came after version 1.');
          same([pages[1]!.events, pages[2]!.events], [[], []], 'Nothing was missed of the others.');
        },
        'hands over whole records when they are asked for': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          let pages: readonly StreamPage[] = [];
          await holding(store, [{ ...held(alice), detail: 'full' }], (given) => {
            pages = given;
            return [];
          });
          same(pages[0]?.events, await wholeStream(store, alice), '`detail: "full"` asks for whole records.');
        },
        'commits what was decided, and answers as an append does': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const outcomes = await holding(store, [held(alice), held(bob)], (pages) =>
            asHeld(pages, { events: [on(alice, 'Held'), on(bob, 'Held')] }),
          );
          const receipt = committed(outcomes[0]);
          same(
            receipt.versions,
            new Map([
              [alice, 3],
              [bob, 1],
            ]),
            'The receipt is that of an append.',
          );
          const events = (await wholeFeed(store)).filter(({ type }) => type === 'Held');
          same(
            events.map(({ id }) => id),
            receipt.events.map(({ id }) => id),
            'The events are in the feed.',
          );
        },
        'judges several appends as one call would': async ({ store }) => {
          const outcomes = await holding(store, [held(alice)], () => [
            anAppend({ expected: { [alice]: 0 }, events: [on(alice)] }),
            anAppend({ expected: { [alice]: 0 }, events: [on(alice)] }),
            anAppend({ expected: { [alice]: { after: 0 } }, events: [on(alice)] }),
          ]);
          same(
            outcomes.map(({ kind }) => kind),
            ['committed', 'conflict', 'committed'],
            'Each is judged by itself.',
          );
          same(conflicted(outcomes[1])[0]?.reason, 'moved', 'A number is never the effect of a neighbour.');
        },
        'answers known command ids': async ({ store }) => {
          const append = anAppend({ expected: { [alice]: 0 }, events: [on(alice)] });
          const first = await commit(store, append);
          const outcomes = await holding(store, [held(alice)], () => [append]);
          same(contents(duplicate(outcomes[0])), contents(first), 'Ids are answered before versions are compared.');
        },
        'checks what was decided on another version than the one that is held': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const outcomes = await holding(store, [held(alice, 1)], () => [
            anAppend({ expected: { [alice]: 1 }, events: [on(alice)] }),
          ]);
          same(conflicted(outcomes[0])[0]?.actual, 2, 'Appends of a hold are checked like any other.');
        },
        'asks for a decision once, with all that was missed': async ({ store }) => {
          await fill(store, { [alice]: 25, [bob]: 3 });
          const asked: (readonly number[])[] = [];
          await holding(store, [held(alice), held(bob, 1, 'read')], (pages) => {
            asked.push(pages.map(({ events }) => events.length));
            return asHeld(pages, { events: [on(alice)] });
          });
          same(asked, [[25, 2]], 'Nobody can read on while holding, so a page of a hold does not end early.');
        },
        'answers with no outcomes when nothing was decided': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const before = await wholeFeed(store);
          same(await holding(store, [held(alice)], () => []), [], 'No appends, no outcomes.');
          same(await wholeFeed(store), before, 'Nothing was written.');
        },
      },
    },
    {
      says: 'It throws what `decide` throws; then nothing was written, and the streams are free again.',
      behaviours: {
        'throws what the decision throws, writes nothing and lets go': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          const before = await wholeFeed(store);
          const rejection = new Error('insufficient funds');
          const thrown = await holding(store, [held(alice), held(bob)], () => {
            throw rejection;
          }).catch((error: unknown) => error);
          holds(thrown === rejection, 'The very error of the decision comes back.');
          same(await wholeFeed(store), before, 'Nothing was written.');
          await commit(store, { expected: { [alice]: 1, [bob]: 0 }, events: numbered(alice, 1, 2) });
        },
      },
    },
    {
      says: 'No conflict is possible on streams that are held, whoever else is writing.',
      behaviours: {
        'commits every racing hold on one stream, each decided on the one before': async ({ store, peer, racers }) => {
          const holders = Math.ceil(racers / 8);
          await race(holders, async (n) => {
            const outcomes = await holding(n % 2 === 0 ? store : peer, [held(alice)], (pages) =>
              asHeld(pages, { events: [on(alice, 'Counted', { to: pages[0]!.version + 1 })] }),
            );
            committed(outcomes[0]);
          });
          const counted = (await wholeStream(store, alice)).map(({ data }) => data);
          same(
            counted,
            Array.from({ length: holders }, (_, n) => ({ to: n + 1 })),
            'No update is lost.',
          );
        },
        'commits holds among racing appends': async ({ store, peer, racers }) => {
          await whileWriting(
            () =>
              race(Math.ceil(racers / 20), async () => {
                const outcomes = await holding(store, [held(alice), held(bob, 0, 'read')], (pages) =>
                  asHeld(pages, { events: [on(alice, 'Held')] }),
                );
                committed(outcomes[0]);
                await breathe();
              }),
            (writing) =>
              race(3, async (n) => {
                for (const id = n === 0 ? bob : alice; writing(); await breathe()) {
                  await commit(n % 2 === 0 ? peer : store, {
                    expected: { [alice]: 'any', [bob]: 'any' },
                    events: [on(id)],
                  });
                }
              }),
          );
          const events = await wholeStream(store, alice);
          same(
            events.map(({ version }) => version),
            events.map((_, index) => index + 1),
            'Versions have no gap.',
          );
        },
        'answers racing holds that name their streams in opposite orders': async ({ store, peer, racers }) => {
          await race(Math.ceil(racers / 8), async (n) => {
            const ids = n % 2 === 0 ? [alice, bob] : [bob, alice];
            const outcomes = await holding(
              n % 4 < 2 ? store : peer,
              ids.map((id) => held(id)),
              (pages) => asHeld(pages, { events: ids.map((id) => on(id)) }),
            );
            committed(outcomes[0]);
          });
          const lengths = (await wholeStreams(store, [alice, bob])).map(({ length }) => length);
          same(lengths, [Math.ceil(racers / 8), Math.ceil(racers / 8)], 'No deadlock, and every decision was applied.');
        },
        'lets one of two racing decisions win that each hold both streams and write one': async ({
          store,
          peer,
          racers,
        }) => {
          const pairs = Math.ceil(racers / 8);
          await race(2 * pairs, async (n) => {
            const ids = [`left-${n >> 1}`, `right-${n >> 1}`];
            const [written, read] = n % 2 === 0 ? ids : ids.toReversed();
            await holding(n % 2 === 0 ? store : peer, [held(written!), held(read!, 0, 'read')], (pages) =>
              pages.every(({ version }) => version === 0) ? asHeld(pages, { events: [on(written!)] }) : [],
            );
          });
          for (let n = 0; n < pairs; n++) {
            const versions = await Promise.all([versionOf(store, `left-${n}`), versionOf(store, `right-${n}`)]);
            same(versions[0]! + versions[1]!, 1, 'A stream that is only read stands still as well.');
          }
        },
      },
    },
  ],
};
