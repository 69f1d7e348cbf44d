/**
 * How the suite is shown to be able to fail: stores that break one clause each, and which tests reject them.
 *
 * A broken store is the memory store with something done wrong around it.
 */
import type { EventStore } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import { eventStoreContract, type StoreContract } from '../event-store-contract.js';

/** What is done wrong, around a store that does it right. */
export type Breach = (store: EventStore) => Partial<EventStore>;

/** A store that does what every store has to do, but for the breach. */
export function minimalStore(breach: Breach): EventStore {
  const { read, append, readAll, close, [Symbol.asyncDispose]: dispose } = createMemoryStore();
  const store: EventStore = { read, append, readAll, close, [Symbol.asyncDispose]: dispose, capabilities: {} };
  return { ...store, ...breach(store) };
}

/** A store that does everything, but for the breach. */
export function fullStore(breach: Breach): EventStore {
  const store = createMemoryStore();
  return { ...store, ...breach(store) };
}

/** A breach, and the tests that reject it. */
export interface Breaking {
  readonly breach: Breach;
  /** Tests that have to fail, each as `section: sentence`. */
  readonly by: readonly string[];
  /** Sections in which other tests may fail as well, besides those of the tests above. */
  readonly within?: readonly string[];
}

/** The tests that a store fails, each as `section: sentence`, with what they say. */
export async function failuresOf(
  contract: Omit<StoreContract, 'describe' | 'it'>,
  runs: (section: string) => boolean = () => true,
): Promise<ReadonlyMap<string, string>> {
  const groups: string[] = [];
  const tests: (readonly [name: string, test: () => Promise<void>])[] = [];
  eventStoreContract({
    ...contract,
    describe: (name, group) => {
      groups.push(name);
      group();
      groups.pop();
    },
    it: (sentence, test) => {
      const section = groups.at(-1)!;
      if (runs(section)) tests.push([`${section}: ${sentence}`, test]);
    },
  });
  const failures = new Map<string, string>();
  for (const [name, test] of tests) {
    await test().catch((error: unknown) => failures.set(name, String((error as Error).message)));
  }
  return failures;
}

/**
 * Sections that are left out unless a breach names them: large data breaks nothing that small data does not, nor do wide
 * commands that narrow ones don't, or calls among strangers that calls alone don't, unless it is only there; a refusal needs no
 * store, leases run out in real time, commands rest on all the rest, and the comparison with the memory store repeats it all.
 */
const beside = [
  'sizes',
  'wide commands',
  'strangers amid a call',
  'what no store is given',
  'leases',
  'executing commands',
  'racing commands',
  'subscriptions',
  'the same as in memory',
];

/** The sections that a store with a broken optional part is run against, and those that its breach names. */
const optional = [
  'hold',
  'watch',
  'checkpoints',
  'checkpoints under a lease',
  'rows',
  'rows under a lease',
  'transactions of handlers',
  'looking events up',
  'listing streams',
  'distance between positions',
  'the head of the feed',
  'optional parts',
  'closing',
];

/** What is wrong with the rejection of a broken store: tests that should have failed, and failures out of place. */
export async function rejection(
  { breach, by, within = [] }: Breaking,
  makeStore: (breach: Breach) => EventStore,
  offers: StoreContract['offers'] = [],
  effects?: StoreContract['effects'],
): Promise<{ readonly notRejectedBy: readonly string[]; readonly alsoRejectedBy: readonly string[] }> {
  const sections = new Set([...by, ...within].map((test) => test.split(':', 1)[0]!));
  const failures = await failuresOf(
    { makeStore: async () => makeStore(breach), offers, racers: 40, shortLease: 20, ...(effects && { effects }) },
    (section) => sections.has(section) || (offers.length > 0 ? optional.includes(section) : !beside.includes(section)),
  );
  return {
    notRejectedBy: by.filter((test) => !failures.has(test)),
    alsoRejectedBy: [...failures.keys()].filter((test) => !sections.has(test.split(':', 1)[0]!)),
  };
}
