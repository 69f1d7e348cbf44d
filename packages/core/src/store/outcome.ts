/** What becomes of one append. */
import { StoreContractBroken } from '../errors/store-errors.js';
import type { StreamId } from '../event/stream-id.js';
import type { Expected } from './append.js';
import type { Version } from '../event/position.js';
import type { AppendReceipt, CommandRecord, LeanEvent } from '../event/recorded-event.js';

export type Outcome =
  /** Applied, durably: now, or by an earlier append under the same command id. */
  | { readonly kind: 'committed' | 'duplicate'; readonly receipt: AppendReceipt }
  /** Not applied. Lists *every* stream that wasn't as expected. */
  | { readonly kind: 'conflict'; readonly stale: readonly Stale[] }
  /** Not applied: the command id belongs to something else. */
  | { readonly kind: 'idReused'; readonly recorded: CommandRecord }
  /** Certainly not applied. */
  | { readonly kind: 'failed'; readonly error: StoreFailure }
  /** May have been applied, or may yet be. */
  | { readonly kind: 'unknown'; readonly error: StoreFailure };

/** An outcome that leaves nothing in doubt. */
export type Answered = Exclude<Outcome, { readonly kind: 'unknown' }>;

/** A stream that wasn't as expected. One that is both `stale` and something else is `stale`. */
export type Stale = {
  readonly stream: StreamId;
  readonly expected: Expected;
  /** The committed version before this call; where others have written amid its appends, the one that they brought it to. */
  readonly actual: Version;
} & (
  | {
      /** Committed history has moved. */
      readonly reason: 'stale';
      /**
       * All events after the expected version, or after the one that append k left; beyond a cap in bytes there are none, and
       * they have to be read. Never a part of them.
       */
      readonly missed?: readonly LeanEvent[];
    }
  | {
      /** `moved`: by an earlier append of this call. `chain`: what it rests on was not applied. */
      readonly reason: 'moved' | 'chain';
    }
);

/** A failure as a store reports it: one of core's errors, or any error that says whether trying again may help. */
export interface StoreFailure extends Error {
  readonly code: string;
  readonly retriable: boolean;
}

/**
 * The one outcome that a store gave for one append. An answer that is none may hide anything: then the append may have been
 * applied.
 */
export function outcomeOf(answer: unknown): Outcome {
  return outcomesOf(answer, 1)[0]!;
}

/** The same for a call with several appends. */
export function outcomesOf(answer: unknown, appends: number): readonly Outcome[] {
  return Array.from({ length: appends }, (_, index): Outcome => {
    const outcome: unknown = Array.isArray(answer) ? answer[index] : undefined;
    if (isOutcome(outcome)) return outcome;
    return {
      kind: 'unknown',
      error: new StoreContractBroken('The store gave no outcome for an append that it was sent.'),
    };
  });
}

/** Whether an append was refused only since one of its call was, on which it rests: nobody else has written to its streams. */
export function restsOnRefused(outcome: Outcome): outcome is Outcome & { readonly kind: 'conflict' } {
  if (outcome.kind !== 'conflict') return false;
  return outcome.stale.length > 0 && outcome.stale.every(({ reason }) => reason !== 'stale');
}

function isOutcome(value: unknown): value is Outcome {
  const { kind, receipt, stale, error } = (value ?? {}) as Record<string, unknown>;
  switch (kind) {
    case 'committed':
    case 'duplicate':
      return typeof receipt === 'object' && receipt !== null;
    case 'conflict':
      return Array.isArray(stale);
    case 'idReused':
      return true;
    case 'failed':
    case 'unknown':
      return error !== undefined;
    default:
      return false;
  }
}
