/** Sends a call, whatever becomes of it, and then once more: the second answer tells whether the first one was true. */
import type { EventStore } from '@eventcore/core';
import type { Append, AppendReceipt, CallOptions, Outcome } from '@eventcore/core/store';
import { breathe, commit, on, send } from '../section/arrange.js';
import { holds } from '../section/expectations.js';

export type Sending = (
  store: EventStore,
  appends: readonly Append[],
  options: CallOptions,
) => Promise<readonly Outcome[]>;

/** As a call of `append`. */
export const appending: Sending = (store, appends, options) => store.append(appends, options);

/**
 * Sends appends that rest on no other one of their call, and sends them again, whole and unchanged, as whoever is in doubt does.
 * What was said to be certain has to be so. Gives what each was said to be at first, and its receipt.
 */
export async function sentTwice(
  store: EventStore,
  appends: readonly Append[],
  first: () => Promise<readonly Outcome[]>,
): Promise<{ readonly told: readonly string[]; readonly receipts: readonly AppendReceipt[] }> {
  const told = await first().then(
    (outcomes) => outcomes.map(({ kind }) => kind),
    () => appends.map(() => 'thrown' as const),
  );
  holds(told.length === appends.length, `${appends.length} appends have as many outcomes, not ${told.length}.`);
  const receipts: AppendReceipt[] = [];
  for (const [index, outcome] of (await send(store, ...appends)).entries()) {
    const { kind } = outcome;
    holds(
      outcome.kind === 'committed' || outcome.kind === 'duplicate',
      `Sent again, the same append is answered, not ${kind}.`,
    );
    receipts.push(outcome.receipt);
    switch (told[index]) {
      case 'thrown':
        holds(kind === 'committed', '`append` threw, so nothing was sent: and yet it was applied.');
        break;
      case 'failed':
        holds(kind === 'committed', 'An append that ended as "failed" was certainly not applied: and yet it was.');
        break;
      case 'committed':
      case 'duplicate':
        holds(kind === 'duplicate', `An append that ended as "${told[index]}" is there, and known by its id.`);
        break;
      case 'unknown':
        break;
      default:
        holds(false, `An append that nothing speaks against doesn't end as "${told[index]}".`);
    }
  }
  return { told, receipts };
}

/**
 * Makes a store warm: its connections are there, its statements prepared, whatever it learns with time is learnt. Gives how many turns
 * of the event loop an append takes by then.
 */
export async function warmUp(store: EventStore): Promise<number> {
  let turns = 0;
  for (let n = 0; n < 8; n++) {
    let answered = false;
    const append = commit(store, { expected: { 'warm-up': n }, events: [on('warm-up')] });
    const over = append.finally(() => (answered = true));
    for (turns = 0; !answered; turns++) await breathe();
    await over;
  }
  return turns;
}

/** Calls something off when so many turns have passed. */
export async function abortedAfter<Result>(
  turns: number,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  const running = run(end.signal);
  // Whoever fails early is heard below.
  running.catch(() => undefined);
  for (let turn = 0; turn < turns; turn++) await breathe();
  end.abort();
  return running;
}
