/** A store whose commits come late and that copes with it, and those that don't, each with the tests that reject it. */
import { describe, expect, it } from '@jest/globals';
import { failuresOf } from '../broken/broken-store.fixture.js';
import { createLateStore, holdCommits, type LateReading } from './late-store.fixture.js';

const section = 'commits that come late';

async function failures(reading: LateReading, runs = (title: string): boolean => title === section) {
  const found = await failuresOf({ makeStore: async () => createLateStore(reading), holdCommits, racers: 40 }, runs);
  return [...found.keys()].map((name) => name.replace(`${section}: `, '')).sort();
}

describe('the contract suite, given a hook that holds commits', () => {
  it('accepts a store in which commits come late, and that keeps the whole contract', async () => {
    expect(await failures({}, () => true)).toEqual([]);
  }, 30_000);

  it('accepts a store whose feed waits until nothing is on its way', async () => {
    expect(await failures({ readersWait: true })).toEqual([]);
  }, 30_000);

  it('rejects a hook that holds nothing', async () => {
    const nothing = { reached: new Promise<void>(() => {}), release: async () => {}, rollBack: async () => {} };
    const found = await failuresOf(
      { makeStore: async () => createLateStore(), holdCommits: async () => nothing },
      (title) => title === section,
    );
    const messages = [...found.values()];
    expect(messages).toHaveLength(8);
    expect(messages.filter((message) => !message.includes('The hook stops an append'))).toEqual([]);
  }, 30_000);

  const breaches: readonly (readonly [what: string, reading: LateReading, by: readonly string[]])[] = [
    [
      'reads whatever is there, and skips what commits late',
      { safe: (_, last) => last },
      [
        'passes with no `upTo` what may yet commit',
        'skips no event that commits late, for no consumer',
        'skips nothing of two that are late, whichever of them commits first',
      ],
    ],
    [
      'stands still for ever at what was rolled back',
      { forgetsRollbacks: true },
      ['goes on when an append was rolled back whose position was drawn'],
    ],
    [
      'looks at the last append that is open, and not at the first',
      { safe: (open, last) => (open.length > 0 ? Math.max(...open) - 1 : last) },
      ['skips nothing of two that are late, whichever of them commits first'],
    ],
    [
      'shows what is not committed',
      { dirty: true },
      ['shows nothing of an append before it commits, and all of it afterwards'],
    ],
    [
      'refuses an append while the same one is on its way',
      { refusesIdsInFlight: true },
      [
        'applies an append once that is sent again while the first one is still on its way',
        'applies an append that is sent again when the first one is rolled back',
      ],
    ],
  ];

  it.each(breaches)(
    'rejects a store that %s',
    async (_, reading, by) => {
      expect(await failures(reading)).toEqual(by);
    },
    30_000,
  );
});
