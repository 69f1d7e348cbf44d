/** `execute`: performs the steps of an execution on a store. */
import { partsOf, type AnyCommand } from '../command/command-logic.js';
import { settle } from '../command/settle.js';
import { EventCoreError, belongsToFamily } from '../errors/event-core-error.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { CallOptions, EventStore } from '../store/event-store.js';
import { outcomeOf } from '../store/outcome.js';
import { isStoresOwn } from '../errors/store-errors.js';
import { conductorOf } from '../share/conductor-of.js';
import { Execution } from './execution.js';
import { planOf, type ExecuteOptions } from './execution-plan.js';
import { limitsOf, patiently, type Limits } from './patience.js';
import type { Receipt } from '../store/receipt.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Step, Steps } from './step.js';

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
 * @throws `ValidationError` for an option that isn't valid, before anything is read.
 * @throws `InvalidDecision` when the command decided on what can't be taken, such as an event that its schema refuses.
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
  if (!isStore(store)) throw notAStore();
  settle(command, parts.definition);
  const limits = limitsOf(options);
  const execution = new Execution(planOf(parts, command, store, options));
  const { notify, runtime } = execution;
  const began = notify && runtime.tick();
  notify?.('started', { ...execution.info(), streams: execution.declaredStreams() });
  try {
    const receipt = await drive(execution.run(), store, runtime, limits);
    notify?.('ended', { ...execution.info(), receipt, duration: runtime.tick() - began! });
    return receipt;
  } catch (error) {
    // A store may raise one error for many calls: whose it is isn't written on it.
    if (belongsToFamily(error) && !isStoresOwn(error)) EventCoreError.enrich(error, execution.errorContext());
    notify?.('ended', { ...execution.info(), error, duration: runtime.tick() - began! });
    throw error;
  }
}

async function drive(machine: Steps<Receipt>, store: EventStore, runtime: Runtime, limits: Limits): Promise<Receipt> {
  let next = machine.next();
  while (next.done !== true) {
    const step = next.value;
    let answer: unknown;
    try {
      answer = await patiently(limitsFor(step, limits), runtime, (call, done) =>
        performStep(step, store, runtime, call, done),
      );
    } catch (error) {
      next = machine.throw(error);
      continue;
    }
    next = machine.next((step.kind === 'append' ? outcomeOf(answer) : answer) as never);
  }
  return next.value;
}

/** A step may have a limit of its own. */
function limitsFor(step: Step, limits: Limits): Limits {
  if (step.kind !== 'append' || step.until === undefined) return limits;
  return { signal: limits.signal, deadline: Math.min(limits.deadline ?? Infinity, step.until) };
}

function performStep(
  step: Step,
  store: EventStore,
  runtime: Runtime,
  call: CallOptions | undefined,
  done: AbortSignal | undefined,
): Promise<unknown> {
  switch (step.kind) {
    case 'read':
      return store.read(step.request, call);
    case 'append':
      return store.append([step.append], call);
    case 'hold':
      return store.hold!(step.queries, step.decide, call);
    case 'share':
      return conductorOf(store, runtime).conduct(step.command, done);
    case 'sleep':
      return runtime.sleep(step.milliseconds, done);
    case 'wait':
      return step.promise;
    default:
      return step satisfies never;
  }
}

function isStore(value: unknown): boolean {
  return typeof (value as Partial<EventStore> | null | undefined)?.read === 'function';
}

function notAStore(): DefinitionError {
  return new DefinitionError(
    'execute needs a store: execute(command, store). createMemoryStore() of @eventcore/memory makes one.',
  );
}

function notACommand(value: unknown): DefinitionError {
  if (typeof value === 'function') {
    const { name } = value;
    return new DefinitionError(
      `execute needs a command object, and got the class ${name}. Make one: new ${name}({ … }).`,
    );
  }
  if (isStore(value)) {
    return new DefinitionError('execute got a store where the command goes. Swap the two: execute(command, store).');
  }
  const what =
    typeof value === 'object' && value !== null
      ? `an instance of ${value.constructor?.name ?? 'nothing'}`
      : typeof value;
  return new DefinitionError(
    `execute needs a command object, and got ${what}. Make one with new, of a class with @Command() or of defineCommand. ` +
      'If it is one, two copies of @eventcore/core are installed: npm ls @eventcore/core shows them.',
  );
}
