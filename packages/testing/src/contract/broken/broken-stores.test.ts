/** The suite itself: what a store that keeps the contract passes, and what is said of one that does not. */
import { describe, expect, it } from '@jest/globals';
import type { Append } from '@eventcore/core/store';
import type { OptionalPart } from '../event-store-contract.js';
import { memoryEffects } from '../consumers/memory-effects.fixture.js';
import { failuresOf, fullStore, minimalStore, type Breach } from './broken-store.fixture.js';

const everyPart: readonly OptionalPart[] = [
  'hold',
  'watch',
  'checkpoints',
  'leases',
  'rows',
  'transactions',
  'lookup',
  'listing',
  'distance',
  'head',
  'oneCommit',
];

describe('the contract suite', () => {
  it('accepts a store that does what every store has to do', async () => {
    const failures = await failuresOf({ makeStore: async () => minimalStore(() => ({})), racers: 40 });
    expect([...failures]).toEqual([]);
  }, 30_000);

  it('accepts a store that does everything', async () => {
    const makeStore = async () => fullStore(() => ({}));
    const failures = await failuresOf({ makeStore, offers: everyPart, effects: memoryEffects, racers: 40 });
    expect([...failures]).toEqual([]);
  }, 30_000);

  it('quotes the clause that is broken, and says what was seen', async () => {
    const store = () =>
      minimalStore((correct) => ({
        append: (appends) => correct.append(appends.map((append) => ({ ...append, metadata: {} }))),
      }));
    const failures = await failuresOf({ makeStore: async () => store() }, (section) => section === 'recording events');
    const message = failures.get('recording events: keeps the metadata of neighbours in a call apart');
    expect(message).toContain('The store breaks its contract, which says:');
    expect(message).toContain('An event record holds id, stream, version, position');
    expect(message).toContain('Each command keeps its own metadata and correlation.');
  });

  it('quotes the clause when a call throws, and keeps what was thrown', async () => {
    const failing = () =>
      minimalStore(() => ({
        read: async () => {
          throw new Error('connection refused');
        },
      }));
    const failures = await failuresOf({ makeStore: async () => failing() }, (section) => section === 'reading streams');
    const message = failures.get(
      'reading streams: answers for a stream that does not exist with version 0 and no events',
    );
    expect(message).toContain('0 means that it does not exist yet');
    expect(message).toContain('connection refused');
  });

  it.each<[what: string, breach: Breach]>([
    ['ignores filters', ({ readAll }) => ({ readAll: ({ filter: _, ...query }) => readAll(query) })],
    ['loses data', ({ append }) => ({ append: (appends) => append(appends.map(withoutData)) })],
    ['finds no conflict', ({ append }) => ({ append: (appends) => append(appends.map(expectingNothing)) })],
  ])(
    'says in a few lines what is wrong with a store that %s',
    async (_, breach) => {
      const failures = await failuresOf({ makeStore: async () => minimalStore(breach), racers: 10 });
      expect(failures.size).toBeGreaterThan(10);
      for (const [test, message] of failures) {
        if (message.split('\n').length > 12 || message.length > 1200)
          throw new Error(`${test} says too much:\n${message}`);
      }
    },
    30_000,
  );

  it('makes a store for each test, and disposes of every one, also after a failure', async () => {
    const open = new Set<unknown>();
    let made = 0;
    await failuresOf({
      makeStore: async () => {
        const store = minimalStore(() => ({ readAll: async () => Promise.reject(new Error('no feed')) }));
        open.add(store);
        made += 1;
        return store;
      },
      dispose: async (store) => {
        open.delete(store);
        await store.close();
      },
      racers: 10,
    });
    expect(made).toBeGreaterThan(150);
    expect(open.size).toBe(0);
  }, 30_000);
});

function expectingNothing(append: Append): Append {
  return { ...append, expected: new Map([...append.expected.keys()].map((stream) => [stream, 'any'])) };
}

function withoutData(append: Append): Append {
  return { ...append, events: append.events.map((event) => ({ ...event, data: {} })) };
}
