/** Events that a consumer gave up: kept with what went wrong, written together with the checkpoint that passes them. */
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import { toJson } from '../../event/json.js';
import type { Position, Version } from '../../event/position.js';
import type { EventId, RecordedEvent } from '../../event/recorded-event.js';
import type { StreamId } from '../../event/stream-id.js';
import type { RowChange } from '../../store/capabilities.js';
import type { EventStore } from '../../store/event-store.js';
import { compiledConsumer } from '../../consume/open-consumer.js';
import { rowsOfTable } from '../rows-of.js';
import { describeThrown } from '../../errors/thrown.js';

/** An event that a consumer gave up, and went on without. */
export interface DeadLetter {
  readonly event: EventId;
  readonly stream: StreamId;
  readonly version: Version;
  readonly type: string;
  readonly position: Position;
  /** How often it was tried. */
  readonly attempts: number;
  /** What the last attempt failed with. */
  readonly error: { readonly name: string; readonly message: string; readonly code?: string };
  /** When it was given up, as an ISO string. That it failed again when it was handed over once more changes nothing in that. */
  readonly failedAt: string;
}

export function deadLetterTable(consumer: string): string {
  return `${consumer}/dead-letters`;
}

export function deadLetterRow(
  consumer: string,
  { id, stream, version, type, position }: RecordedEvent,
  cause: unknown,
  attempts: number,
  failedAt: string,
): RowChange {
  const letter: DeadLetter = { event: id, stream, version, type, position, attempts, error: describe(cause), failedAt };
  return { table: deadLetterTable(consumer), key: position, row: toJson(letter, 'A dead letter') };
}

/** How many events a consumer gave up that are still to be settled, and since when there are any. */
export interface DeadLetterCount {
  readonly count: number;
  /** When the first of them was given up, as an ISO string. */
  readonly since?: string;
}

/** A store that keeps no rows has none. */
export async function countDeadLetters({ capabilities }: EventStore, consumer: string): Promise<DeadLetterCount> {
  const table = deadLetterTable(consumer);
  const count = (await capabilities.rows?.count(table)) ?? 0;
  if (count === 0) return { count };
  // Their keys are positions, and events are handled in that order.
  const [first] = await capabilities.rows!.list(table, { limit: 1 });
  // The runner alone writes to this table, and writes nothing else. Perhaps they were settled meanwhile.
  return first === undefined ? { count: 0 } : { count, since: (first.row as unknown as DeadLetter).failedAt };
}

/**
 * The events that a consumer gave up, in the store's order.
 *
 * @throws `CapabilityMissing` on a store that keeps no rows.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * for await (const { type, stream, attempts, error } of deadLettersOf(store, Balances)) {
 *   console.log(`${type} of ${stream} was given up after ${attempts} attempts: ${error.message}`);
 * }
 * ```
 */
export async function* deadLettersOf(store: EventStore, consumer: object): AsyncGenerator<DeadLetter, void, undefined> {
  for await (const { row } of rowsOfTable(store, deadLetterTable(compiledConsumer(consumer).name))) {
    // The runner alone writes to this table, and writes nothing else.
    yield row as unknown as DeadLetter;
  }
}

function describe(cause: unknown): DeadLetter['error'] {
  return { ...describeThrown(cause), ...(isEventCoreError(cause) && { code: cause.code }) };
}
