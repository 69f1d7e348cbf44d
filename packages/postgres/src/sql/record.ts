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
  type Append,
  type AppendReceipt,
  type CommandRecord,
  type EventReceipt,
} from '@eventcore/core/store';

/** An event, as `recordJson` writes it; the first of its command in an answer says what belongs to that. */
type EventRow = readonly [
  id: EventId,
  stream: StreamId,
  version: number,
  position: number,
  index: number,
  type: string,
  schemaVersion: number,
  data: Json,
  ...command: CommandPart | [],
];

type CommandPart = readonly [
  milliseconds: number,
  command: CommandId,
  correlation: string | null,
  causation: string | null,
  ...metadata: [Json] | [],
];

type OfCommand = Pick<RecordedEvent, 'recordedAt' | 'commandId' | 'correlationId' | 'causationId' | 'metadata'>;

/** What belongs to commands, by their numbers, as far as an answer has told. */
export type Commands = Map<number, OfCommand>;

/** Of a page of records, written one after the other; where an answer has several pages, they share what belongs to commands. */
export function recordsOf(json: string | null, commands: Commands = new Map()): readonly RecordedEvent[] {
  if (json === null) return [];
  return (JSON.parse(`[${json}]`) as readonly EventRow[]).map((row) => {
    const [id, stream, count, number, index, type, schemaVersion, data, ...command] = row;
    if (command.length > 0) commands.set(number, ofCommand(command as CommandPart));
    const position = sequencePosition(number, index);
    return { id, stream, version: version(count), position, type, schemaVersion, data, ...commands.get(number)! };
  });
}

function ofCommand([milliseconds, commandId, correlation, causation, metadata]: CommandPart): OfCommand {
  return {
    recordedAt: isoTime(milliseconds),
    commandId,
    correlationId: correlation ?? commandId,
    causationId: causation ?? commandId,
    // All its events, and so all their readers, share it.
    metadata: metadata === undefined ? NO_METADATA : frozen(metadata),
  };
}

const NO_METADATA: Json = Object.freeze({});

function frozen(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** A command, as `recorded_command` writes it. */
export type CommandRow = readonly [
  fingerprint: string | null,
  position: number,
  milliseconds: number,
  events: readonly (readonly [id: EventId, stream: StreamId, type: string, version: number])[],
  correlation: string | null,
];

export function commandRecordOf(commandId: CommandId, row: CommandRow): CommandRecord {
  const [fingerprint, number, milliseconds, events, correlation] = row;
  const recordedAt = isoTime(milliseconds);
  const receipts = events.map(([id, stream, type, count], index) => {
    return { id, stream, type, version: version(count), position: sequencePosition(number, index), recordedAt };
  });
  const command = { commandId, correlationId: correlation ?? commandId };
  return { commandId, fingerprint: fingerprint ?? { any: true }, receipt: receiptOf(command, true, receipts) };
}

/** The receipt of a command by its events, in their order. */
export function receiptOf(
  { commandId, correlationId }: Pick<Append, 'commandId' | 'correlationId'>,
  duplicate: boolean,
  events: readonly EventReceipt[],
): AppendReceipt {
  const versions = new Map<StreamId, Version>();
  for (const event of events) versions.set(event.stream, event.version);
  return { commandId, correlationId, duplicate, events, versions, position: events.at(-1)?.position ?? START };
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
