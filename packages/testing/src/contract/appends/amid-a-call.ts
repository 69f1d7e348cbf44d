/**
 * Whether somebody else may come between the appends of one call. Where a call is one commit nobody can, and a store that says
 * so is held to it. In every other store a chain notices whoever came in between.
 */
import type { Outcome } from '@eventcore/core/store';
import { breathe, commit, numbered, on, race, send, times, whileWriting, type Plan } from '../section/arrange.js';
import { committed, conflicted, holds, lean, same } from '../section/expectations.js';
import { partsOf, wholeStream } from '../section/observe.js';
import type { Given, Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

/** Sends calls one after the other, while two strangers write to the stream as often as they can. */
async function amongStrangers(
  { store, peer, racers }: Given,
  plansOf: (n: number) => readonly Plan[],
): Promise<readonly (readonly Outcome[])[]> {
  const calls: (readonly Outcome[])[] = [];
  await whileWriting(
    async () => {
      for (let n = 0; n < racers / 10; n++) {
        calls.push(await send(store, ...plansOf(n)));
        await breathe();
      }
    },
    (writing) =>
      race(2, async () => {
        for (; writing(); await breathe()) {
          await commit(peer, { expected: { [alice]: 'any' }, events: [on(alice, 'Foreign')] });
        }
      }),
  );
  return calls;
}

/** Four links; the first one expects nothing, so that the chain begins wherever the strangers have come to. */
const chain = (): readonly Plan[] =>
  times(4, (n) => ({ expected: { [alice]: n === 0 ? 'any' : { after: n - 1 } }, events: numbered(alice, 1, n) }));

export const strangers: Section = {
  title: 'strangers amid a call',
  clauses: [
    {
      says: '`{ after: k }` is judged against the version that append k really left. Who has moved the stream since makes it a conflict, and `stale`: no refusal of what was applied before.',
      behaviours: {
        'applies each link right behind the one that it rests on, or not at all': async (given) => {
          const calls = await amongStrangers(given, chain);
          const events = await wholeStream(given.store, alice);
          for (const outcomes of calls) {
            const links = outcomes.filter(({ kind }) => kind === 'committed').map((outcome) => committed(outcome));
            const kinds = outcomes.map(({ kind }) => kind);
            same(
              kinds,
              outcomes.map((_, k) => (k < links.length ? 'committed' : 'conflict')),
              'From the first link that is refused on, all are.',
            );
            const first = committed(outcomes[0]).events[0]!.version;
            same(
              links.map(({ versions }) => versions.get(alice as never)),
              links.map((_, k) => first + k),
              'Nobody stands between what a link rests on and the link.',
            );
            same(
              links.map(({ events: [link] }) => link?.id),
              events.slice(first - 1, first - 1 + links.length).map(({ id }) => id),
              'It is there as its receipt says.',
            );
          }
        },
        'tells of a stranger who came in between as of any other, and what rests on that is a `chain`': async (
          given,
        ) => {
          const calls = await amongStrangers(given, chain);
          const events = await wholeStream(given.store, alice);
          for (const outcomes of calls) {
            const k = outcomes.findIndex(({ kind }) => kind !== 'committed');
            if (k === -1) continue;
            const [overtaken, ...others] = conflicted(outcomes[k]);
            same(
              [overtaken?.stream, overtaken?.reason, overtaken?.expected, others],
              [alice, 'stale', { after: k - 1 }, []],
              'Its link was applied, and committed history has moved since.',
            );
            const left = committed(outcomes[k - 1]).versions.get(alice as never)!;
            holds(
              overtaken!.actual > left,
              `The stream has moved on from ${left}, where append ${k - 1} left it, not to ${overtaken!.actual}.`,
            );
            if (overtaken?.reason === 'stale' && overtaken.missed !== undefined) {
              const since = events.slice(left, overtaken.actual);
              same(lean(overtaken.missed), lean(since), 'What was missed is what came after append k.');
            }
            for (const outcome of outcomes.slice(k + 1)) {
              same(conflicted(outcome)[0]?.reason, 'chain', 'What it rests on was not applied.');
            }
          }
        },
      },
    },
  ],
};

/** For stores that say so. */
export const oneCommit: Section = {
  title: 'calls that are one commit',
  clauses: [
    {
      says: '`oneCommit`: a call of several appends is one commit. Nobody writes between them, and nobody sees some of them without the others.',
      behaviours: {
        'applies a chain whole, whoever else is writing': async (given) => {
          for (const outcomes of await amongStrangers(given, chain)) for (const outcome of outcomes) committed(outcome);
        },
        'lets nobody come between blind appends of a call': async (given) => {
          const blind = (): Plan => ({ expected: { [alice]: 'any' }, events: [on(alice)] });
          for (const outcomes of await amongStrangers(given, () => times(4, blind))) {
            const versions = outcomes.map((outcome) => committed(outcome).events[0]!.version);
            same(
              versions,
              versions.map((_, k) => versions[0]! + k),
              'The appends of the call stand side by side.',
            );
          }
        },
        'shows all appends of a call, or none': async ({ store, peer, racers }) => {
          const call = [alice, bob].map((id): Plan => ({ expected: { [id]: 'any' }, events: [on(id)] }));
          await whileWriting(
            async () => {
              for (let n = 0; n < racers / 5; n++) {
                for (const outcome of await send(store, ...call)) committed(outcome);
                await breathe();
              }
            },
            async (writing) => {
              for (; writing(); await breathe()) {
                const pages = await partsOf(peer, { of: alice, limit: 1 }, { of: bob, limit: 1 });
                same(pages[0]!.version, pages[1]!.version, 'A snapshot holds the whole call, or nothing of it.');
              }
            },
          );
        },
      },
    },
  ],
};
