/** Stores whose optional parts are wrong, or that are closed wrongly, and the tests that reject them. */
import { describe, expect, it } from '@jest/globals';
import { CheckpointMoved, isEventCoreError, START, type EventStore, type Position } from '@eventcore/core';
import type {
  CheckpointStore,
  ConsumerStep,
  EventLookup,
  HandlerTransactions,
  LeaseStore,
  RowStore,
  StreamListing,
} from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import { breathe } from '../section/arrange.js';
import { failuresOf, fullStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import { memoryEffects } from '../consumers/memory-effects.fixture.js';
import { partsOf } from '../section/observe.js';

const offers = [
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
] as const;

const withCheckpoints = (change: (checkpoints: CheckpointStore) => Partial<CheckpointStore>): Breach =>
  offering('checkpoints', change);
const withLeases = (change: (leases: LeaseStore) => Partial<LeaseStore>): Breach => offering('leases', change);
const withRows = (change: (rows: RowStore, store: EventStore) => Partial<RowStore>): Breach => offering('rows', change);
const withTransactions = (
  change: (transactions: HandlerTransactions, store: EventStore) => Partial<HandlerTransactions>,
): Breach => offering('transactions', change);
const withLookup = (change: (lookup: EventLookup) => Partial<EventLookup>): Breach => offering('lookup', change);
const withListing = (change: (listing: StreamListing, store: EventStore) => Partial<StreamListing>): Breach =>
  offering('listing', change);

const breaches: Readonly<Record<string, Breaking>> = {
  'holds without locks': {
    breach: (store) => ({
      async hold(queries, decide) {
        const pages = await partsOf(store, ...queries.map(({ stream: of, after }) => ({ of, after })));
        await breathe();
        return store.append(decide(pages));
      },
    }),
    by: [
      'hold: commits every racing hold on one stream, each decided on the one before',
      'hold: commits holds among racing appends',
    ],
    within: ['hold', 'closing'],
  },
  'checks nothing under a hold': {
    breach: (store) => ({
      hold: (queries, decide) =>
        store.hold!(queries, (pages) =>
          decide(pages).map((append) => ({
            ...append,
            expected: new Map([...append.expected].map(([id, each]) => [id, typeof each === 'number' ? 'any' : each])),
          })),
        ),
    }),
    by: [
      'hold: checks what was decided on another version than the one that is held',
      'hold: judges several appends as one call would',
    ],
  },
  'hands over whole streams to a hold': {
    breach: (store) => ({
      hold: (queries, decide) =>
        store.hold!(
          queries.map((query) => ({ ...query, after: 0 as never })),
          decide,
        ),
    }),
    by: ['hold: hands over what was missed of each stream, and its version'],
  },
  'hands over pages to a hold in another order': {
    breach: (store) => ({
      hold: (queries, decide) => store.hold!(queries.toReversed(), decide),
    }),
    by: ['hold: hands over what was missed of each stream, and its version'],
  },
  'keeps what a decision throws to itself': {
    breach: (store) => ({
      hold: (queries, decide) =>
        store.hold!(queries, (pages) => {
          try {
            return decide(pages);
          } catch {
            return [];
          }
        }),
    }),
    by: ['hold: throws what the decision throws, writes nothing and lets go'],
  },
  'wakes its watchers once': {
    breach: (store) => ({
      async *watch(signal) {
        for await (const _ of store.watch!(signal)) {
          yield;
          break;
        }
      },
    }),
    by: ['watch: wakes again and again'],
    within: ['watch'],
  },
  'ends a watch with an error': {
    breach: (store) => ({
      async *watch(signal) {
        yield* store.watch!(signal);
        signal.throwIfAborted();
      },
    }),
    by: ['watch: ends when the signal is aborted', 'watch: ends at once when the signal is aborted already'],
  },
  'has one checkpoint for all consumers': {
    breach: withCheckpoints(({ load, save }) => ({
      load: () => load('all'),
      save: (_consumer, position) => save('all', position),
    })),
    by: ['checkpoints: keeps consumers apart, also those whose names look alike'],
    within: ['checkpoints under a lease', 'rows', 'rows under a lease', 'transactions of handlers'],
  },
  'folds the case of consumers': {
    breach: withCheckpoints(({ load, save }) => ({
      load: (consumer) => load(consumer.toLowerCase()),
      save: (consumer, position, fence) => save(consumer.toLowerCase(), position, fence),
    })),
    by: ['checkpoints: keeps consumers apart, also those whose names look alike'],
  },
  'moves checkpoints only onwards': {
    breach: withCheckpoints(({ load, save }) => ({
      save: async (consumer, position, fence) => {
        if (position > (await load(consumer))) await save(consumer, position, fence);
      },
    })),
    by: ['checkpoints: moves a checkpoint back, for a rebuild'],
    within: ['checkpoints under a lease', 'rows'],
  },
  'pays no heed to fences': {
    breach: withCheckpoints(({ save }) => ({ save: (consumer, position) => save(consumer, position) })),
    by: ['checkpoints under a lease: refuses a worker whose lease has passed on, and leaves the checkpoint as it was'],
  },
  'refuses a fence after it has written': {
    breach: withCheckpoints(({ save }) => ({
      save: async (consumer, position, fence) => {
        await save(consumer, position);
        await save(consumer, position, fence);
      },
    })),
    by: ['checkpoints under a lease: refuses a worker whose lease has passed on, and leaves the checkpoint as it was'],
  },
  'gives a lease to whoever asks': {
    breach: withLeases(({ acquire }) => ({
      acquire: (consumer, _holder, ttlMs) => acquire(consumer, 'anybody', ttlMs),
    })),
    by: [
      'leases: gives a lease to one holder, and to no other while it runs',
      'leases: gives a lease to one of many that race for it',
    ],
    within: ['leases'],
  },
  'gives every lease the same fence': {
    breach: withLeases((leases) => {
      const fences = new Map<string, number>();
      return {
        async acquire(consumer, holder, ttlMs) {
          const lease = await leases.acquire(consumer, holder, ttlMs);
          if (lease !== undefined) fences.set(consumer, lease.fence);
          return lease && { fence: 1 };
        },
        renew: (consumer, _fence, ttlMs) => leases.renew(consumer, fences.get(consumer) ?? 0, ttlMs),
        release: (consumer) => leases.release(consumer, fences.get(consumer) ?? 0),
      };
    }),
    by: [
      'leases: passes a lease on when it has run out, with a higher fence',
      'leases: passes a lease on when it was released, with a higher fence',
      'leases: tells a paused worker that its lease has passed on',
      'leases: does not take the lease from its new holder when an old one lets go',
    ],
    within: ['checkpoints under a lease'],
  },
  'forgets to extend a lease that is renewed': {
    breach: withLeases(({ renew }) => ({ renew: (consumer, fence) => renew(consumer, fence, 1) })),
    by: ['leases: keeps a lease running that is renewed in time'],
    within: ['leases'],
  },
  'renews a lease that has run out, as long as nobody has taken it': {
    breach: withLeases((leases) => {
      const granted = new Map<number, string>();
      return {
        async acquire(consumer, holder, ttlMs) {
          const lease = await leases.acquire(consumer, holder, ttlMs);
          if (lease !== undefined) granted.set(lease.fence, holder);
          return lease;
        },
        async renew(consumer, fence, ttlMs) {
          if (await leases.renew(consumer, fence, ttlMs)) return true;
          const holder = granted.get(fence);
          return holder !== undefined && (await leases.acquire(consumer, holder, ttlMs)) !== undefined;
        },
      };
    }),
    by: ['leases: renews no lease that has run out, although nobody has taken it'],
    within: ['leases'],
  },
  'keeps a lease that was released': {
    breach: withLeases(() => ({ release: async () => {} })),
    by: ['leases: passes a lease on when it was released, with a higher fence'],
    within: ['closing', 'leases', 'checkpoints under a lease'],
  },
  'takes a lease over as if it were asked for': {
    breach: withLeases(({ acquire }) => ({
      takeOver: async (consumer, holder, ttlMs) => (await acquire(consumer, holder, ttlMs)) ?? { fence: 0 },
    })),
    by: ['leases: takes a lease from a holder whose lease is running, who learns of it'],
    within: ['rows under a lease', 'transactions of handlers'],
  },
  'writes rows before it looks where the checkpoint is': {
    breach: withRows(({ step }, store) => ({
      step: async (taken) => {
        const to = await store.capabilities.checkpoints!.load(taken.consumer);
        await step({ consumer: taken.consumer, to, ...(taken.rows && { rows: taken.rows }) });
        await step(taken);
      },
    })),
    by: [
      'rows: refuses a step that was begun elsewhere, whole',
      'rows: takes one of many steps that race from one place',
      'rows under a lease: refuses a worker whose lease has passed on, also where the checkpoint has not moved',
    ],
  },
  'pays no heed to where a step was begun': {
    breach: withRows(({ step }) => ({ step: ({ from: _, ...blind }) => step(blind) })),
    by: [
      'rows: refuses a step that was begun elsewhere, whole',
      'rows: takes one of many steps that race from one place',
    ],
  },
  'compares where a step was begun before it takes it': {
    breach: withRows(({ step }, store) => ({
      step: async ({ from, ...blind }) => {
        const stands = await store.capabilities.checkpoints!.load(blind.consumer);
        if (from !== undefined && from !== stands) throw new CheckpointMoved('It moved.');
        await breathe();
        await step(blind);
      },
    })),
    by: ['rows: takes one of many steps that race from one place'],
    within: ['rows under a lease'],
  },
  'moves the checkpoint after it has written the rows, if at all': {
    breach: withRows(({ step }, store) => ({
      step: async (taken) => {
        await step({ ...taken, to: await store.capabilities.checkpoints!.load(taken.consumer) });
      },
    })),
    by: ['rows: writes, changes and deletes rows, for every client, and moves the checkpoint'],
    within: ['rows', 'rows under a lease'],
  },
  'pays no heed to the fence of a step': {
    breach: withRows(({ step }) => ({ step: ({ fence: _, ...blind }) => step(blind) })),
    by: ['rows under a lease: refuses a worker whose lease has passed on, also where the checkpoint has not moved'],
  },
  'keeps one table for all rows': {
    breach: withRows(({ load, list, step }) => ({
      load: (_table, keys) => load('all', keys),
      list: (_table, query) => list('all', query),
      step: (taken) =>
        step({
          ...taken,
          ...(taken.clear && { clear: ['all'] }),
          ...(taken.rows && { rows: taken.rows.map((change) => ({ ...change, table: 'all' })) }),
        }),
    })),
    by: ['rows: keeps tables apart', 'rows: empties the tables that are named, and no others'],
    within: ['transactions of handlers'],
  },
  'empties no tables': {
    breach: withRows(({ step }) => ({ step: ({ clear: _, ...rest }) => step(rest) })),
    by: ['rows: empties the tables that are named, and no others'],
  },
  'empties tables after it has written': {
    breach: withRows(({ step }) => ({
      step: async ({ clear, ...rest }) => {
        await step(rest);
        if (clear !== undefined) await step({ consumer: rest.consumer, to: rest.to, clear });
      },
    })),
    by: ['rows: empties the tables that are named, and no others'],
    within: ['rows'],
  },
  'never deletes a row': {
    breach: withRows(({ step }) => ({
      step: ({ rows = [], ...rest }) => step({ ...rest, rows: rows.filter(({ row }) => row !== undefined) }),
    })),
    by: ['rows: writes, changes and deletes rows, for every client, and moves the checkpoint'],
  },
  'folds the case of keys': {
    breach: withRows(({ load, step }) => ({
      load: (table, keys) =>
        load(
          table,
          keys.map((key) => key.toLowerCase()),
        ),
      step: ({ rows = [], ...rest }) =>
        step({ ...rest, rows: rows.map((change) => ({ ...change, key: change.key.toLowerCase() })) }),
    })),
    by: ['rows: keeps keys apart, also those that look alike'],
    within: ['rows', 'transactions of handlers'],
  },
  'lists rows as a dictionary would': {
    breach: withRows(({ list }) => ({
      list: async (table, { after, limit }) => {
        const all = await list(table, { limit: 10_000 });
        const sorted = all.toSorted((one, other) => one.key.localeCompare(other.key, 'en', { numeric: true }));
        const first = sorted.findIndex(({ key }) => key === after) + 1;
        return sorted.slice(first, first + limit);
      },
    })),
    by: ['rows: is read to its end in pages of any size'],
  },
  'lists rows by UTF-16 units': {
    breach: withRows(({ list }) => ({
      list: async (table, { after = '', limit }) => {
        const all = await list(table, { limit: 10_000 });
        const sorted = all.toSorted((one, other) => (one.key < other.key ? -1 : 1));
        return sorted.filter(({ key }) => key > after).slice(0, limit);
      },
    })),
    by: ['rows: is read to its end in pages of any size'],
  },
  'counts the rows of a page': {
    breach: withRows(({ list }) => ({ count: async (table) => (await list(table, { limit: 1000 })).length })),
    by: ['rows: counts the rows of a table as they come and go, for every client'],
  },
  'counts the rows of all tables': {
    breach: withRows(({ count }) => ({
      count: async (table) => (await count(table)) + (await count(`${table}/dead-letters`)),
    })),
    by: ['rows: counts the rows of a table as they come and go, for every client'],
  },
  'has handlers act outside of its transaction': {
    breach: withTransactions(({ run }, store) => ({
      run: async (work) => {
        let step: ConsumerStep | undefined;
        await run(async (context) => {
          step = await work(context);
          return { consumer: 'elsewhere', to: START };
        });
        await store.capabilities.rows!.step(step!);
      },
    })),
    by: [
      'transactions of handlers: undoes what was done when the checkpoint has moved',
      'transactions of handlers: undoes what was done when the lease has passed on',
      'transactions of handlers: commits one of many that race from one place',
    ],
  },
  'moves the checkpoint before it commits what handlers did': {
    breach: withTransactions(({ run }, store) => ({
      run: (work) =>
        run(async (context) => {
          const step = await work(context);
          await store.capabilities.rows!.step(step);
          const { from: _, ...again } = step;
          return { ...again, to: START };
        }),
    })),
    by: ['transactions of handlers: keeps what was done and moves the checkpoint, for every client'],
    within: ['transactions of handlers'],
  },
  'keeps what a handler did that failed': {
    breach: withTransactions(({ run }) => ({
      run: async (work) => {
        let failure: unknown;
        await run((context) =>
          work(context).catch((error: unknown) => {
            failure = error;
            return { consumer: 'elsewhere', to: START };
          }),
        );
        if (failure !== undefined) throw failure;
      },
    })),
    by: ['transactions of handlers: undoes what was done when the work fails, and throws the same'],
  },
  'tells what a handler threw in words of its own': {
    breach: withTransactions(({ run }) => ({
      run: (work) =>
        run(work).catch((error: unknown) => {
          if (isEventCoreError(error)) throw error;
          throw new Error('The transaction failed', { cause: error });
        }),
    })),
    by: ['transactions of handlers: undoes what was done when the work fails, and throws the same'],
  },
  'forgets the rows of a step that ends a transaction': {
    breach: withTransactions(({ run }) => ({
      run: (work) =>
        run(async (context) => {
          const { rows: _, ...step } = await work(context);
          return step;
        }),
    })),
    by: ['transactions of handlers: writes the rows of the step as well, where the store keeps rows'],
  },
  'tells its head late': {
    breach: (store) => {
      let told = START;
      const head = async () => {
        const before = told;
        told = await store.capabilities.head!();
        return before;
      };
      return { capabilities: { ...store.capabilities, head } };
    },
    by: ['the head of the feed: is the position of the last event, of whichever client'],
    within: ['closing'],
  },
  'looks up without regard to case': {
    breach: withLookup(({ byCorrelation }) => ({
      byCorrelation: async (id) => [...(await byCorrelation(id)), ...(await byCorrelation(id.toLowerCase()))],
    })),
    by: ['looking events up: finds what belongs together by correlation and causation, across commands and streams'],
  },
  'finds the first event of a command only': {
    breach: withLookup(({ byCommand }) => ({ byCommand: async (id) => (await byCommand(id)).slice(0, 1) })),
    by: ['looking events up: finds all events of a command, in their order'],
  },
  'finds events in the order of their streams': {
    breach: withLookup(({ byCommand }) => ({
      byCommand: async (id) => (await byCommand(id)).toSorted((one, other) => (one.stream < other.stream ? -1 : 1)),
    })),
    by: ['looking events up: finds all events of a command, in their order'],
  },
  'lists streams as a dictionary would': {
    breach: withListing(({ list }) => ({
      list: async (query) => {
        const all = await list({ prefix: query.prefix, limit: 10_000 });
        const sorted = all.toSorted((one, other) => one.stream.localeCompare(other.stream, 'en', { numeric: true }));
        const first = sorted.findIndex(({ stream }) => stream === query.after) + 1;
        return sorted.slice(first, first + query.limit);
      },
    })),
    by: ['listing streams: lists streams with their versions, in the order of their ids'],
    within: ['listing streams'],
  },
  'lists streams by UTF-16 units': {
    breach: withListing(({ list }) => ({
      list: async ({ prefix, after = '', limit }) => {
        const all = await list({ prefix, limit: 10_000 });
        const sorted = all.toSorted((one, other) => (one.stream < other.stream ? -1 : 1));
        return sorted.filter(({ stream }) => stream > after).slice(0, limit);
      },
    })),
    by: ['listing streams: lists streams in the order of UTF-8 bytes, also where UTF-16 units have another one'],
    // Pages are checked to go on by bytes.
    within: ['listing streams'],
  },
  'lists by patterns': {
    breach: withListing(({ list }) => ({
      list: async (query) => {
        const all = await list({ ...query, prefix: '', limit: 10_000 });
        const quoted = query.prefix
          .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
          .replaceAll('_', '.')
          .replaceAll('%', '.*');
        return all.filter(({ stream }) => new RegExp(`^${quoted}`).test(stream)).slice(0, query.limit);
      },
    })),
    by: ['listing streams: takes `_`, `%`, backslashes and quotes in a prefix for themselves'],
  },
  'lists more than it is asked for': {
    breach: withListing(({ list }) => ({ list: (query) => list({ ...query, limit: query.limit + 1 }) })),
    by: ['listing streams: is read to its end in pages of any size'],
    within: ['listing streams'],
  },
  'lists the first page again': {
    breach: withListing(({ list }) => ({ list: ({ prefix, limit }) => list({ prefix, limit }) })),
    by: ['listing streams: is read to its end in pages of any size'],
    within: ['listing streams'],
  },
  'counts the event at which a distance begins': {
    breach: offering('distance', (distance) => async (from: Position, to: Position) => {
      const { events, exact } = await distance(from, to);
      return { events: events + (from === '' ? 0 : 1), exact };
    }),
    by: ['distance between positions: counts the events between two positions, also inside commands'],
  },
  'offers what the suite was not told of': {
    breach: (store) => ({ capabilities: { ...store.capabilities, snapshots: {} } as EventStore['capabilities'] }),
    by: ['optional parts: offers the optional parts that the suite was told of, and no others'],
  },
  'answers after it was closed': {
    breach: () => ({ close: async () => {} }),
    by: [
      'closing: refuses every call after it was closed',
      'closing: refuses every call to what else it offers after it was closed',
      'watch: ends when the store is closed',
    ],
  },
  'is not closed by the end of a block': {
    breach: () => ({ [Symbol.asyncDispose]: async () => {} }),
    by: ['closing: is closed by the end of the block that uses it'],
  },
  'can be closed once': {
    breach: (store) => {
      let closed = false;
      return {
        async close() {
          if (closed) throw new Error('Called end on pool more than once');
          closed = true;
          await store.close();
        },
      };
    },
    by: ['closing: can be closed twice'],
    within: ['closing', 'watch'],
  },
  'looks events up after it was closed': {
    breach: (store) => {
      const { lookup } = createMemoryStore().capabilities;
      return {
        capabilities: { ...store.capabilities, lookup: { ...store.capabilities.lookup!, byEvent: lookup!.byEvent } },
      };
    },
    by: ['closing: refuses every call to what else it offers after it was closed'],
    within: ['looking events up'],
  },
  'keeps watching after it was closed': {
    breach: (store) => {
      const forever = createMemoryStore();
      return { watch: (signal) => both(store.watch!(signal), forever.watch!(signal)) };
    },
    by: ['watch: ends when the store is closed'],
  },
  'asks for a decision twice': {
    breach: (store) => ({
      hold: (queries, decide) =>
        store.hold!(queries, (pages) => {
          decide(pages);
          return decide(pages);
        }),
    }),
    by: ['hold: asks for a decision once, with all that was missed'],
    within: ['hold', 'closing'],
  },
  'hands over a page of a hold that ends early': {
    breach: (store) => ({
      hold: (queries, decide) =>
        store.hold!(queries, (pages) => decide(pages.map((page) => ({ ...page, events: page.events.slice(0, 10) })))),
    }),
    by: ['hold: asks for a decision once, with all that was missed'],
  },
};

describe('the contract suite rejects a store that', () => {
  for (const [name, breaking] of Object.entries(breaches)) {
    it(
      name,
      async () => {
        expect(await rejection(breaking, fullStore, offers, memoryEffects)).toEqual({
          notRejectedBy: [],
          alsoRejectedBy: [],
        });
      },
      30_000,
    );
  }

  it('lacks what it said it would offer', async () => {
    const failures = await failuresOf({
      makeStore: async () => fullStore(() => ({ capabilities: {} })),
      offers,
      effects: memoryEffects,
    });
    expect([...failures.keys()]).toContain(
      'optional parts: offers the optional parts that the suite was told of, and no others',
    );
    expect([...failures.keys()]).toContain('leases: keeps consumers apart');
  }, 30_000);
});

/** Wakes up when either does, and ends when both have. */
async function* both(one: AsyncIterable<void>, other: AsyncIterable<void>): AsyncGenerator<void> {
  yield* one;
  yield* other;
}

/** Changes one of a store's capabilities. */
function offering<Name extends Exclude<keyof EventStore['capabilities'], 'oneCommit' | 'sharedCalls'>>(
  name: Name,
  change: (
    capability: NonNullable<EventStore['capabilities'][Name]>,
    store: EventStore,
  ) => Partial<NonNullable<EventStore['capabilities'][Name]>>,
): Breach {
  return (store) => {
    const capability = store.capabilities[name]!;
    const changed = change(capability, store);
    const whole = typeof changed === 'function' ? changed : { ...capability, ...changed };
    return { capabilities: { ...store.capabilities, [name]: whole } };
  };
}
