/** What a command would decide on, for people who want to see why it decided as it did. */
import { partsOf, type AnyCommand } from '../command/command-logic.js';
import { DefinitionError } from '../errors/input-errors.js';
import type { EventStore } from '../store/event-store.js';
import { planOf, type ExecuteOptions } from './execution-plan.js';
import { Gathering } from './gathering.js';

/**
 * The state that a command's `handle` would get now: by field, with sets and discovered streams as maps, or the command's
 * own. To look at, such as beside a rejection; to decide on it, execute the command.
 *
 * @throws whatever folding or discovery raises, as `execute` does.
 *
 * @example
 * ```ts
 * console.log(await stateFor(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), store));
 * // { from: { open: true, balance: 40 }, to: { open: false, balance: 0 } }
 * ```
 */
export async function stateFor(
  command: AnyCommand,
  store: EventStore,
  options: Pick<ExecuteOptions, 'metadata'> = {},
): Promise<unknown> {
  const parts = partsOf(command);
  if (parts === undefined)
    throw new DefinitionError('stateFor needs a command object: stateFor(new TransferMoney({ … }), store).');
  const plan = planOf(parts, command, store, options);
  const { name } = parts.definition;
  const { commandId, correlationId, causationId } = plan;
  const gathering = new Gathering(plan, () => ({ command: name, commandId, correlationId, causationId, attempt: 1 }));
  gathering.beginAttempt();
  const steps = gathering.snapshot();
  for (let next = steps.next(); next.done !== true;) {
    const step = next.value;
    // Gathering asks for nothing but reads.
    if (step.kind !== 'read') throw new TypeError(`${name} asked for ${step.kind} while its state was gathered`);
    next = steps.next(await store.read(step.request));
  }
  return gathering.state();
}
