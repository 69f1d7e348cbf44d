/** The one codec: what the database's JSON says, as the contract's records, receipts and positions. */
import {
  START,
  version,
  type CommandId,
  type EventId,
  type Json,
  type Position,
  type RecordedEvent,
  type StreamId,
  type Version,
} from '@eventcore/core';
import {
  numbersOfPosition,
  sequencePosition,
  type AppendReceipt,
  type CommandRecord,
  type EventReceipt,
} from '@eventcore/core/store';

/** An event, as `recordJson` writes it. */
export type EventRow = readonly [
  id: EventId,
  stream: StreamId,
  version: number,
  position: number,
  index: number,
  type: string,
  schemaVersion: number,
  data: Json,
  milliseconds: number,
  command: CommandId,
  correlation: string | null,
  causation: string | null,
  metadata: Json,
];

export function recordOf(row: EventRow): RecordedEvent {
  const [id, stream, count, number, index, type, schemaVersion, data, milliseconds, commandId, correlation, causation] =
    row;
  return {
    id,
    stream,
    version: version(count),
    position: sequencePosition(number, index),
    type,
    schemaVersion,
    data,
    recordedAt: isoTime(milliseconds),
    commandId,
    correlationId: correlation ?? commandId,
    causationId: causation ?? commandId,
    metadata: row[12],
  };
}

/** Of a page of records, written one after the other. */
export function recordsOf(json: string | null): readonly RecordedEvent[] {
  return json === null ? [] : (JSON.parse(`[${json}]`) as readonly EventRow[]).map(recordOf);
}

/** A command, as `recorded_command` writes it. */
export type CommandRow = readonly [
  fingerprint: string | null,
  position: number,
  milliseconds: number,
  events: readonly (readonly [id: EventId, stream: StreamId, type: string, version: number])[],
];

export function commandRecordOf(commandId: CommandId, row: CommandRow): CommandRecord {
  const [fingerprint, number, milliseconds, events] = row;
  const recordedAt = isoTime(milliseconds);
  const receipts = events.map(([id, stream, type, count], index) => {
    return { id, stream, type, version: version(count), position: sequencePosition(number, index), recordedAt };
  });
  return { commandId, fingerprint: fingerprint ?? { any: true }, receipt: receiptOf(commandId, true, receipts) };
}

/** The receipt of a command by its events, in their order. */
export function receiptOf(commandId: CommandId, duplicate: boolean, events: readonly EventReceipt[]): AppendReceipt {
  const versions = new Map<StreamId, Version>();
  for (const event of events) versions.set(event.stream, event.version);
  return { commandId, duplicate, events, versions, position: events.at(-1)?.position ?? START };
}

let lastMilliseconds = Number.NaN;
let lastText = '';

/** Events of one call share the time, and writing its text costs more than anything else in a record. */
export function isoTime(milliseconds: number): string {
  if (milliseconds !== lastMilliseconds) {
    lastText = new Date(milliseconds).toISOString();
    lastMilliseconds = milliseconds;
  }
  return lastText;
}

/** The number and the index of a position; those before every event for the start. @throws `ValidationError` */
export function numbersOf(position: Position): { readonly number: string; readonly index: number } {
  const { sequence, index } = numbersOfPosition(position);
  return { number: String(sequence), index };
}
