/** Stores into whose calls others come, and which are wrong about it; and one that is right. */
import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '@eventcore/core';
import { oneByOne, type Outcome, type Stale } from '@eventcore/core/store';
import { breathe } from '../section/arrange.js';
import { failuresOf, minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import { partsOf } from '../section/observe.js';

/** Makes each append of a call a commit of its own, and lets others come in between. */
const severalCommits = ({ append }: EventStore): EventStore['append'] =>
  oneByOne(async (one, options) => {
    await breathe();
    return (await append([one], options))[0]!;
  });

/** The same, and changes what is told of streams that others have moved amid the call. */
const telling =
  (change: (stale: Stale & { readonly reason: 'stale' }, store: EventStore) => Promise<Stale>): Breach =>
  (store) => ({
    async append(appends, options) {
      const outcomes = await severalCommits(store)(appends, options);
      const told = outcomes.map(async (outcome): Promise<Outcome> => {
        if (outcome.kind !== 'conflict') return outcome;
        const stale = outcome.stale.map(async (each) =>
          each.reason === 'stale' && typeof each.expected === 'object' ? change(each, store) : each,
        );
        return { kind: 'conflict', stale: await Promise.all(stale) };
      });
      return Promise.all(told);
    },
  });

const breaches: Readonly<Record<string, Breaking>> = {
  'lets a link follow whoever came in between': {
    breach: (store) => ({
      async append(appends) {
        const outcomes: Outcome[] = [];
        for (const append of appends) {
          await breathe();
          const bases = [...append.expected.values()].filter((each) => typeof each === 'object');
          const applied = bases.every(({ after }) => outcomes[after]?.kind === 'committed');
          // Right where nobody comes in between, and where the base was refused.
          const versions = await partsOf(store, ...[...append.expected.keys()].map((of) => ({ of, limit: 1 })));
          const expected = [...append.expected].map(([id, each], index) => {
            return [id, typeof each === 'object' && applied ? versions[index]!.version : each] as const;
          });
          outcomes.push(...(await store.append([{ ...append, expected: new Map(expected) }])));
        }
        return outcomes;
      },
    }),
    by: ['strangers amid a call: applies each link right behind the one that it rests on, or not at all'],
    within: ['several appends in a call', 'chains of appends in a call', 'command ids', 'repeated command ids'],
  },
  'takes whoever came in between for a refusal of the call': {
    breach: telling(async ({ stream, expected, actual }) => ({ stream, expected, actual, reason: 'chain' })),
    by: [
      'strangers amid a call: tells of a stranger who came in between as of any other, and what rests on that is a `chain`',
    ],
  },
  'tells where the stream was before the stranger came': {
    breach: telling(async (stale) => ({ ...stale, actual: (stale.actual - (stale.missed?.length ?? 0)) as never })),
    by: [
      'strangers amid a call: tells of a stranger who came in between as of any other, and what rests on that is a `chain`',
    ],
  },
  'hands over what its own call has written as missed': {
    breach: telling(async (stale, store) => {
      const [page] = await partsOf(store, { of: stale.stream, upTo: stale.actual });
      return { ...stale, missed: page!.events };
    }),
    by: [
      'strangers amid a call: tells of a stranger who came in between as of any other, and what rests on that is a `chain`',
    ],
  },
};

describe('the contract suite', () => {
  it('accepts a store whose calls are several commits, and which notices whoever comes in between', async () => {
    const makeStore = async () => minimalStore((store) => ({ append: severalCommits(store) }));
    expect([...(await failuresOf({ makeStore, racers: 40 }))]).toEqual([]);
  }, 30_000);

  it('rejects a store that says its calls are one commit, and that lets others come in between', async () => {
    const breaking: Breaking = {
      breach: (store) => ({ append: severalCommits(store), capabilities: { oneCommit: true } }),
      by: [
        'calls that are one commit: applies a chain whole, whoever else is writing',
        'calls that are one commit: lets nobody come between blind appends of a call',
        'calls that are one commit: shows all appends of a call, or none',
      ],
    };
    const none = { notRejectedBy: [], alsoRejectedBy: [] };
    expect(await rejection(breaking, minimalStore, ['oneCommit'])).toEqual(none);
  }, 30_000);
});

describe('the contract suite rejects a store that', () => {
  for (const [name, breaking] of Object.entries(breaches)) {
    it(
      name,
      async () => {
        expect(await rejection(breaking, minimalStore)).toEqual({ notRejectedBy: [], alsoRejectedBy: [] });
      },
      30_000,
    );
  }
});
