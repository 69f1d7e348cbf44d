/**
 * What has changed, as it changes: one subscription on the store for the process, whoever listens. It tells of accounts when
 * their read models have come as far, so that nobody hears of something that he can't read yet.
 */
import {
  isEventCoreError,
  keyOf,
  START,
  subscribe,
  typeNameOf,
  type Batch,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@eventcore/core';
import { caughtUp, rowsOf } from '@eventcore/core/consumers';
import type { AccountView } from './api/messages.js';
import { isDemonstration } from './people.js';
import { accountViews } from './read-models/account-views.js';
import { Accounts } from './read-models/accounts.js';
import { OverdraftLimits } from './read-models/overdraft-limits.js';

export interface News {
  readonly accounts: readonly AccountView[];
  readonly position: Position;
}

/** How many of the newest events are kept at hand: a store is read forwards only. */
const KEPT = 100;

export class Live {
  readonly #store: EventStore;
  readonly #listeners = new Set<(news: News) => void>();
  readonly #stop = new AbortController();
  #newest: readonly RecordedEvent[] = [];
  readonly #ended: Promise<void>;

  constructor(store: EventStore) {
    this.#store = store;
    this.#ended = this.#run();
  }

  /** The newest events that were written since this process began, oldest first; a hundred at most. */
  get newest(): readonly RecordedEvent[] {
    return this.#newest;
  }

  /** Aborted when there will be no more news. */
  get ending(): AbortSignal {
    return this.#stop.signal;
  }

  /** Calls the listener with all news from now on, until what this gives back is called. */
  listen(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let after: Position | undefined;
    while (!signal.aborted) {
      try {
        after ??= (await this.#store.capabilities.head?.()) ?? undefined;
        for await (const batch of subscribe(this.#store, { signal, ...(after !== undefined && { after }) }).batches()) {
          await this.#tell(batch);
          after = batch.upTo;
        }
      } catch (error) {
        if (signal.aborted) return;
        // A store that is out, or read models that are being rebuilt: what has changed meanwhile is told afterwards.
        if (!isEventCoreError(error) || !error.retriable) console.error('The live updates failed, and go on', error);
        await pause(500, signal);
      }
    }
  }

  async #tell({ events, upTo }: Batch): Promise<void> {
    // What could not be told at first comes again.
    const known = this.#newest.at(-1)?.position ?? START;
    const fresh = events.filter(({ position }) => position > known);
    this.#newest = [...this.#newest, ...fresh].slice(-KEPT);
    if (this.#listeners.size === 0) return;
    await caughtUp(this.#store, [Accounts, OverdraftLimits], upTo, { signal: this.#stop.signal });
    const changed = new Set<string>();
    for (const { stream } of events) {
      const type = typeNameOf(stream);
      const key = keyOf(stream);
      if ((type === 'account' || type === 'compliance') && !isDemonstration(key)) changed.add(key);
      if (type === 'policy') for await (const { key } of rowsOf(this.#store, Accounts).all()) changed.add(key);
    }
    const accounts = await accountViews(this.#store, [...changed]);
    for (const listener of this.#listeners) listener({ accounts, position: upTo });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
