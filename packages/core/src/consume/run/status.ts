/** How a consumer is doing. */
import type { ProjectionFailed } from '../../errors/consumer-errors.js';
import { Aborted } from '../../errors/execution-errors.js';
import { ValidationError } from '../../errors/input-errors.js';
import { StoreUnavailable } from '../../errors/store-errors.js';
import { START, type Position } from '../../event/position.js';
import { patiently } from '../../execute/patience.js';
import { millisecondsOf, type Runtime } from '../../execute/runtime.js';
import { Interruption } from '../../execute/step.js';
import type { EventStore } from '../../store/event-store.js';
import type { ConsumerKind } from '../compiled-consumer.js';
import { missedBy, type MissedEvents } from './coverage.js';
import type { WorkerState } from './worker.js';

export interface ConsumerStatus {
  readonly consumer: string;
  readonly kind: ConsumerKind;
  /** Of its worker in this process. */
  readonly state: WorkerState;
  /** The checkpoint, wherever it is worked on. */
  readonly position: Position;
  readonly lag: ConsumerLag;
  /** Who has its lease, wherever that is; nothing where nobody has, or the store doesn't tell. */
  readonly holder?: string;
  /** What its code handles and has missed, since it did not handle that before. A rebuild makes up for it. */
  readonly missed?: readonly MissedEvents[];
  /** What it failed with, while it is `failed`. */
  readonly failure?: ProjectionFailed;
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

type Standing = Pick<ConsumerStatus, 'position' | 'lag' | 'holder' | 'missed'>;

/** @throws `StoreUnavailable` when the store hasn't answered in time, `Aborted` when the signal was aborted first. */
export async function standingOf(
  store: EventStore,
  consumer: string,
  { timeout = 10_000, signal }: StatusOptions,
  runtime: Runtime,
): Promise<Standing> {
  if (!(timeout >= 0)) {
    throw new ValidationError('The timeout', [{ path: [], message: `must be milliseconds, not ${String(timeout)}` }]);
  }
  let standing: Standing;
  try {
    await patiently({ signal, deadline: runtime.now() + timeout }, runtime, async () => {
      standing = await askStanding(store, consumer, runtime);
    });
    return standing!;
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    const context = { consumer };
    if (error.reason === 'signal') {
      throw new Aborted(`Nobody waits any more for the status of "${consumer}".`, { context, cause: error.cause });
    }
    throw new StoreUnavailable(`The store has not told within ${timeout} ms how "${consumer}" is doing.`, { context });
  }
}

async function askStanding(store: EventStore, consumer: string, runtime: Runtime): Promise<Standing> {
  const holder = await store.capabilities.leases?.holder?.(consumer);
  const missed = await missedBy(store, consumer);
  return {
    ...(await progressOf(store, consumer, runtime)),
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
