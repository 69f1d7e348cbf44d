/** `execute`: performs the steps of an execution on a store. */
import { partsOf, type madeWithNew } from '../command/command-logic.js';
import { settle } from '../command/settle.js';
import { EventCoreError, belongsToFamily } from '../errors/event-core-error.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { CallOptions, EventStore } from '../store/event-store.js';
import type { Outcome } from '../store/outcome.js';
import { StoreContractBroken } from '../errors/store-errors.js';
import { Execution } from './execution.js';
import { planOf, type ExecuteOptions } from './execution-plan.js';
import { patienceOf, type Patience } from './patience.js';
import type { Receipt } from '../store/receipt.js';
import type { Runtime } from './runtime.js';
import type { Step, Steps } from './step.js';

/** A command object of either door. */
export interface AnyCommand {
  readonly [madeWithNew]: unknown;
}

/** Options have to be given where the store's metadata schema needs something. */
type OptionsFor<Metadata> = undefined extends Metadata
  ? [options?: ExecuteOptions<Metadata>]
  : [options: ExecuteOptions<Metadata> & { readonly metadata: Metadata }];

/**
 * Executes a command: reads its streams as one snapshot, folds, decides, and appends to all of them or to none, with the
 * version of every stream that was read checked. Conflicts and the store's transient errors are retried.
 *
 * A rejection holds for this call: it rests on a state that really was. With a command id of the caller's, the same id sent
 * from elsewhere may still be on its way, and commit, if `handle` looks at more than the state.
 *
 * @throws `BusinessRuleViolation` when one of the command's rules says no.
 * @throws `RetriesExhausted` when every attempt met a conflict or a transient error; with `noRetry` that error itself.
 * @throws `Indeterminate` when the append was sent and its answer never came.
 * @throws `CommandIdReused` when the command id belongs to something else.
 * @throws `Aborted`, `DeadlineExceeded` when the caller's signal or deadline came first.
 *
 * @example
 * ```ts
 * const receipt = await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store);
 * console.log(receipt.attempts, receipt.position, receipt.events.length);
 * ```
 */
export async function execute<Metadata>(
  command: AnyCommand,
  store: EventStore<Metadata>,
  ...[given]: OptionsFor<NoInfer<Metadata>>
): Promise<Receipt> {
  const options: ExecuteOptions<Metadata> = given ?? {};
  const parts = partsOf(command);
  if (parts === undefined) throw notACommand(command);
  settle(command, parts.definition);
  const execution = new Execution(planOf(parts, command, store, options));
  const { notify, runtime } = execution;
  const began = notify && runtime.tick();
  notify?.('started', { ...execution.info(), streams: execution.declaredStreams() });
  try {
    const receipt = await drive(execution.run(), store, runtime, patienceOf(options, runtime));
    notify?.('ended', { ...execution.info(), receipt, duration: runtime.tick() - began! });
    return receipt;
  } catch (error) {
    if (belongsToFamily(error)) EventCoreError.enrich(error, execution.errorContext());
    notify?.('ended', { ...execution.info(), error, duration: runtime.tick() - began! });
    throw error;
  }
}

async function drive(
  machine: Steps<Receipt>,
  store: EventStore,
  runtime: Runtime,
  patience: Patience | undefined,
): Promise<Receipt> {
  let next = machine.next();
  while (next.done !== true) {
    const step = next.value;
    let answer: unknown;
    try {
      answer = await (patience === undefined
        ? performStep(step, store, runtime)
        : patience.during((options) => performStep(step, store, runtime, options)));
    } catch (error) {
      next = machine.throw(error);
      continue;
    }
    next = machine.next((step.kind === 'append' ? outcomeOf(answer as readonly Outcome[]) : answer) as never);
  }
  return next.value;
}

function performStep(step: Step, store: EventStore, runtime: Runtime, options?: CallOptions): Promise<unknown> {
  switch (step.kind) {
    case 'read':
      return store.read(step.request, options);
    case 'append':
      return store.append([step.append], options);
    case 'hold':
      return store.hold!(step.queries, step.decide, options);
    case 'sleep':
      return runtime.sleep(step.milliseconds, options?.signal);
    case 'wait':
      return step.promise;
    default:
      return step satisfies never;
  }
}

/** Whatever the store meant by saying nothing of an append: it may have been applied. */
function outcomeOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes[0] ?? { kind: 'unknown', error: new StoreContractBroken('The store gave no outcome for an append.') };
}

function notACommand(value: unknown): DefinitionError {
  const what =
    typeof value === 'object' && value !== null
      ? `an instance of ${value.constructor?.name ?? 'nothing'}`
      : String(value);
  return new DefinitionError(
    `execute needs a command object, and got ${what}. Make one with new, of a class with @Command() or of defineCommand. ` +
      'If it is one, two copies of @eventcore/core are installed: npm ls @eventcore/core shows them.',
  );
}
