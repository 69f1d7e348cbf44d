/** Running projections, read models and reactions: side by side, one worker for each name. */
import { DefinitionError } from '../errors/input-errors.js';
import type { Position } from '../event/position.js';
import type { Beginning, Begun } from './beginning.js';
import { comeTo, type CaughtUpOptions } from './caught-up.js';
import type { MetadataIn } from '../store/metadata.js';
import {
  planConsumers,
  type ConsumerOptions,
  type Fitting,
  type RunConsumersOptions,
  type SuppliedBy,
} from './plan-consumers.js';
import type { EventStore } from '../store/event-store.js';
import { standingOf, type ConsumerStatus, type StatusOptions } from './status.js';
import { Worker, type WorkerPlan } from './worker.js';

/** Consumers at work. */
export interface ConsumerRunner extends AsyncDisposable {
  /**
   * The consumer, or all of them, finish the batch that they are at, and stand still; then the promise is resolved. It is also
   * when they were stopped or resumed meanwhile, and never rejects. Their leases are kept.
   *
   * @throws `DefinitionError`, at once, for a consumer that doesn't run here.
   */
  pause(consumer?: string): Promise<void>;
  /** They go on, also those that have failed. */
  resume(consumer?: string): void;
  /**
   * How each is doing, in the order in which they were given.
   *
   * @throws `StoreUnavailable` when the store hasn't answered within `timeout`, 10,000 ms unless given; `Aborted`.
   */
  status(options?: StatusOptions): Promise<readonly ConsumerStatus[]>;
  /**
   * Waits until all of them, or the one that is named, have handled everything up to a position, such as a receipt's.
   *
   * @throws `NotCaughtUp`, at once when this runner is stopped; `Aborted`; `ConsumerFailed` when one fails that runs here.
   */
  caughtUp(position: Position, options?: CaughtUpOptions & { readonly consumer?: string }): Promise<void>;
  /** They finish the batches that they are at, unless that takes longer than `stopTimeout`, and give their leases back. */
  stop(): Promise<void>;
}

/**
 * Runs projections, read models and reactions, side by side. It begins at once and goes on until `stop()`, the end of the block
 * that uses it, or the signal.
 *
 * Of all processes that run a name one works, by a lease, and another takes over within seconds when that one is gone. What
 * fails is tried again, and then ends its consumer or becomes a dead letter, as `onFailure` says. An event that only a newer
 * release can read is left to a process of that one.
 *
 * @throws `DefinitionError` for two consumers of one name, for a reaction that nobody tells where to begin, and for options that
 * can't work.
 * @throws `CapabilityMissing` for what the store can't do and a consumer needs.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * await using runner = runConsumers(store, [Balances], {
 *   hooks: { failed: ({ consumer, error, next }) => console.error(consumer, next, error) },
 * });
 * console.log(await runner.status());
 * ```
 */
export function runConsumers<
  Store extends EventStore,
  const Consumers extends readonly object[],
  Given extends object = object,
  After extends Beginning = never,
  Named extends Readonly<Record<string, ConsumerOptions>> = never,
>(
  store: Store,
  consumers: Consumers &
    Fitting<Consumers, SuppliedBy<Store> & Given, Given, MetadataIn<Store>> &
    Begun<Consumers, After | Named>,
  options: RunConsumersOptions<Given> & { readonly after?: After; readonly consumers?: Named } = {},
): ConsumerRunner {
  const waiters = new Set<() => void>();
  const plans = planConsumers(store, consumers, options);
  const runner = new Runner(
    store,
    plans.map((plan): WorkerPlan => ({ ...plan, onNews: () => waiters.forEach((wake) => wake()) })),
    waiters,
  );
  const { signal } = options;
  if (signal !== undefined) {
    const stop = (): void => void runner.stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void runner.ended.then(() => signal.removeEventListener('abort', stop));
  }
  return runner;
}

class Runner implements ConsumerRunner {
  readonly ended: Promise<unknown>;
  readonly #store: EventStore;
  readonly #workers: ReadonlyMap<string, Worker>;
  readonly #waiters: Set<() => void>;

  constructor(store: EventStore, plans: readonly WorkerPlan[], waiters: Set<() => void>) {
    this.#store = store;
    this.#waiters = waiters;
    this.#workers = new Map(plans.map((plan) => [plan.name, new Worker(plan)]));
    this.ended = Promise.all([...this.#workers.values()].map(({ ended }) => ended));
  }

  // Not async: a name that isn't there is told also to those who don't await it.
  pause(consumer?: string): Promise<void> {
    return Promise.all(this.#named(consumer).map((worker) => worker.pause())).then(() => {});
  }

  resume(consumer?: string): void {
    for (const worker of this.#named(consumer)) worker.resume();
  }

  status(options: StatusOptions = {}): Promise<readonly ConsumerStatus[]> {
    return Promise.all(
      this.#named().map(async ({ plan, state, failure, outdated }) => ({
        ...(await standingOf(this.#store, plan, options, plan.runtime)),
        state,
        ...(failure !== undefined && { failure }),
        ...(outdated !== undefined && { outdated }),
      })),
    );
  }

  async caughtUp(position: Position, options: CaughtUpOptions & { readonly consumer?: string } = {}): Promise<void> {
    // When one has failed, the others are no longer waited for.
    const settled = new AbortController();
    const signal = options.signal === undefined ? settled.signal : AbortSignal.any([options.signal, settled.signal]);
    try {
      await Promise.all(this.#named(options.consumer).map((worker) => this.#comeTo(worker, position, options, signal)));
    } finally {
      settled.abort(WOKEN);
    }
  }

  #comeTo(worker: Worker, position: Position, options: CaughtUpOptions, signal: AbortSignal): Promise<void> {
    const { name, runtime } = worker.plan;
    const limits = { ...options, signal, runtime: options.runtime ?? runtime };
    return comeTo(this.#store, [name], position, limits, {
      rest: async (over) => {
        if (worker.failure !== undefined) throw worker.failure;
        if (worker.state === 'stopped') return;
        await this.#news(options.pollInterval ?? 250, runtime, over);
        if (worker.failure !== undefined) throw worker.failure;
      },
      state: () => worker.state,
      ended: () => worker.state === 'stopped',
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#named().map((worker) => worker.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Until one of the workers here has got on; or a while, since others may have. */
  async #news(milliseconds: number, runtime: WorkerPlan['runtime'], signal: AbortSignal): Promise<void> {
    const nap = new AbortController();
    const wake = (): void => nap.abort(WOKEN);
    this.#waiters.add(wake);
    await runtime.sleep(milliseconds, AbortSignal.any([signal, nap.signal]));
    this.#waiters.delete(wake);
  }

  #named(consumer?: string): readonly Worker[] {
    if (consumer === undefined) return [...this.#workers.values()];
    const worker = this.#workers.get(consumer);
    if (worker !== undefined) return [worker];
    throw new DefinitionError(
      `No consumer "${consumer}" runs here, only ${[...this.#workers.keys()].map((name) => `"${name}"`).join(', ')}.`,
    );
  }
}

/** Without a reason, each abort would make an error with a stack. */
const WOKEN = 'woken';
