/**
 * Appending: each command of a call is answered if it is known, judged if it isn't, and written if it passes, one after
 * the other, in one turn of the event loop.
 */
import type { Append, Outcome } from '@eventcore/core/store';
import type { CallSite, EventLog } from './event-log.js';
import { judge } from './judge.js';
import { commandRecord, emptyReceipt, receiptOf } from './receipt.js';

export function appendAll(log: EventLog, appends: readonly Append[], recordedAt: string): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const call = log.nextCall();
  for (let index = 0; index < appends.length; index++) {
    outcomes.push(appendOne(log, appends, outcomes, { call, index }, recordedAt));
  }
  return outcomes;
}

function appendOne(
  log: EventLog,
  appends: readonly Append[],
  outcomes: readonly Outcome[],
  site: CallSite,
  recordedAt: string,
): Outcome {
  const append = appends[site.index]!;
  // Before versions are looked at: an append that is sent again would take its own events for somebody else's.
  const known = log.commands.find(append.commandId);
  if (known !== undefined) {
    const { fingerprint } = append;
    const same =
      fingerprint === known.fingerprint || typeof fingerprint !== 'string' || typeof known.fingerprint !== 'string';
    return same
      ? { kind: 'duplicate', receipt: receiptOf(log, known, true) }
      : { kind: 'idReused', recorded: commandRecord(log, known) };
  }
  const refusal = judge(log, appends, outcomes, site);
  if (refusal !== undefined) return refusal;
  const receipt =
    append.events.length === 0 ? emptyReceipt(append) : receiptOf(log, log.record(append, recordedAt, site), false);
  return { kind: 'committed', receipt };
}
