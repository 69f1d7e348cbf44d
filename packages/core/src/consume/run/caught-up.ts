/** Waiting until consumers have come to a position: reading one's own writes, also those of another process. */
import { Aborted, DeadlineExceeded } from '../../errors/execution-errors.js';
import { CapabilityMissing } from '../../errors/input-errors.js';
import type { Position } from '../../event/position.js';
import { systemRuntime, type Runtime } from '../../execute/runtime.js';
import type { EventStore } from '../../store/event-store.js';
import { compiledConsumer } from '../open-consumer.js';

export interface CaughtUpOptions {
  /** For how many milliseconds to wait at most: 5,000, unless given. */
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
 * @throws `DeadlineExceeded` when they haven't come so far in time, `Aborted` when the signal was aborted first.
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
  await comeTo(store, names, position, { ...options, runtime }, (signal) => runtime.sleep(pollInterval, signal));
}

/** `rest` waits until there may be news, or the signal is aborted. */
export async function comeTo(
  store: EventStore,
  names: readonly string[],
  position: Position,
  { timeout = 5000, signal, runtime }: CaughtUpOptions & { readonly runtime: Runtime },
  rest: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { checkpoints } = store.capabilities;
  if (checkpoints === undefined) {
    throw new CapabilityMissing('This store keeps no checkpoints: it has no capability "checkpoints".');
  }
  const until = runtime.now() + timeout;
  const over = new AbortController();
  const waiting = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  void runtime.sleep(timeout, over.signal).then(() => over.abort(OVER));
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
        if (runtime.now() >= until) {
          throw new DeadlineExceeded(
            `"${consumer}" has come to "${stands}", and not to "${position}" within ${timeout} ms. Is it running somewhere? deadLettersOf and the runner's status tell more.`,
            { context },
          );
        }
        await rest(waiting);
      }
    }
  } finally {
    over.abort(OVER);
  }
}

/** Without a reason, each abort would make an error with a stack. */
const OVER = 'over';
