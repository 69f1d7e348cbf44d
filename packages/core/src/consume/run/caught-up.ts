/** Waiting until consumers have come to a position: reading one's own writes, also those of another process. */
import { inspect } from 'node:util';
import { NotCaughtUp } from '../../errors/consumer-errors.js';
import { Aborted } from '../../errors/execution-errors.js';
import { CapabilityMissing, ValidationError } from '../../errors/input-errors.js';
import type { Position } from '../../event/position.js';
import { sleepUntil } from '../../execute/patience.js';
import { systemRuntime, type Runtime } from '../../execute/runtime.js';
import type { LeaseStore } from '../../store/capabilities.js';
import type { EventStore } from '../../store/event-store.js';
import { compiledConsumer } from '../open-consumer.js';

export interface CaughtUpOptions {
  /** For how many milliseconds to wait at most: 5,000, unless given; `Infinity`: as long as it takes. */
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
}

export async function comeTo(
  store: EventStore,
  names: readonly string[],
  position: Position,
  { timeout = 5000, signal, runtime }: CaughtUpOptions & { readonly runtime: Runtime },
  here: Waiting,
): Promise<void> {
  const { checkpoints, leases } = store.capabilities;
  if (checkpoints === undefined) {
    throw new CapabilityMissing('This store keeps no checkpoints: it has no capability "checkpoints".');
  }
  if (!(timeout >= 0)) {
    throw new ValidationError('The timeout', [{ path: [], message: `must be milliseconds, not ${String(timeout)}` }]);
  }
  // Anything else would count as reached, or as never to be reached.
  if (typeof position !== 'string') {
    const message = `must be a position, such as receipt.position, not ${inspect(position, { depth: 0 })}`;
    throw new ValidationError('What to catch up to', [{ path: [], message }]);
  }
  const until = runtime.now() + timeout;
  const over = new AbortController();
  const waiting = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  if (until !== Infinity) void sleepUntil(until, runtime, over.signal).then(() => over.abort(OVER));
  try {
    for (const consumer of names) {
      for (
        let stands = await checkpoints.load(consumer);
        stands < position;
        stands = await checkpoints.load(consumer)
      ) {
        const context = { consumer, position };
        if (signal?.aborted === true) {
          throw new Aborted(`Nobody waits any more for "${consumer}" to come to "${position}".`, {
            context,
            cause: signal.reason,
          });
        }
        if (over.signal.aborted || runtime.now() >= until) {
          const holder = await leases?.holder?.(consumer);
          const state = here.state?.();
          throw new NotCaughtUp(
            `"${consumer}" has come to "${stands}", and not to "${position}" within ${timeout} ms. ${whyNot(leases, holder, state)}`,
            { context, stands, holder, state },
          );
        }
        await here.rest(waiting);
      }
    }
  } finally {
    over.abort(OVER);
  }
}

function whyNot(leases: LeaseStore | undefined, holder: string | undefined, state: string | undefined): string {
  const here = state === undefined ? '' : `Here it is ${state}. `;
  if (leases?.holder === undefined)
    return `${here}Is it running somewhere? The status and the hooks of its runner tell more.`;
  return holder === undefined
    ? `${here}Nobody has its lease: it runs nowhere, or an event made it fail.`
    : `${here}"${holder}" has its lease: it is busy, or paused, or an event is tried again. The status and the hooks there tell more.`;
}

/** Without a reason, each abort would make an error with a stack. */
const OVER = 'over';
