/** How a consumer is doing. */
import type { ProjectionFailed } from '../../errors/consumer-errors.js';
import { START, type Position } from '../../event/position.js';
import { millisecondsOf, type Runtime } from '../../execute/runtime.js';
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

export async function positionAndLag(
  store: EventStore,
  consumer: string,
  runtime: Runtime,
): Promise<Pick<ConsumerStatus, 'position' | 'lag' | 'holder' | 'missed'>> {
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
