/** The contract suite: what every store has to do, shown by behaviours that run under any test framework. */
import type { EventStore } from '@eventcore/core';
import type { Capabilities } from '@eventcore/core/store';
import { oneCommit, strangers } from './appends/amid-a-call.js';
import { appending } from './appends/appending.js';
import { batches } from './appends/batches.js';
import { calls } from './calls/calls.js';
import { chains } from './appends/chains.js';
import { checkpoints, fencing } from './consumers/checkpoints.js';
import { closing } from './calls/closing.js';
import { conflicts } from './appends/conflicts.js';
import { distance } from './feed/distance.js';
import { same } from './section/expectations.js';
import { feed } from './feed/feed.js';
import { filters } from './feed/filters.js';
import { head } from './feed/head.js';
import { hold } from './appends/hold.js';
import { hostileData } from './values/hostile-data.js';
import { idempotency } from './appends/idempotency.js';
import { lateCommits, type HoldCommits } from './feed/late-commits.js';
import { leases } from './consumers/leases.js';
import { listing } from './reads/listing.js';
import { lookup } from './reads/lookup.js';
import { lostReplies, type LoseReply } from './calls/lost-replies.js';
import { order } from './feed/order.js';
import { races } from './appends/races.js';
import { racingFeed } from './feed/racing-feed.js';
import { reading } from './reads/reading.js';
import { recording } from './reads/recording.js';
import { fencedRows, rows } from './consumers/rows.js';
import { repeatedIds } from './appends/repeated-ids.js';
import { refusals } from './values/refusals.js';
import { judge, type Given, type Section } from './section/section.js';
import { sameAsMemory } from './section/same-as-memory.js';
import { sizes } from './values/sizes.js';
import { snapshots } from './reads/snapshots.js';
import { transactions, type Effects } from './consumers/transactions.js';
import { watch } from './feed/watch.js';
import { wideCommands } from './appends/wide-commands.js';
import { writeSkew } from './appends/write-skew.js';
import { executing } from './commands/executing.js';
import { racingCommands } from './commands/racing-commands.js';
import { subscribing } from './commands/subscribing.js';

/**
 * A part of the contract that a store may leave out.
 *
 * @example
 * ```ts
 * import type { OptionalPart } from '@eventcore/testing';
 *
 * const offers: readonly OptionalPart[] = ['hold', 'watch', 'checkpoints'];
 * ```
 */
export type OptionalPart = 'hold' | 'watch' | keyof Capabilities;

/**
 * What the suite needs of a test framework, and of the store.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { createMemoryStore } from '@eventcore/memory';
 * import type { StoreContract } from '@eventcore/testing';
 *
 * const contract: StoreContract = { describe, it, makeStore: async () => createMemoryStore() };
 * ```
 */
export interface StoreContract {
  /** The framework's function that groups tests: jest's, vitest's, `node:test`'s. */
  readonly describe: (name: string, group: () => void) => unknown;
  /** The framework's function that registers a test. Tests are independent of each other. */
  readonly it: (name: string, test: () => Promise<void>) => unknown;
  /** An empty store, for one test: perhaps in a schema of its own. */
  readonly makeStore: () => Promise<EventStore>;
  /** Another client of the same storage, as a second process would be: calls then race on both. */
  readonly makePeer?: (store: EventStore) => Promise<EventStore>;
  /** Ends a store after its test, also one that is closed already. By default: `store.close()`. */
  readonly dispose?: (store: EventStore) => Promise<void>;
  /** The optional parts that the store offers, exactly: each has tests of its own. By default none. */
  readonly offers?: readonly OptionalPart[];
  /**
   * Holds commits, for a store that can: then the suite shows, every time and not by chance, that a commit that comes late
   * is skipped by no reader and holds up none for ever. In PostgreSQL it may be a trigger that waits for a lock.
   */
  readonly holdCommits?: HoldCommits;
  /**
   * Loses replies, for a store that can: then the suite shows that what may have been applied is never called a failure. It may be
   * a proxy before the server that cuts the connection when the reply comes.
   */
  readonly loseReply?: LoseReply;
  /** What a handler can do in a transaction of the store's: for a store that offers `transactions`, which needs `checkpoints` too. */
  readonly effects?: Effects;
  /** How many calls race each other: 200, unless given. */
  readonly racers?: number;
  /** How many streams a wide command names: 200, unless given. Let it be more than whatever your store treats in another way. */
  readonly width?: number;
  /**
   * The shortest lease, in milliseconds, that the tests wait for to run out: 1,000 unless given, since a store need not be finer than
   * that. Where it is, the tests are sooner done with less.
   */
  readonly shortLease?: number;
  /** What the outermost group is called: `the event store contract`, unless given. */
  readonly title?: string;
}

/** What every store does. */
const required: readonly Section[] = [
  reading,
  appending,
  recording,
  conflicts,
  batches,
  chains,
  strangers,
  idempotency,
  repeatedIds,
  order,
  feed,
  filters,
  races,
  writeSkew,
  wideCommands,
  snapshots,
  racingFeed,
  hostileData,
  sameAsMemory,
  sizes,
  refusals,
  calls,
  closing,
  executing,
  racingCommands,
  subscribing,
];

/** What a store does that offers these parts, all of them. */
const optional: readonly (readonly [needs: readonly OptionalPart[], section: Section])[] = [
  [['hold'], hold],
  [['watch'], watch],
  [['checkpoints'], checkpoints],
  [['leases'], leases],
  [['checkpoints', 'leases'], fencing],
  [['checkpoints', 'rows'], rows],
  [['checkpoints', 'rows', 'leases'], fencedRows],
  [['lookup'], lookup],
  [['listing'], listing],
  [['distance'], distance],
  [['head'], head],
  [['oneCommit'], oneCommit],
];

/**
 * Registers the tests that show whether a store keeps the contract of `@eventcore/core`. An adapter that passes them
 * is done; a failure quotes the clause that is broken.
 *
 * Every test makes a store of its own. None takes more than a few hundred calls, or than a few seconds where a call
 * takes a millisecond: raise the framework's time limit to 30 s for stores behind a network.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { createMemoryStore, type MemoryContext } from '@eventcore/memory';
 * import { eventStoreContract } from '@eventcore/testing';
 *
 * eventStoreContract({
 *   describe,
 *   it,
 *   makeStore: async () => createMemoryStore(),
 *   offers: ['hold', 'watch', 'checkpoints', 'leases', 'rows', 'transactions', 'lookup', 'listing', 'distance', 'head', 'oneCommit'],
 *   effects: {
 *     write: async ({ tx }: MemoryContext, key) => tx.set('effects', key, true),
 *     isThere: async (store, key) => (await store.capabilities.rows!.load('effects', [key])).has(key),
 *   },
 * });
 * ```
 */
export function eventStoreContract(contract: StoreContract): void {
  const { describe, it, offers = [], title = 'the event store contract', holdCommits, loseReply, effects } = contract;
  const sections = [
    ...required,
    ...optional.filter(([needs]) => needs.every((part) => offers.includes(part))).map(([, section]) => section),
    ...(holdCommits === undefined ? [] : [lateCommits(holdCommits)]),
    ...(loseReply === undefined ? [] : [lostReplies(loseReply)]),
    ...(effects === undefined ? [] : [transactions(effects)]),
    declaration(offers, effects),
  ];
  describe(title, () => {
    for (const section of sections) {
      describe(section.title, () => {
        for (const clause of section.clauses) {
          for (const [sentence, behaviour] of Object.entries(clause.behaviours)) {
            it(sentence, () => withStore(contract, (given) => judge(clause, behaviour, given)));
          }
        }
      });
    }
  });
}

/** A part that is offered and not tested would be trusted without reason; one that is tested has to be there. */
function declaration(offers: readonly OptionalPart[], effects: Effects | undefined): Section {
  return {
    title: 'optional parts',
    clauses: [
      {
        says: '`hold`, `watch` and the capabilities are optional, and tested when they are there: name in `offers` what the store has.',
        behaviours: {
          'offers the optional parts that the suite was told of, and no others': async ({ store }) => {
            const { sharedCalls: _said, ...capabilities } = store.capabilities;
            const parts = { hold: store.hold, watch: store.watch, ...capabilities };
            const there = Object.entries(parts).filter(([, part]) => part !== undefined);
            same(there.map(([name]) => name).sort(), [...new Set(offers)].sort(), 'What there is, is tested.');
          },
          'says what a handler can do in a transaction, if it has some': async () => {
            same(effects !== undefined, offers.includes('transactions'), '`effects` is there for `transactions`.');
          },
        },
      },
    ],
  };
}

async function withStore(contract: StoreContract, run: (given: Given) => Promise<void>): Promise<void> {
  const { makeStore, makePeer, dispose = (store) => store.close() } = contract;
  const { racers = 200, width = 200, shortLease = 1000 } = contract;
  const store = await makeStore();
  try {
    const peer = (await makePeer?.(store)) ?? store;
    try {
      await run({ store, peer, racers, width, shortLease });
    } finally {
      if (peer !== store) await peer.close();
    }
  } finally {
    await dispose(store);
  }
}
