/** How a consumer is doing. */
import type { ConsumerOutdated, ConsumerFailed } from '../errors/consumer-errors.js';
import { Aborted } from '../errors/execution-errors.js';
import { CapabilityMissing, ValidationError } from '../errors/input-errors.js';
import { StoreUnavailable } from '../errors/store-errors.js';
import { START, type Position } from '../event/position.js';
import { patiently } from '../execute/patience.js';
import { millisecondsOf, systemRuntime, type Runtime } from '../runtime/runtime.js';
import { Interruption } from '../execute/step.js';
import type { EventStore } from '../store/event-store.js';
import type { ConsumerKind } from '../consume/compiled-consumer.js';
import { compiledConsumer } from '../consume/open-consumer.js';
import { missedBy, type MissedEvents } from './coverage.js';
import { countDeadLetters, type DeadLetterCount } from './letters/dead-letters.js';
import type { WorkerState } from './worker.js';

/** How far a consumer has come, wherever it runs. */
export interface ConsumerStanding {
  readonly consumer: string;
  readonly kind: ConsumerKind;
  /** The checkpoint, wherever it is worked on. */
  readonly position: Position;
  readonly lag: ConsumerLag;
  /**
   * What it gave up, and went on without. The lag doesn't tell: a dead letter counts as handled, and somebody has to settle it.
   */
  readonly deadLetters: DeadLetterCount;
  /** Who has its lease, wherever that is; nothing where nobody has, or the store doesn't tell. */
  readonly holder?: string;
  /** What its code handles and has missed, since it did not handle that before. A rebuild makes up for it. */
  readonly missed?: readonly MissedEvents[];
}

/** The same, of a consumer that a runner in this process has. */
export interface ConsumerStatus extends ConsumerStanding {
  /** Of its worker in this process. */
  readonly state: WorkerState;
  /** What it failed with, while it is `failed`. */
  readonly failure?: ConsumerFailed;
  /** What it stepped back for, while it is `outdated`. */
  readonly outdated?: ConsumerOutdated;
}

/** What lies behind a checkpoint. */
export interface ConsumerLag {
  /** How many events there are behind the checkpoint, also those that aren't for it; unless the store can't tell. */
  readonly events?: number;
  /** For how many seconds the first of them has been there; 0 when there is none. */
  readonly seconds: number;
}

/** How long to wait for a status. */
export interface StatusOptions {
  /** For how many milliseconds to wait for the store's answers: 10,000, unless given; `Infinity`: as long as it takes. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * How far consumers have come, wherever they run: for a page that an operator looks at, in a process that runs none of them. It
 * reads what is stored, and tells nothing of what goes on in a worker; that is what the status and the hooks of its runner do.
 *
 * @throws `StoreUnavailable` when the store hasn't answered within `timeout`, `Aborted` when the signal was aborted first.
 * @throws `CapabilityMissing` on a store that keeps no checkpoints.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * for (const { consumer, lag, deadLetters, holder = 'nobody' } of await statusOf(store, [Balances], { timeout: 2000 })) {
 *   console.log(`${consumer}: ${lag.seconds} s behind, ${holder} has its lease`);
 *   if (deadLetters.count > 0) console.log(`${deadLetters.count} dead letters, since ${deadLetters.since}`);
 * }
 * ```
 */
export async function statusOf(
  store: EventStore,
  consumers: readonly object[],
  { runtime = systemRuntime, ...limits }: StatusOptions & { readonly runtime?: Runtime } = {},
): Promise<readonly ConsumerStanding[]> {
  if (store.capabilities.checkpoints === undefined) {
    throw new CapabilityMissing('This store keeps no checkpoints: it has no capability "checkpoints".');
  }
  const compiled = consumers.map((consumer) => compiledConsumer(consumer));
  return Promise.all(compiled.map((consumer) => standingOf(store, consumer, limits, runtime)));
}

/** @throws `StoreUnavailable` when the store hasn't answered in time, `Aborted` when the signal was aborted first. */
export async function standingOf(
  store: EventStore,
  { name: consumer, kind }: { readonly name: string; readonly kind: ConsumerKind },
  { timeout = 10_000, signal }: StatusOptions,
  runtime: Runtime,
): Promise<ConsumerStanding> {
  if (!(timeout >= 0)) {
    throw new ValidationError('The timeout', [{ path: [], message: `must be milliseconds, not ${String(timeout)}` }]);
  }
  let standing: Standing;
  try {
    await patiently({ signal, deadline: runtime.now() + timeout }, runtime, async () => {
      standing = await askStanding(store, consumer, runtime);
    });
    return { consumer, kind, ...standing! };
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    const context = { consumer };
    if (error.reason === 'signal') {
      throw new Aborted(`Nobody waits any more for the status of "${consumer}".`, { context, cause: error.cause });
    }
    throw new StoreUnavailable(`The store has not told within ${timeout} ms how "${consumer}" is doing.`, { context });
  }
}

type Standing = Omit<ConsumerStanding, 'consumer' | 'kind'>;

async function askStanding(store: EventStore, consumer: string, runtime: Runtime): Promise<Standing> {
  const holder = await store.capabilities.leases?.holder?.(consumer);
  const missed = await missedBy(store, consumer);
  return {
    ...(await progressOf(store, consumer, runtime)),
    deadLetters: await countDeadLetters(store, consumer),
    ...(holder !== undefined && { holder }),
    ...(missed.length > 0 && { missed }),
  };
}

async function progressOf(
  store: EventStore,
  consumer: string,
  runtime: Runtime,
): Promise<Pick<ConsumerStatus, 'position' | 'lag'>> {
  const { checkpoints, distance, head } = store.capabilities;
  const position = (await checkpoints?.load(consumer)) ?? START;
  const { events } = await store.readAll({ after: position, limit: 1 });
  const next = events[0];
  if (next === undefined) return { position, lag: { events: 0, seconds: 0 } };
  const seconds = Math.max(0, (runtime.now() - millisecondsOf(next.recordedAt)) / 1000);
  const behind = head && (await distance?.(position, await head()));
  return { position, lag: { ...(behind && { events: behind.events }), seconds } };
}
