import { accountsOf } from './accounting.js';
import { findCauseAfterEffect, findFeedAnomalies } from './feed-anomalies.js';
import type { Finding } from './finding.js';
import type { History } from './history.js';
import { indexLog } from './indexed-log.js';
import { findOrderAnomalies } from './order-anomalies.js';
import { soundReads } from './sound-reads.js';
import { verdictOf, type Verdict } from './verdict.js';

/**
 * Judges a recorded run: whether its commands were strictly serializable, whether what was acknowledged is there, whole and
 * once, and whether consumers were given all of it in an order that respects cause.
 *
 * Versions are given, not inferred, so a history without an anomaly is proven right, as far as it was recorded.
 *
 * @example
 * import { checkHistory } from '@eventcore/testing';
 *
 * const verdict = checkHistory({ operations: [], log: [] });
 * verdict.valid; // true
 * String(verdict); // No anomaly in 0 operations …
 */
export function checkHistory({ operations, log: events, feeds = [] }: History): Verdict {
  const findings: Finding[] = [];
  const log = indexLog(events, findings);
  const { happenings, empty } = accountsOf(operations, log, findings);
  const reads = soundReads(happenings, log, findings);
  const edges = findOrderAnomalies(happenings, reads, log, findings);
  findCauseAfterEffect(
    Int32Array.from(events, (_, index) => index),
    happenings,
    reads,
    log,
    findings,
  );
  for (const feed of feeds) findFeedAnomalies(feed, happenings, reads, log, findings);

  let [rejected, failed, unknown] = [0, 0, 0];
  for (const { end, completed } of operations) {
    if (end === 'rejected') rejected += 1;
    else if (end === 'failed') failed += 1;
    else if (end === 'unknown' || completed === undefined) unknown += 1;
  }
  const applied = log.effects.length;
  const counts = {
    operations: operations.length,
    applied,
    rejected,
    empty,
    failed,
    unknown,
    events: events.length,
    edges,
  };
  return verdictOf(findings, counts, log);
}
