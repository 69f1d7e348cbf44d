/** A call in doubt: sent again, whole and unchanged, since what rests on a neighbour means nothing by itself. */
import { exponentialBackoff } from '../command/retry-policy.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Append } from '../store/append.js';
import { isForGood, MAX_DOUBT } from '../store/doubt.js';
import type { EventStore } from '../store/event-store.js';
import { outcomesOf, type Outcome } from '../store/outcome.js';

const backoff = exponentialBackoff();

/**
 * Sends until each append is answered, until the store refuses to tell for a reason that doesn't pass, or for too long. Those that
 * are `unknown` then stay so. That one failed this time says nothing of the first time.
 */
export async function beyondDoubt(
  store: EventStore,
  appends: readonly Append[],
  first: readonly Outcome[],
  runtime: Runtime,
  doubted: (cause: unknown) => void,
): Promise<readonly Outcome[]> {
  const known = [...first];
  const givenUp = new Set<number>();
  const until = runtime.now() + MAX_DOUBT;

  function learn(index: number, outcome: Outcome): void {
    if (outcome.kind !== 'failed') known[index] = outcome;
    else if (isForGood(outcome.error)) {
      known[index] = { kind: 'unknown', error: outcome.error };
      givenUp.add(index);
    }
  }

  for (let resent = 1; ; resent++) {
    const open = [...known.keys()].filter((index) => known[index]!.kind === 'unknown' && !givenUp.has(index));
    if (open.length === 0 || runtime.now() >= until) return known;
    doubted((known[open[0]!] as Outcome & { readonly kind: 'unknown' }).error);
    await runtime.sleep(backoff.delay(resent, () => runtime.random()));
    let again: readonly Outcome[];
    try {
      again = outcomesOf(await store.append(appends), appends.length);
    } catch (error) {
      // It couldn't be sent this time, which says nothing of the first time.
      again = appends.map(() => ({ kind: 'failed', error: error as never }));
    }
    for (const index of open) learn(index, again[index]!);
  }
}
