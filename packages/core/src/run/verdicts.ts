/** What became of the commands that a reaction gave: kept by their derived ids, to be looked up and to be looked at. */
import { toJson } from '../event/json.js';
import type { Position } from '../event/position.js';
import type { CommandId, EventId } from '../event/recorded-event.js';
import type { StreamId } from '../event/stream-id.js';
import type { Json } from '../event/json.js';
import type { RowChange } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';
import { compiledConsumer } from '../consume/open-consumer.js';
import { rowsOfTable } from './rows-of.js';

/** What became of one command that a reaction gave. */
export interface FollowUpVerdict {
  readonly verdict: 'executed' | 'rejected';
  /** Derived from the event, the reaction and the command's place. */
  readonly commandId: CommandId;
  /** The command's name. */
  readonly command: string;
  /** The event that was reacted to, and where it stands. */
  readonly event: EventId;
  readonly stream: StreamId;
  readonly position: Position;
  /** When it was decided, as an ISO string. */
  readonly decidedAt: string;
  /** Of one that was executed: how many events it wrote, and the position of the last one. */
  readonly events?: number;
  readonly lastPosition?: Position;
  /** Of one that was rejected: what the rule said. */
  readonly message?: string;
  readonly rule?: string;
  readonly data?: Json;
}

export function verdictTable(reaction: string): string {
  return `${reaction}/verdicts`;
}

export function verdictRow(reaction: string, verdict: FollowUpVerdict): RowChange {
  return { table: verdictTable(reaction), key: verdict.commandId, row: toJson(verdict, 'A verdict') };
}

/**
 * What became of the commands that a reaction gave, by their command ids: executed, or rejected by a rule.
 *
 * @throws `CapabilityMissing` on a store that keeps no rows.
 *
 * @example
 * ```ts
 * const Notary = defineReaction('notary').on(Account, {
 *   AccountOpened: ({ stream }) => new TransferMoney({ from: 'bank', to: keyOf(stream), amount: 5 }),
 * });
 *
 * for await (const { verdict, command, stream, message } of verdictsOf(store, Notary)) {
 *   if (verdict === 'rejected') console.log(`${command} for ${stream} was rejected: ${message}`);
 * }
 * ```
 */
export async function* verdictsOf(
  store: EventStore,
  reaction: object,
): AsyncGenerator<FollowUpVerdict, void, undefined> {
  for await (const { row } of rowsOfTable(store, verdictTable(compiledConsumer(reaction).name))) {
    // The runner alone writes to this table, and writes nothing else.
    yield row as unknown as FollowUpVerdict;
  }
}
