/** Waiting until consumers have come to a position: reading one's own writes, also those of another process. */
import type { NotCaughtUp } from '../errors/consumer-errors.js';
import { Aborted } from '../errors/execution-errors.js';
import { CapabilityMissing, ValidationError } from '../errors/input-errors.js';
import { parsePosition, type Position } from '../event/position.js';
import { patiently } from '../execute/patience.js';
import { systemRuntime, type Runtime } from '../runtime/runtime.js';
import { Interruption } from '../execute/step.js';
import type { EventStore } from '../store/event-store.js';
import { compiledConsumer } from '../consume/open-consumer.js';
import { notCaughtUp, stoppedBefore, type Seen } from './not-caught-up.js';

export interface CaughtUpOptions {
  /**
   * For how many milliseconds to wait at most, also for the store's answer: 5,000, unless given; 0: one look; `Infinity`: as
   * long as it takes.
   */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** How often to look, in milliseconds: 25, unless given. */
  readonly pollInterval?: number;
  readonly runtime?: Runtime;
}

/**
 * Waits until consumers have handled everything up to a position, such as a receipt's. It looks at their stored checkpoints,
 * so they may run anywhere.
 *
 * @throws `NotCaughtUp` when they haven't come so far in time, `Aborted` when the signal was aborted first.
 * @throws `ValidationError` for what is no position, or none of this store.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 *   MoneyWithdrawn: (row, { data }) => ({ balance: row.balance - data.amount }),
 * });
 * await using runner = runConsumers(store, [Balances]);
 *
 * const { position } = await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store);
 * await caughtUp(store, Balances, position, { timeout: 2000 });
 * console.log(await rowsOf(store, Balances).row('bob'));
 * ```
 */
export async function caughtUp(
  store: EventStore,
  consumers: object | readonly object[],
  position: Position,
  options: CaughtUpOptions = {},
): Promise<void> {
  const { runtime = systemRuntime, pollInterval = 25 } = options;
  const names = (Array.isArray(consumers) ? (consumers as readonly object[]) : [consumers]).map(
    (consumer) => compiledConsumer(consumer).name,
  );
  await comeTo(
    store,
    names,
    position,
    { ...options, runtime },
    {
      rest: (signal) => runtime.sleep(pollInterval, signal),
    },
  );
}

/** How to wait: until there may be news, or the signal is aborted; and what is known of a worker that runs here. */
export interface Waiting {
  rest(signal: AbortSignal): Promise<void>;
  state?(): string;
  /** Whether it works here no more: then it comes no further, unless another process goes on. */
  ended?(): boolean;
}

export async function comeTo(
  store: EventStore,
  names: readonly string[],
  position: Position,
  { timeout = 5000, signal, runtime }: CaughtUpOptions & { readonly runtime: Runtime },
  here: Waiting,
): Promise<void> {
  const { checkpoints, distance } = store.capabilities;
  if (checkpoints === undefined) {
    throw new CapabilityMissing('This store keeps no checkpoints: it has no capability "checkpoints".');
  }
  if (!(timeout >= 0)) {
    throw new ValidationError('The timeout', [{ path: [], message: `must be milliseconds, not ${String(timeout)}` }]);
  }
  // Anything else would count as reached, or as never to be reached.
  parsePosition(position);
  const deadline = runtime.now() + (timeout === 0 ? ONE_LOOK : timeout);
  const seen: Seen = { consumer: '', stands: undefined, asking: false };
  const look = async (consumer: string): Promise<Position> => {
    seen.asking = true;
    const stands = await checkpoints.load(consumer);
    seen.asking = false;
    return (seen.stands = stands);
  };
  const tooLate = (): Promise<NotCaughtUp> =>
    notCaughtUp(store, seen, position, { timeout, signal, runtime }, here.state?.());
  try {
    await patiently({ signal, deadline }, runtime, async (_, done) => {
      let known = false;
      for (const consumer of names) {
        Object.assign(seen, { consumer, stands: undefined });
        for (;;) {
          // What was done before the end is seen by a look that is taken after it.
          const ended = here.ended?.() === true;
          if ((await look(consumer)) >= position) break;
          if (ended) throw stoppedBefore(seen, position);
          // What is no position of this store would be waited for in vain: the store refuses it.
          if (!known) await distance?.(position, position);
          known = true;
          if (timeout === 0) throw await tooLate();
          await here.rest(done!);
          if (done!.aborted) return;
        }
        // Whoever waited has been told that it was in vain.
        if (done!.aborted) return;
      }
    });
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    if (error.reason === 'deadline') throw await tooLate();
    const { consumer } = seen;
    throw new Aborted(`Nobody waits any more for ${quoted(consumer, names)} to come to "${position}".`, {
      context: { ...(consumer !== '' && { consumer }), position },
      cause: error.cause,
    });
  }
}

/** A timeout of 0 means one look, and no store answers in no time. Nor is it waited for any longer than this. */
const ONE_LOOK = 1000;

function quoted(consumer: string, names: readonly string[]): string {
  return (consumer === '' ? names : [consumer]).map((name) => `"${name}"`).join(', ');
}
