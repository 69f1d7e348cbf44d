/** Building anew what a consumer has built, in place. */
import { DefinitionError } from '../../errors/input-errors.js';
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import { START, type Position } from '../../event/position.js';
import type { RowChange } from '../../store/capabilities.js';
import type { EventStore } from '../../store/event-store.js';
import type { KindOf } from '../../consume/kind-of.js';
import { compiledConsumer } from '../../consume/open-consumer.js';
import { beginningRow, type Beginning } from '../beginning.js';
import { Checkpoint } from '../tenure/checkpoint.js';
import { coverageFrom } from '../coverage.js';
import { Consumption } from '../consumption.js';
import { deadLetterTable } from '../letters/dead-letters.js';
import { patience } from '../failure-policy.js';
import { Interrupted } from '../apply/interrupted.js';
import type { MetadataIn } from '../../store/metadata.js';
import { planConsumers, type Fitting, type RunConsumersOptions, type SuppliedBy } from '../plan-consumers.js';
import { ReadAhead } from './read-ahead.js';
import { rowsOfTable } from '../rows-of.js';
import { RebuildMeter, type RebuildProgress } from './rebuild-progress.js';
import { endTenure, takeTenure } from '../tenure/taken-tenure.js';
import type { WorkerPlan } from '../worker.js';

export interface RebuildOptions<Supplied = unknown, Given extends object = object> extends Omit<
  RunConsumersOptions<Given>,
  'consumers' | 'after' | 'pollInterval' | 'stopTimeout'
> {
  /** Only events after this position count: all, unless given. Reactions have to be told; `'beginning'` means all. */
  readonly from?: Exclude<Beginning, 'now'>;
  /**
   * Empties what a projection's handlers have written: in one transaction with the checkpoint's return, where the store has one.
   * `'nothing'`: there is nothing to be emptied, and to handle events once more does no harm. Projections have to be told.
   */
  readonly reset?: Reset<Supplied & Given>;
  /** How often progress is told, in milliseconds: 250, unless given. */
  readonly interval?: number;
}

export type Reset<Context> = ((context: Context) => unknown) | 'nothing';

/** What a rebuild has to be told, by the kind of the consumer. */
export type ToBeTold<Consumer> = [KindOf<Consumer>] extends ['reaction']
  ? { readonly from: unknown }
  : [KindOf<Consumer>] extends ['projection']
    ? { readonly reset: unknown }
    : unknown;

/** What the compiler says of a consumer of which a rebuild is told nothing. */
export type Rebuildable<Consumer> = [KindOf<Consumer>] extends ['reaction']
  ? 'rebuilding a reaction answers events that it never saw: say from where by the option `from`'
  : [KindOf<Consumer>] extends ['projection']
    ? "rebuilding a projection hands all events over again: say by the option `reset` how it begins empty, or 'nothing'"
    : unknown;

/**
 * Builds anew what a consumer has built: its checkpoint goes back, its rows and dead letters are gone, and all events are
 * handled again, in large batches. It takes the consumer's lease, so whoever runs it steps back, and goes on when this is over.
 * Of a reaction the verdicts stay, so nothing that was decided is decided again; what it never saw is, so it has to be told `from`.
 *
 * It works as long as the loop over it asks for more, and tells how far it has come. A loop that is left ends it: then whoever
 * runs the consumer goes on from there.
 *
 * @throws `DefinitionError` for a reaction without `from`, and for a projection without `reset`.
 * @throws `ConsumerFailed` for an event that fails, and by the policy ends the work.
 * @throws `ConsumerOutdated` for an event that only a newer release can read. Its process goes on from there.
 * @throws `LeaseLost` when this process was paused for so long that another one goes on with it.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * for await (const { done, total, rate } of rebuild(store, Balances)) console.log(`${done} of ${total}, ${rate}/s`);
 * ```
 */
export function rebuild<Store extends EventStore, Consumer extends object>(
  store: Store,
  consumer: Consumer &
    Fitting<readonly [Consumer], SuppliedBy<Store>, object, MetadataIn<Store>>[0] &
    Rebuildable<Consumer>,
): AsyncGenerator<RebuildProgress, void, undefined>;
export function rebuild<Store extends EventStore, Consumer extends object, Given extends object = object>(
  store: Store,
  consumer: Consumer & Fitting<readonly [Consumer], SuppliedBy<Store> & Given, Given, MetadataIn<Store>>[0],
  options: RebuildOptions<SuppliedBy<Store>, Given> & ToBeTold<Consumer>,
): AsyncGenerator<RebuildProgress, void, undefined>;
export async function* rebuild<Store extends EventStore, Given extends object>(
  store: Store,
  consumer: object,
  options: RebuildOptions<SuppliedBy<Store>, Given> = {},
): AsyncGenerator<RebuildProgress, void, undefined> {
  const { interval = 250, signal = new AbortController().signal } = options;
  const { name: named, kind } = compiledConsumer(consumer);
  if (kind === 'reaction' && options.from === undefined) throw fromWhere(named);
  if (kind === 'projection' && options.reset === undefined) throw howToEmpty(named);
  const given: Beginning = options.from ?? 'beginning';
  const consumers = { [named]: { after: given } };
  const plan = planConsumers(store, [consumer], { batchSize: 2000, ...options, consumers })[0]!;
  const from = plan.after;
  if (from === 'now') throw fromWhere(named);
  const { runtime, name } = plan;
  const tenure = await takeTenure(plan);
  try {
    const checkpoint = new Checkpoint(store, name, tenure);
    const { reset, context } = options;
    // What the transaction supplies is of this store's type: the compiler has seen to it.
    const empty =
      typeof reset === 'function'
        ? (supplied: unknown) => reset({ ...(supplied as object), ...context } as never)
        : undefined;
    for (let troubles = 0; ;) {
      try {
        await beginAnew(plan, checkpoint, from, empty);
        break;
      } catch (error) {
        // The rows that are emptied may be in somebody's way. However often it is done, under one lease it is done once.
        if (!(isEventCoreError(error) && error.retriable) || signal.aborted) throw error;
        const delay = patience(++troubles, () => runtime.random());
        plan.tell?.('interrupted', { consumer: name, kind: plan.kind, error, delay });
        await runtime.sleep(delay, signal);
      }
    }
    const meter = await RebuildMeter.begin(plan, from);
    yield await meter.read(checkpoint.position, false);
    let told = runtime.now();
    for await (const events of pages(plan, checkpoint, meter.target, signal)) {
      meter.handled(events);
      if (runtime.now() - told < interval) continue;
      yield await meter.read(checkpoint.position, false);
      told = runtime.now();
    }
    if (!signal.aborted) yield await meter.read(checkpoint.position, true);
  } finally {
    await endTenure(tenure, plan);
  }
}

/** How long to wait before a feed is read on that hasn't come to its end yet, in milliseconds. */
const RECHECK = 50;

type Plan = Omit<WorkerPlan, 'onNews'>;

function fromWhere(name: string): DefinitionError {
  return new DefinitionError(
    `Rebuilding the reaction "${name}" executes the commands that follow from events which it never saw, such as those before it was first run. Say from where: rebuild(store, reaction, { from }). 'beginning' means all of them.`,
  );
}

function howToEmpty(name: string): DefinitionError {
  return new DefinitionError(
    `Rebuilding the projection "${name}" hands all events over again, and what its handlers have written is still there. Say how it begins empty: rebuild(store, projection, { reset: ({ tx }) => … }), or { reset: 'nothing' } if handling events once more does no harm.`,
    { context: { consumer: name } },
  );
}

async function beginAnew(
  plan: Plan,
  checkpoint: Checkpoint,
  from: Position,
  reset: ((supplied: unknown) => unknown) | undefined,
): Promise<void> {
  const { store, name, kind } = plan;
  const letters = deadLetterTable(name);
  const clear = kind === 'readModel' ? [name, letters] : from === START ? [letters] : [];
  // What is not handed over again stays a dead letter.
  const mended = clear.length > 0 || store.capabilities.rows === undefined ? [] : await rowsAfter(store, letters, from);
  const began = store.capabilities.rows === undefined ? [] : [beginningRow(name, from)];
  const rows = [...mended, ...(await coverageFrom(plan, from)), ...began];
  await checkpoint.reset(from, { clear, rows }, reset && store.capabilities.transactions, reset);
}

async function rowsAfter(store: EventStore, table: string, after: string): Promise<readonly RowChange[]> {
  const found: RowChange[] = [];
  for await (const { key } of rowsOfTable(store, table, { after })) found.push({ table, key, row: undefined });
  return found;
}

/**
 * Works page after page to where the feed ended when it began, or to its end: where events come in all the time there is none.
 * Gives how many events were handled with each page.
 */
async function* pages(
  plan: Plan,
  checkpoint: Checkpoint,
  target: Position | undefined,
  signal: AbortSignal,
): AsyncGenerator<number, void, undefined> {
  const { store, filter, batchSize, runtime, name: consumer, kind, tell } = plan;
  const consumption = new Consumption(plan, checkpoint, signal);
  const feed = new ReadAhead(store, filter, batchSize);
  let troubles = 0;
  try {
    while (!signal.aborted && (target === undefined || checkpoint.position < target)) {
      try {
        const { events, upTo } = await feed.read(checkpoint.position);
        if (upTo === checkpoint.position) {
          if (target === undefined) return;
          // A commit that is under way holds the feed up.
          await runtime.sleep(RECHECK, signal);
          continue;
        }
        if (target === undefined || upTo < target) feed.prepare(upTo);
        await consumption.work({ events, upTo });
        troubles = 0;
        yield events.length;
      } catch (error) {
        if (error instanceof Interrupted) {
          // By the signal; or since the lease has passed on, and then it isn't over, and whoever asked for it is told.
          await checkpoint.tenure.confirm();
          return;
        }
        if (!(isEventCoreError(error) && error.retriable)) throw error;
        const delay = patience(++troubles, () => runtime.random());
        tell?.('interrupted', { consumer, kind, error, delay });
        await runtime.sleep(delay, signal);
        await reload(checkpoint);
      }
    }
  } finally {
    await feed.end();
  }
}

/** What was in doubt is told by the checkpoint. Where it can't be asked either, the next step finds out. */
async function reload(checkpoint: Checkpoint): Promise<void> {
  try {
    await checkpoint.load();
  } catch (error) {
    if (!(isEventCoreError(error) && error.retriable)) throw error;
  }
}
