/** Receipts are made from the log each time, so that those of a duplicate say what the first one said. */
import { START, type StreamId, type Version } from '@eventcore/core';
import type { Append, AppendReceipt, CommandRecord, EventReceipt } from '@eventcore/core/store';
import type { Commit } from './commit.js';
import type { EventLog } from './event-log.js';

export function receiptOf(log: EventLog, commit: Commit, duplicate: boolean): AppendReceipt {
  const { commandId, correlationId, recordedAt, first, end } = commit;
  const events: EventReceipt[] = [];
  const versions = new Map<StreamId, Version>();
  let position = START;
  for (let ordinal = first; ordinal < end; ordinal++) {
    const stream = log.streamAt(ordinal).id;
    const version = log.versionAt(ordinal);
    position = log.positionAt(ordinal);
    events.push({ id: log.ids[ordinal]!, stream, type: log.leanAt(ordinal).type, version, position, recordedAt });
    versions.set(stream, version);
  }
  return { commandId, correlationId, duplicate, events, versions, position };
}

/** Of a command that wrote nothing: it leaves no record. */
export function emptyReceipt({ commandId, correlationId }: Append): AppendReceipt {
  return { commandId, correlationId, duplicate: false, events: [], versions: new Map(), position: START };
}

export function commandRecord(log: EventLog, commit: Commit): CommandRecord {
  const { commandId, fingerprint } = commit;
  return { commandId, fingerprint, receipt: receiptOf(log, commit, true) };
}
