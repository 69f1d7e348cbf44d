/** What the suite asserts, in the contract's words. Each failure says what was claimed, and what was seen instead. */
import { isDeepStrictEqual, types } from 'node:util';
import type { RecordedEvent } from '@eventcore/core';
import type { AppendReceipt, CommandRecord, Outcome, Stale } from '@eventcore/core/store';
import { contractFailure } from './contract-failure.js';
import { tellDifference } from './tell-difference.js';

/** Fails unless the condition holds; the claim says what a store that keeps the contract does. */
export function holds(condition: boolean, claim: string): asserts condition {
  if (!condition) throw contractFailure(claim, holds);
}

/** Fails unless both are the same value, whichever realm and prototype their parts come from. */
export function same(actual: unknown, expected: unknown, claim: string): void {
  const [seen, wanted] = [plain(actual), plain(expected)];
  if (!isDeepStrictEqual(seen, wanted)) throw contractFailure(`${claim}\n\n${tellDifference(wanted, seen)}`, same);
}

/** Fails unless the append was applied by this call. */
export function committed(outcome: Outcome | undefined): AppendReceipt {
  holds(outcome?.kind === 'committed', `Expected the append to be committed. ${tell(outcome)}`);
  holds(!outcome.receipt.duplicate, 'The receipt of an append that was committed now says `duplicate: false`.');
  return outcome.receipt;
}

/** Fails unless the append was recognised as one that had been applied before. */
export function duplicate(outcome: Outcome | undefined): AppendReceipt {
  holds(outcome?.kind === 'duplicate', `Expected the append to be recognised as a duplicate. ${tell(outcome)}`);
  holds(outcome.receipt.duplicate, 'The receipt of a duplicate says `duplicate: true`.');
  return outcome.receipt;
}

/** Fails unless the append met a conflict; gives what was not as expected. */
export function conflicted(outcome: Outcome | undefined): readonly Stale[] {
  holds(outcome?.kind === 'conflict', `Expected the append to meet a conflict. ${tell(outcome)}`);
  holds(outcome.stale.length > 0, 'A conflict lists the streams that were not as expected.');
  return outcome.stale;
}

/** Fails unless the append was refused because its command id belongs to something else. */
export function reused(outcome: Outcome | undefined): CommandRecord {
  holds(outcome?.kind === 'idReused', `Expected the command id to be reported as reused. ${tell(outcome)}`);
  return outcome.recorded;
}

/** What a conflict says of each stream, but for what was missed, in the order of the streams' ids. */
export function verdicts(stale: readonly Stale[]): readonly Omit<Stale, 'missed'>[] {
  return stale
    .map(({ stream, reason, expected, actual }) => ({ stream, reason, expected, actual }))
    .sort((one, other) => (one.stream < other.stream ? -1 : 1));
}

/** How many were applied. */
export function winners(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ kind }) => kind === 'committed').length;
}

/** A receipt without the one thing in which the first one and those of its duplicates differ. */
export function contents({ commandId, correlationId, events, versions, position }: AppendReceipt): unknown {
  return { commandId, correlationId, events, versions, position };
}

/** What folding needs of events, whatever else a store hands out with it. */
export function lean(events: readonly Pick<RecordedEvent, 'type' | 'schemaVersion' | 'data'>[]): unknown {
  return events.map(({ type, schemaVersion, data }) => ({ type, schemaVersion, data }));
}

/** Fails unless positions ascend, compared as plain strings. */
export function ascending(positions: readonly string[], claim: string): void {
  positions.forEach((position, index) => {
    const before = positions[index - 1] ?? '';
    holds(before < position, `${claim} ${JSON.stringify(position)} comes after ${JSON.stringify(before)}.`);
  });
}

function tell(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case undefined:
      return 'There was no outcome.';
    case 'conflict':
      return `It met a conflict: ${JSON.stringify(verdicts(outcome.stale))}.`;
    case 'failed':
    case 'unknown':
      return `It ended as ${outcome.kind}: ${String(outcome.error)}`;
    case 'idReused':
      return 'Its command id was reported as reused.';
    case 'committed':
    case 'duplicate':
      return `It ended as ${outcome.kind}.`;
  }
}

/** A copy made of this realm's own objects: test frameworks that isolate files have several, and each its prototypes. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value as readonly unknown[], plain);
  if (types.isSet(value)) return new Set(Array.from(value, plain));
  if (types.isMap(value)) return new Map([...value].map(([key, item]) => [key, plain(item)]));
  const copy = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    Object.defineProperty(copy, key, { value: plain(item), enumerable: true });
  }
  return copy;
}
