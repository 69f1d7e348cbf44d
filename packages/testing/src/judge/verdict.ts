/** What the judge says: structured, and as a text. */
import { meaningOf, type Anomaly } from './anomaly.js';
import type { Finding } from './finding.js';
import type { IndexedLog } from './indexed-log.js';
import { namesFor } from './names.js';

/** The judgement of one history. */
export interface Verdict {
  /** Whether nothing is wrong. */
  readonly valid: boolean;
  readonly anomalies: readonly Anomaly[];
  readonly counts: Counts;
  /** A line if it is valid; else each anomaly with what it means and what happened. */
  toString(): string;
}

/** What was judged, so that one sees whether it was worth judging. */
export interface Counts {
  readonly operations: number;
  /** Commands whose events are in the log. */
  readonly applied: number;
  readonly rejected: number;
  /** Receipts without events. */
  readonly empty: number;
  readonly failed: number;
  /** Operations whose end is not known, and those that never ended. */
  readonly unknown: number;
  readonly events: number;
  /** Of the graph of what had to be before what. */
  readonly edges: number;
}

export function verdictOf(findings: readonly Finding[], counts: Counts, log: IndexedLog): Verdict {
  const anomalies = findings.length === 0 ? [] : told(findings, log);
  return { valid: anomalies.length === 0, anomalies, counts, toString: () => textOf(anomalies, counts) };
}

function told(findings: readonly Finding[], log: IndexedLog): readonly Anomaly[] {
  const names = namesFor(
    findings.flatMap(({ operations }) => operations),
    findings.flatMap(({ events }) => events),
    (id) => log.events[log.indexById.get(id) ?? -1],
  );
  return findings.map(({ kind, feed, streams, operations, events, cycle = [], lines }) => {
    const steps = cycle.map(({ from, to, because }) => ({ from, to, because: because(names) }));
    const where = feed === undefined ? '' : ` (feed ${feed})`;
    const heading = `${kind}${where}: ${meaningOf(kind, steps.length)}`;
    const shown = atMost(MOST_LINES, steps.length > 0 ? steps.map(({ because }) => because) : lines(names));
    return {
      kind,
      ...(feed === undefined ? {} : { feed }),
      streams,
      operations,
      events,
      cycle: steps,
      explanation: [heading, ...shown.map((line) => `  ${line}`)].join('\n'),
    };
  });
}

function textOf(anomalies: readonly Anomaly[], counts: Counts): string {
  const { operations, applied, rejected, empty, failed, unknown, events } = counts;
  const ends = `${applied} applied, ${rejected} rejected, ${empty} empty, ${failed} failed, ${unknown} unknown`;
  const judged = `${amountOf(operations, 'operation')} (${ends}) and ${amountOf(events, 'event')}`;
  if (anomalies.length === 0) return `No anomaly in ${judged}.`;
  const shown = atMost(
    MOST_ANOMALIES,
    anomalies.map(({ explanation }) => explanation),
  );
  return [`${anomalies.length === 1 ? 'An anomaly' : `${anomalies.length} anomalies`} in ${judged}.`, ...shown].join(
    '\n\n',
  );
}

function amountOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function atMost(most: number, lines: readonly string[]): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

const MOST_LINES = 12;
const MOST_ANOMALIES = 20;
