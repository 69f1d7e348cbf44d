/** A call in doubt: sent again, whole and unchanged, since what rests on a neighbour means nothing by itself. */
import { exponentialBackoff } from '../command/retry-policy.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Append } from '../store/append.js';
import { isForGood, MAX_DOUBT } from '../store/doubt.js';
import type { EventStore } from '../store/event-store.js';
import { outcomesOf, restsOnRefused, type Outcome } from '../store/outcome.js';

const backoff = exponentialBackoff();

/**
 * Sends until each append is answered, until the store refuses to tell for a reason that doesn't pass, or for too long. Those that
 * are `unknown` then stay so.
 */
export async function beyondDoubt(
  store: EventStore,
  appends: readonly Append[],
  first: readonly Outcome[],
  runtime: Runtime,
  doubted: (cause: unknown) => void,
): Promise<readonly Outcome[]> {
  let known = first.map((outcome) => orAsOpen(outcome, first));
  const until = runtime.now() + MAX_DOUBT;
  for (let resent = 1; ; resent++) {
    const doubt = known.find(isOpen);
    if (doubt === undefined || runtime.now() >= until) return known;
    doubted(doubt.error);
    await runtime.sleep(backoff.delay(resent, () => runtime.random()));
    const again = await sentAgain(store, appends);
    known = known.map((before, index) => afterwards(before, again[index]!, again));
    if (!again.some((outcome, index) => isOpen(known[index]!) && mayPass(outcome))) return known;
  }
}

type Open = Outcome & { readonly kind: 'unknown' };

const isOpen = (outcome: Outcome): outcome is Open => outcome.kind === 'unknown';

const mayPass = (outcome: Outcome): boolean =>
  outcome.kind === 'unknown' || (outcome.kind === 'failed' && !isForGood(outcome.error));

async function sentAgain(store: EventStore, appends: readonly Append[]): Promise<readonly Outcome[]> {
  try {
    return outcomesOf(await store.append(appends), appends.length);
  } catch (error) {
    // Nothing was sent this time, which says nothing of the first time.
    return appends.map(() => ({ kind: 'failed', error: error as never }));
  }
}

/**
 * What is known of an append after it was sent again with its call. That it failed this time says nothing of the times before; that
 * it was refused before, nothing of this time.
 */
function afterwards(before: Outcome, now: Outcome, round: readonly Outcome[]): Outcome {
  if (before.kind === 'committed' || before.kind === 'duplicate' || before.kind === 'idReused') return before;
  const outcome = orAsOpen(now, round);
  if (outcome.kind === 'failed') return isOpen(before) ? { kind: 'unknown', error: outcome.error } : before;
  // What it rests on failed this time, and may have been applied before; and this one with it.
  if (restsOnRefused(outcome) && round.some(({ kind }) => kind === 'failed')) return before;
  return outcome;
}

/** An append that was refused with one that it rests on is as open as that one: they are applied together. */
function orAsOpen(outcome: Outcome, round: readonly Outcome[]): Outcome {
  return restsOnRefused(outcome) ? (round.find(isOpen) ?? outcome) : outcome;
}
