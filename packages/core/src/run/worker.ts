/** One consumer's worker in this process: it waits for its lease, works until it is told something else, and steps back. */
import { ConsumerFailed, type ConsumerOutdated } from '../errors/consumer-errors.js';
import { isEventCoreError } from '../errors/is-event-core-error.js';
import type { Position } from '../event/position.js';
import { warn } from '../observe/warn.js';
import type { EventFilter, EventStore } from '../store/event-store.js';
import { kindWords } from '../consume/compiled-consumer.js';
import type { HandledEvents } from '../consume/consumer-definition.js';
import { subscribe } from '../read/subscribe.js';
import { begin } from './beginning.js';
import { Checkpoint } from './tenure/checkpoint.js';
import { noteCoverage, type MissedEvents } from './coverage.js';
import { Consumption, type ConsumerPlan } from './consumption.js';
import { patience } from './failure-policy.js';
import { Interrupted } from './apply/interrupted.js';
import { describeThrown } from '../errors/thrown.js';
import { RENEWALS, Tenure, type TenureOptions } from './tenure/tenure.js';

export interface WorkerPlan extends ConsumerPlan {
  readonly store: EventStore;
  readonly filter: EventFilter;
  readonly handles: readonly HandledEvents[];
  /** Where it begins if it has no checkpoint. */
  readonly after: Position | 'now';
  readonly batchSize: number;
  readonly pollInterval: number;
  readonly holder: string;
  readonly leaseDuration: number;
  readonly stopTimeout: number;
  /** Told whenever the checkpoint has moved, or the work has ended. */
  readonly onNews: () => void;
}

/**
 * `waiting`: another worker has the lease. `running`: it handles events, or waits for some. `retrying`: an event failed, or the
 * store can't be reached, and it is about to be tried again. `paused`, `stopped`: it was told to. `failed`: an event ended it, until it is told to resume.
 * `outdated`: the next event is one that only a newer release can read, and is left to a process of that one.
 */
export type WorkerState = 'waiting' | 'running' | 'retrying' | 'paused' | 'failed' | 'outdated' | 'stopped';

/** After so long at most somebody else's lease is asked for again. */
const LONGEST_WAIT = 1000;

/** How long is waited for what was told to let go, in milliseconds. */
const GRACE = 1000;

/** After so many milliseconds without trouble the next one is the first again. */
const QUIET = 60_000;

/** Without a reason, each abort would make an error with a stack. */
const TOLD = 'told';

export class Worker {
  readonly plan: WorkerPlan;
  readonly ended: Promise<void>;
  #state: WorkerState = 'waiting';
  #failure: ConsumerFailed | undefined;
  #outdated: ConsumerOutdated | undefined;
  #stopping = false;
  #paused = false;
  /** Aborted, and made anew, whenever the worker is told something. */
  #told = new AbortController();
  /** Aborted when a stop has waited long enough for what is under way. */
  readonly #leaving = new AbortController();
  /** Aborted when the worker works no more. */
  readonly #over = new AbortController();
  /** Whether it is at something that a pause has to wait for. */
  #busy = false;
  readonly #stillness = new Set<() => void>();
  #tenure: Tenure | undefined;
  /** How many there were, one soon after the other. */
  #troubles = 0;
  #lastTrouble = -Infinity;

  constructor(plan: WorkerPlan) {
    this.plan = plan;
    this.ended = Promise.race([this.#live(), untilAborted(this.#over.signal)]);
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** What it failed with, while it is `failed`. */
  get failure(): ConsumerFailed | undefined {
    return this.#failure;
  }

  /** What it stepped back for, while it is `outdated`. */
  get outdated(): ConsumerOutdated | undefined {
    return this.#outdated;
  }

  /** Resolves when it stands still: nothing is under way, and nothing is begun until it is resumed. */
  pause(): Promise<void> {
    this.#paused = true;
    this.#tell();
    return this.#busy ? new Promise((resolve) => this.#stillness.add(resolve)) : Promise.resolve();
  }

  resume(): void {
    this.#paused = false;
    // Whoever waits for it to stand still has been overtaken.
    this.#release();
    this.#failure = undefined;
    this.#outdated = undefined;
    this.#tell();
  }

  /** It finishes the batch that it is at, unless that takes too long, and gives its lease back. */
  stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#tell();
      void this.#hurry();
    }
    return this.ended;
  }

  /** What is under way when a stop has waited long enough is told to let go; and left, if it doesn't. */
  async #hurry(): Promise<void> {
    const { runtime, stopTimeout } = this.plan;
    await runtime.sleep(stopTimeout, this.#over.signal);
    this.#leaving.abort(TOLD);
    await runtime.sleep(GRACE, this.#over.signal);
    if (this.#over.signal.aborted) return;
    // The lease isn't given back but runs out, since a handler may still be acting.
    this.#tenure?.abandon();
    this.#end(true);
    const { kind, name } = this.plan;
    warn(
      'EVENTCORE_CONSUMER_LEFT',
      `The ${kindWords[kind]} "${name}" was stopped in the middle of something`,
      new Error(
        `A handler or the store took longer than the ${stopTimeout} ms of stopTimeout, and let go not even when the signal was aborted`,
      ),
    );
  }

  /** Enters a state in which nothing is under way. */
  #rest(state: WorkerState): void {
    this.#busy = false;
    this.#enter(state);
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#stillness) resolve();
    this.#stillness.clear();
  }

  #tell(): void {
    const told = this.#told;
    this.#told = new AbortController();
    told.abort(TOLD);
  }

  async #live(): Promise<void> {
    // Whoever makes a worker has it in hand before it does anything.
    await Promise.resolve();
    while (!this.#stopping) {
      let tenure: Tenure | undefined;
      try {
        tenure = this.#tenure = await this.#waitForTenure();
        if (tenure === undefined) break;
        await this.#serve(tenure);
        await tenure.end();
      } catch (error) {
        await this.#stepBack(error, tenure);
      }
    }
    if (!this.#over.signal.aborted) this.#end(false);
  }

  #end(left: boolean): void {
    const { name: consumer, kind, tell } = this.plan;
    this.#over.abort(TOLD);
    this.#rest('stopped');
    tell?.('stopped', { consumer, kind, ...(left && { left: true as const }) });
  }

  /** Undefined: it was told to stop meanwhile. */
  async #waitForTenure(): Promise<Tenure | undefined> {
    const { runtime } = this.plan;
    for (;;) {
      const told = this.#told.signal;
      if (this.#stopping) return undefined;
      const tenure = await Tenure.begin(this.#tenureOptions());
      if (tenure !== undefined) return tenure;
      this.#enter('waiting');
      await runtime.sleep(this.#betweenLooks, told);
    }
  }

  /** How long somebody else is left alone. */
  get #betweenLooks(): number {
    return Math.min(LONGEST_WAIT, this.plan.leaseDuration / RENEWALS);
  }

  #tenureOptions(): TenureOptions {
    const { store, name: consumer, kind, holder, leaseDuration, runtime, tell } = this.plan;
    const onTrouble = (error: unknown): void => tell?.('interrupted', { consumer, kind, error, delay: 0 });
    const { leases } = store.capabilities;
    return { leases, consumer, holder, leaseDuration, runtime, leaving: this.#leaving.signal, onTrouble };
  }

  async #serve(tenure: Tenure): Promise<void> {
    const { store, name: consumer, kind, tell } = this.plan;
    this.#busy = true;
    const checkpoint = new Checkpoint(store, consumer, tenure);
    tell?.('started', { consumer, kind, position: await checkpoint.load() });
    const after = await begin(this.plan, checkpoint);
    const covered = { ...this.plan, after };
    this.#tellMissed(await noteCoverage(covered, checkpoint, AbortSignal.any([this.#told.signal, tenure.lost])));
    while (!this.#stopping) {
      const told = AbortSignal.any([this.#told.signal, tenure.lost]);
      if (this.#paused) {
        this.#rest('paused');
        await untilAborted(told);
      } else {
        this.#busy = true;
        this.#enter('running');
        await this.#consume(checkpoint, told);
      }
      if (tenure.lost.aborted) await tenure.confirm();
    }
  }

  #tellMissed(missed: readonly MissedEvents[]): void {
    if (missed.length === 0) return;
    const { name: consumer, kind, tell } = this.plan;
    tell?.('missed', { consumer, kind, missed });
    const what = missed.map(({ streamType, event }) => `${event} of stream type "${streamType}"`).join(', ');
    warn(
      'EVENTCORE_EVENTS_MISSED',
      `The ${kindWords[kind]} "${consumer}" handles more than before`,
      new Error(
        `It has missed what was there already of ${what}, up to its checkpoint at "${missed[0]!.upTo}". A rebuild makes up for it`,
      ),
    );
  }

  async #consume(checkpoint: Checkpoint, told: AbortSignal): Promise<void> {
    const { store, filter, batchSize, pollInterval, runtime, onNews } = this.plan;
    const consumption = new Consumption(this.plan, checkpoint, told, (resting) =>
      this.#enter(resting ? 'retrying' : 'running'),
    );
    try {
      const after = await checkpoint.load();
      const options = { after, filter, batchSize, pollInterval, runtime, signal: told };
      for await (const batch of subscribe(store, options).batches()) {
        await consumption.work(batch);
        this.#troubles = 0;
        onNews();
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }

  /** Whatever went wrong: it goes on from the stored checkpoint, as soon as that may help, or waits for somebody to look. */
  async #stepBack(error: unknown, tenure: Tenure | undefined): Promise<void> {
    const { name: consumer, kind, runtime, tell } = this.plan;
    tenure?.abandon();
    // It was left, and somebody was told: what comes of it now is nobody's any more.
    if (this.#over.signal.aborted) return;
    if (isEventCoreError(error, 'CONSUMER_OUTDATED')) return this.#giveWay(error, tenure);
    const lost = isEventCoreError(error, 'LEASE_LOST');
    if (!lost && !(isEventCoreError(error) && error.retriable)) return this.#fail(error, tenure);

    const now = runtime.now();
    // A consumer that has nothing to do has no batch to show that the last trouble is over.
    this.#troubles = now - this.#lastTrouble > QUIET ? 1 : this.#troubles + 1;
    this.#lastTrouble = now;
    const delay = patience(this.#troubles, () => runtime.random());
    if (lost) tell?.('leaseLost', { consumer, kind });
    else tell?.('interrupted', { consumer, kind, error, delay });
    this.#rest(lost ? 'waiting' : 'retrying');
    if (!this.#stopping) await runtime.sleep(delay, this.#told.signal);
  }

  async #fail(error: unknown, tenure: Tenure | undefined): Promise<void> {
    const { name: consumer, kind, tell } = this.plan;
    const failure = isEventCoreError(error, 'CONSUMER_FAILED') ? error : failedByStore(this.plan, error);
    this.#failure = failure;
    this.#rest('failed');
    tell?.('stopped', { consumer, kind, error: failure });
    warn('EVENTCORE_CONSUMER_FAILED', `The ${kindWords[kind]} "${consumer}" has stopped`, failure);
    // Another process may have newer code.
    await this.#giveBack(tenure);
    while (this.#failure !== undefined && !this.#stopping) await untilAborted(this.#told.signal);
  }

  /** It goes on when a newer release has come past that event; until then it leaves the lease to others. */
  async #giveWay(outdated: ConsumerOutdated, tenure: Tenure | undefined): Promise<void> {
    const { name: consumer, kind, runtime } = this.plan;
    this.#outdated = outdated;
    this.#rest('outdated');
    warn('EVENTCORE_CONSUMER_OUTDATED', `The ${kindWords[kind]} "${consumer}" gives way`, outdated);
    await this.#giveBack(tenure);
    while (this.#outdated !== undefined && !this.#stopping) {
      const told = this.#told.signal;
      if (await this.#hasPassed(outdated.position)) this.#outdated = undefined;
      else await runtime.sleep(this.#betweenLooks, told);
    }
    this.#outdated = undefined;
  }

  /** Whether the checkpoint is at a position by now, or behind it, wherever it is worked on. */
  async #hasPassed(position: string): Promise<boolean> {
    const { store, name: consumer, kind, tell } = this.plan;
    try {
      return (await store.capabilities.checkpoints!.load(consumer)) >= position;
    } catch (error) {
      tell?.('interrupted', { consumer, kind, error, delay: this.#betweenLooks });
      return false;
    }
  }

  /** If it can't be given back, the lease runs out by itself. */
  async #giveBack(tenure: Tenure | undefined): Promise<void> {
    const { name: consumer, kind, tell } = this.plan;
    await tenure?.end().catch((error: unknown) => tell?.('interrupted', { consumer, kind, error, delay: 0 }));
  }

  #enter(state: WorkerState): void {
    if (this.#state === 'stopped') return;
    this.#state = state;
    this.plan.onNews();
  }
}

function failedByStore({ kind, name }: WorkerPlan, cause: unknown): ConsumerFailed {
  const { message: what } = describeThrown(cause);
  return new ConsumerFailed(`The ${kindWords[kind]} "${name}" stopped, since the store failed: ${what}`, {
    cause,
    context: { consumer: name },
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
