/**
 * The event store in memory: the whole contract, in one process, gone with it.
 *
 * Everything here happens within one turn of the event loop. An append is judged and written with no `await` in
 * between, so nothing can come between the two, and a read sees one moment: what other stores need locks and snapshots
 * for is given. The methods are `async` only so that an error becomes a rejection.
 */
import {
  Aborted,
  DefinitionError,
  START,
  StoreClosed,
  systemRuntime,
  type EventStore,
  type Runtime,
} from '@eventcore/core';
import {
  Watchers,
  type Append,
  type CallOptions,
  type Capabilities,
  type Outcome,
  type StoreSettings,
} from '@eventcore/core/store';
import { appendAll } from './append.js';
import { Checkpoints } from './checkpoints.js';
import { commitClock } from './commit-clock.js';
import { EventLog } from './event-log.js';
import { readFeed } from './feed.js';
import { Leases } from './leases.js';
import { Listing } from './listing.js';
import { Lookup } from './lookup.js';
import { missedPages, readStreams } from './read.js';
import { Rows } from './rows.js';
import { runInTransaction, type MemoryContext } from './transaction.js';

/** What may be chosen when a memory store is made. */
export interface MemoryStoreOptions<Metadata = unknown> extends StoreSettings<Metadata> {
  /** Where the time comes from: that of `recordedAt` and of leases. The default is the system's clock. */
  readonly runtime?: Pick<Runtime, 'now'>;
  /** The most events that one page of a stream holds, 5,000 unless given. Tests set it low to see pages end early. */
  readonly pageSize?: number;
}

/** An event store in memory: every part of the contract that is optional elsewhere is there. */
export interface MemoryStore<Metadata = unknown> extends EventStore<Metadata> {
  readonly capabilities: Required<Capabilities<MemoryContext>>;
  readonly settings: StoreSettings<Metadata>;
  readonly hold: NonNullable<EventStore['hold']>;
  readonly watch: NonNullable<EventStore['watch']>;
}

/**
 * Makes an empty event store in memory, for tests, for trying things out, and for what may be gone with the process.
 *
 * It keeps every event for as long as it lives. One with little data takes 250 to 350 bytes.
 *
 * @throws `DefinitionError` for a page size of less than one event.
 *
 * @example
 * ```ts
 * import { prepareAppend } from '@eventcore/core/store';
 * import { createMemoryStore } from '@eventcore/memory';
 *
 * const store = createMemoryStore();
 * const [outcome] = await store.append([
 *   prepareAppend({
 *     commandId: '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f',
 *     fingerprint: 'OpenAccount',
 *     expected: new Map([['account-alice', 0]]),
 *     events: [
 *       { id: '0192f0c1-8f2e-7cc3-98c4-dc0c0c073990', stream: 'account-alice', type: 'AccountOpened', data: {} },
 *     ],
 *   }),
 * ]);
 * console.log(outcome?.kind); // 'committed'
 * await store.close();
 * ```
 */
export function createMemoryStore<Metadata = unknown>(
  options: MemoryStoreOptions<Metadata> = {},
): MemoryStore<Metadata> {
  const { runtime = systemRuntime, pageSize = 5_000, ...settings } = options;
  if (!(pageSize >= 1)) {
    throw new DefinitionError(
      `A page holds at least one event, not ${pageSize}. Leave pageSize out, or set it to 1 or more.`,
    );
  }
  const log = new EventLog();
  const clock = commitClock(runtime);
  const watchers = new Watchers();
  const leases = new Leases(runtime);
  const checkpoints = new Checkpoints(leases);
  const rows = new Rows(checkpoints);
  const lookup = new Lookup(log);
  const listing = new Listing(log);
  let closed = false;

  /** What every call passes first. There is nothing to wait for, so a deadline has nothing to cut short. */
  function enter(call?: CallOptions): void {
    if (closed) throw new StoreClosed('The memory store is closed. Make the call before close(), or on a new store.');
    if (call?.signal?.aborted === true) {
      throw new Aborted('The call was aborted before anything was done.', { cause: call.signal.reason });
    }
  }

  function append(appends: readonly Append[]): readonly Outcome[] {
    const before = log.size;
    const outcomes = appendAll(log, appends, clock());
    if (log.size > before) watchers.wake();
    return outcomes;
  }

  async function close(): Promise<void> {
    closed = true;
    watchers.end();
  }

  return {
    settings: Object.freeze(settings),

    async read(request, call) {
      enter(call);
      return readStreams(log, request, pageSize);
    },
    async append(appends, call) {
      enter(call);
      return append(appends);
    },
    async hold(queries, decide, call) {
      enter(call);
      return append(decide(missedPages(log, queries)));
    },
    async readAll(query, call) {
      enter(call);
      return readFeed(log, query);
    },
    watch: (signal) => watchers.watch(signal),

    capabilities: {
      // A call costs nothing here.
      sharedCalls: false,
      checkpoints: {
        async load(consumer) {
          enter();
          return checkpoints.load(consumer);
        },
        async save(consumer, position, fence) {
          enter();
          checkpoints.save(consumer, position, fence);
        },
      },
      leases: {
        async acquire(consumer, holder, ttlMs) {
          enter();
          return leases.acquire(consumer, holder, ttlMs);
        },
        async takeOver(consumer, holder, ttlMs) {
          enter();
          return leases.takeOver(consumer, holder, ttlMs);
        },
        async renew(consumer, fence, ttlMs) {
          enter();
          return leases.renew(consumer, fence, ttlMs);
        },
        async release(consumer, fence) {
          enter();
          leases.release(consumer, fence);
        },
        async holder(consumer) {
          enter();
          return leases.holder(consumer);
        },
      },
      rows: {
        async load(table, keys) {
          enter();
          return rows.load(table, keys);
        },
        async list(table, query) {
          enter();
          return rows.list(table, query);
        },
        async count(table) {
          enter();
          return rows.count(table);
        },
        async step(step) {
          enter();
          rows.step(step);
        },
      },
      transactions: {
        async run(work) {
          enter();
          await runInTransaction(rows, async (context) => {
            const step = await work(context);
            enter();
            return step;
          });
        },
      },
      lookup: {
        async byEvent(id) {
          enter();
          return lookup.byEvent(id);
        },
        async byCommand(id) {
          enter();
          return lookup.byCommand(id);
        },
        async byCorrelation(id) {
          enter();
          return lookup.byCorrelation(id);
        },
        async byCausation(id) {
          enter();
          return lookup.byCausation(id);
        },
      },
      listing: {
        async list(query) {
          enter();
          return listing.list(query);
        },
      },
      async distance(from, to) {
        enter();
        return { events: Math.max(0, log.firstAfter(to) - log.firstAfter(from)), exact: true };
      },
      async head() {
        enter();
        return log.size === 0 ? START : log.positionAt(log.size - 1);
      },
      oneCommit: true,
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}
