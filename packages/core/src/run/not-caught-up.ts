/** What to say when a consumer has not come to a position in time. */
import { NotCaughtUp } from '../errors/consumer-errors.js';
import type { Position } from '../event/position.js';
import { patiently } from '../execute/patience.js';
import type { Runtime } from '../runtime/runtime.js';
import { Interruption } from '../execute/step.js';
import type { LeaseStore } from '../store/capabilities.js';
import type { EventStore } from '../store/event-store.js';

/** What is known of the consumer that is waited for. */
export interface Seen {
  consumer: string;
  /** Where it stood when the store was asked last; undefined: it has never answered. */
  stands: Position | undefined;
  /** Whether the store is being asked, and has not answered. */
  asking: boolean;
}

/** How somebody has waited. */
export interface Waited {
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly runtime: Runtime;
}

export async function notCaughtUp(
  store: EventStore,
  { consumer, stands, asking }: Seen,
  position: Position,
  { timeout, signal, runtime }: Waited,
  state: string | undefined,
): Promise<NotCaughtUp> {
  const { leases } = store.capabilities;
  // A store that has not said where the consumer stands had better not be asked anything else.
  const answer = asking ? undefined : await holderOf(leases, consumer, runtime, signal);
  const where =
    stands === undefined
      ? `The store has not said within ${timeout} ms where "${consumer}" stands, so it may have come to "${position}", or not.`
      : `"${consumer}" has come to "${stands}", and not to "${position}" within ${timeout} ms.`;
  const why = answer === undefined ? 'The store does not answer.' : whyNot(leases, answer, state);
  return new NotCaughtUp(`${where} ${why}`, {
    context: { consumer, position },
    stands,
    holder: answer?.holder,
    state,
    ...(answer?.fault !== undefined && { cause: answer.fault }),
  });
}

/** For so many milliseconds the store is asked who has the lease, when the time is over already. */
const LAST_QUESTION = 250;

/** The same, of a consumer that was stopped here: there is nothing to wait for. */
export function stoppedBefore({ consumer, stands }: Seen, position: Position): NotCaughtUp {
  return new NotCaughtUp(
    `"${consumer}" has come to "${stands}", and not to "${position}", and this runner is stopped. Where another process may go on with it, wait by caughtUp(store, consumer, position).`,
    { context: { consumer, position }, stands, state: 'stopped' },
  );
}

/** What was answered to the question who has the lease: perhaps nothing in time, perhaps an error. */
interface Holder {
  readonly holder?: string | undefined;
  readonly silent?: true;
  readonly fault?: unknown;
}

/** It is for people, so that an answer which is none doesn't change what they are told. */
async function holderOf(
  leases: LeaseStore | undefined,
  consumer: string,
  runtime: Runtime,
  signal: AbortSignal | undefined,
): Promise<Holder> {
  let holder: string | undefined;
  try {
    await patiently({ signal, deadline: runtime.now() + LAST_QUESTION }, runtime, async () => {
      holder = await leases?.holder?.(consumer);
    });
    return { holder };
  } catch (fault) {
    return fault instanceof Interruption ? { silent: true } : { silent: true, fault };
  }
}

function whyNot(leases: LeaseStore | undefined, { holder, silent }: Holder, state: string | undefined): string {
  const here = state === undefined ? '' : `Here it is ${state}. `;
  if (leases?.holder === undefined)
    return `${here}Is it running somewhere? The status and the hooks of its runner tell more.`;
  if (silent === true) return `${here}The store does not say who has its lease.`;
  return holder === undefined
    ? `${here}Nobody has its lease: it runs nowhere, or an event made it fail.`
    : `${here}"${holder}" has its lease: it is busy, or paused, or an event is tried again. The status and the hooks there tell more.`;
}
