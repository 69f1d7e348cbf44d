/** What an execution gives back. */
import type { AppendReceipt, CommandId } from '../event/recorded-event.js';
import { START } from '../event/position.js';

/**
 * That a command was executed: what it recorded, and where. `position` is for reading one's own writes: a projection that
 * has come to it has seen this command.
 */
export interface Receipt extends AppendReceipt {
  /** How often it was sent, or decided without anything to send. */
  readonly attempts: number;
}

/** Frozen, with a list of events of its own: observers are handed the same receipt as the caller. */
export function receiptOf(receipt: AppendReceipt, attempts: number): Receipt {
  const { commandId, correlationId, duplicate, events, versions, position } = receipt;
  return Object.freeze({
    commandId,
    correlationId,
    attempts,
    duplicate,
    events: Object.freeze([...events]),
    versions,
    position,
  });
}

/** The receipt of a command that had nothing to write. It leaves no record. */
export function emptyReceipt(commandId: CommandId, attempts: number, correlationId: string): Receipt {
  return Object.freeze({
    commandId,
    correlationId,
    attempts,
    duplicate: false,
    events: Object.freeze([]),
    versions: new Map(),
    position: START,
  });
}
