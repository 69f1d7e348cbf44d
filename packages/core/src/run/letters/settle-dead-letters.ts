/** What an operator does about dead letters: have them handled again once the cause is mended, or throw them away. */
import { CapabilityMissing } from '../../errors/input-errors.js';
import { StoreContractBroken } from '../../errors/store-errors.js';
import { version } from '../../event/position.js';
import type { RecordedEvent } from '../../event/recorded-event.js';
import type { EventStore } from '../../store/event-store.js';
import { compiledConsumer } from '../../consume/open-consumer.js';
import { Checkpoint } from '../tenure/checkpoint.js';
import { deadLetterRow, deadLettersOf, deadLetterTable, type DeadLetter } from './dead-letters.js';
import { BatchFailed, EventFailed } from '../apply/event-failed.js';
import { Interrupted } from '../apply/interrupted.js';
import type { MetadataIn } from '../../store/metadata.js';
import { planConsumers, type Fitting, type RunConsumersOptions, type SuppliedBy } from '../plan-consumers.js';
import { StandingCheckpoint } from '../tenure/standing-checkpoint.js';
import { endTenure, takeTenure } from '../tenure/taken-tenure.js';
import type { WorkerPlan } from '../worker.js';

export interface SettleDeadLettersOptions {
  /** Which ones: all, unless given. */
  readonly only?: (letter: DeadLetter) => boolean;
}

export interface RetryDeadLettersOptions<Given extends object = object>
  extends
    SettleDeadLettersOptions,
    Omit<
      RunConsumersOptions<Given>,
      'consumers' | 'after' | 'pollInterval' | 'stopTimeout' | 'batchSize' | 'onFailure' | 'singleProcess'
    > {}

/** What came of dead letters that were handed over again. */
export interface RetriedDeadLetters {
  /** How many were handled, and are dead letters no more. */
  readonly handled: number;
  /** How many failed again. They are still there, with what went wrong this time. */
  readonly failed: number;
}

/**
 * Hands the dead letters of a consumer over again, each once, in the store's order. What an event does and the removal of its
 * dead letter are one step, so each takes effect once, however often this is called, and whatever fails in between. One that
 * fails again stays, with the new error.
 *
 * It takes the consumer's lease, so whoever runs it steps back, and goes on when this is over. The events are handled now,
 * behind others that came later: where order matters, as in most folds, {@link rebuild} instead.
 *
 * @throws `CapabilityMissing` on a store that keeps no rows, or has no leases.
 * @throws `LeaseLost` when another worker got the lease meanwhile, and what the store throws; what was handled by then is done.
 *
 * @example
 * ```ts
 * const Mails = defineProjection('mails').on(Account, { AccountOpened: ({ data }) => console.log(data.owner) });
 *
 * const { handled, failed } = await retryDeadLetters(store, Mails, { only: ({ error }) => error.name === 'TimeoutError' });
 * console.log(`${handled} are done, ${failed} failed again`);
 * ```
 */
export async function retryDeadLetters<
  Store extends EventStore,
  Consumer extends object,
  Given extends object = object,
>(
  store: Store,
  consumer: Consumer & Fitting<readonly [Consumer], SuppliedBy<Store> & Given, Given, MetadataIn<Store>>[0],
  options: RetryDeadLettersOptions<Given> = {},
): Promise<RetriedDeadLetters> {
  const plan = planned(store, consumer, options);
  let handled = 0;
  let failed = 0;
  await forEachLetter(plan, consumer, options, async (letter, checkpoint) => {
    if (await handledAgain(plan, letter, checkpoint)) handled += 1;
    else failed += 1;
  });
  return { handled, failed };
}

/**
 * Throws dead letters of a consumer away, and gives how many: for events that are not worth handling any more. Nothing is
 * handled, and the events themselves stay where they are.
 *
 * @throws `CapabilityMissing` on a store that keeps no rows, or has no leases.
 * @throws `LeaseLost` when another worker got the lease meanwhile.
 *
 * @example
 * ```ts
 * const Mails = defineProjection('mails').on(Account, { AccountOpened: ({ data }) => console.log(data.owner) });
 *
 * await discardDeadLetters(store, Mails, { only: ({ failedAt }) => failedAt < '2026-01-01' });
 * ```
 */
export async function discardDeadLetters(
  store: EventStore,
  consumer: object,
  options: SettleDeadLettersOptions &
    Pick<RunConsumersOptions, 'holder' | 'hooks' | 'leaseDuration' | 'runtime' | 'signal'> = {},
): Promise<number> {
  const plan = planned(store, consumer, options);
  let discarded = 0;
  await forEachLetter(plan, consumer, options, async ({ position }, checkpoint) => {
    await checkpoint.move(checkpoint.position, [removal(plan.name, position)]);
    discarded += 1;
  });
  return discarded;
}

type Plan = Omit<WorkerPlan, 'onNews'>;

/** What is written here doesn't move the checkpoint, so a worker that is at work would not learn of it: the lease ends its step. */
function planned(store: EventStore, consumer: object, options: RunConsumersOptions): Plan {
  const { name } = compiledConsumer(consumer);
  if (store.capabilities.leases === undefined) {
    throw new CapabilityMissing(
      `Dead letters of "${name}" can't be settled on this store, which has no leases: a worker that is at work could overwrite what they do. Use rebuild instead.`,
      { context: { consumer: name } },
    );
  }
  // Nothing is begun here.
  return planConsumers(store, [consumer], { ...options, consumers: { [name]: { after: 'beginning' } } })[0]!;
}

async function forEachLetter(
  plan: Plan,
  consumer: object,
  { only = () => true, signal }: SettleDeadLettersOptions & { readonly signal?: AbortSignal },
  settle: (letter: DeadLetter, checkpoint: Checkpoint) => Promise<void>,
): Promise<void> {
  // A store that keeps no rows says so before anybody's lease is taken.
  if ((await deadLettersOf(plan.store, consumer).next()).done === true) return;
  const tenure = await takeTenure(plan);
  try {
    const checkpoint = new Checkpoint(plan.store, plan.name, tenure);
    await checkpoint.load();
    // Those that are there under this lease: before it somebody else may have settled some.
    for await (const letter of deadLettersOf(plan.store, consumer)) {
      if (signal?.aborted === true) return;
      if (only(letter)) await settle(letter, checkpoint);
    }
  } finally {
    await endTenure(tenure, plan);
  }
}

async function handledAgain(plan: Plan, letter: DeadLetter, checkpoint: Checkpoint): Promise<boolean> {
  const { name, kind, application, tell } = plan;
  const event = await eventOf(plan, letter);
  await checkpoint.tenure.confirm();
  const standing = new StandingCheckpoint(plan.store, name, checkpoint, [removal(name, letter.position)]);
  const batch = { events: [event], upTo: checkpoint.position };
  try {
    await application.apply(batch, standing, new Map());
    // Of a reaction that gives no command nothing is written by itself.
    if (!standing.written) await standing.move();
    return true;
  } catch (error) {
    // Who has lost its lease in the middle of it is told so.
    if (error instanceof Interrupted) await checkpoint.tenure.confirm();
    if (!(error instanceof EventFailed || error instanceof BatchFailed)) throw error;
    const { cause } = error;
    const attempt = letter.attempts + 1;
    const again = deadLetterRow(name, event, cause, attempt, letter.failedAt);
    standing.alone();
    await application.apply(batch, standing, new Map([[event.id, again]]));
    tell?.('failed', { consumer: name, kind, event, error: cause, attempt, next: 'deadLetter' });
    return false;
  }
}

async function eventOf({ store, name }: Plan, letter: DeadLetter): Promise<RecordedEvent> {
  const { stream, version: upTo } = letter;
  const { pages } = await store.read({ streams: [{ stream, after: version(upTo - 1), upTo, detail: 'full' }] });
  const event = pages[0]?.events[0] as RecordedEvent | undefined;
  if (event?.id === letter.event) return event;
  throw new StoreContractBroken(
    `A dead letter of "${name}" is for event ${letter.event}, version ${upTo} of "${stream}", and the store has ${event === undefined ? 'no such event' : `event ${event.id} there`}. Was one of them restored from a backup?`,
    { context: { consumer: name, stream, position: letter.position } },
  );
}

function removal(consumer: string, position: DeadLetter['position']) {
  return { table: deadLetterTable(consumer), key: position, row: undefined };
}
