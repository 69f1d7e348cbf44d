/** Executing a sequence of commands, and what came of each. */
import {
  DefinitionError,
  execute,
  isEventCoreError,
  type AnyCommand,
  type BusinessRuleViolation,
  type EventStore,
} from '@eventcore/core';
import type { Run } from './run.js';
import type { Tally } from './tally.js';

export interface RunOptions {
  /** Commands that set the scene: they are executed first, have to succeed, and aren't among the runs. */
  readonly before?: readonly AnyCommand[];
  /** Counts what came of the commands, over all sequences. */
  readonly tally?: Tally;
}

/**
 * Executes commands one after the other. A business rule that says no is an answer; every other error is thrown.
 *
 * @throws whatever `execute` throws, but for `BusinessRuleViolation`.
 * @throws `DefinitionError` for a command of `before` that a rule rejects.
 *
 * @example
 * ```ts
 * const tally = createTally();
 * const before = [
 *   new OpenAccount({ account: 'alice', owner: 'Alice' }),
 *   new OpenAccount({ account: 'bob', owner: 'Bob' }),
 * ];
 * const transfer = new TransferMoney({ from: 'alice', to: 'bob', amount: 60 });
 *
 * const runs = await runCommands([transfer], store, { before, tally });
 *
 * console.log(runs[0]?.rejected?.message); // insufficient funds
 * console.log(String(tally));
 * // TransferMoney: 0 applied, 1 rejected (1 insufficient funds)
 * ```
 */
export async function runCommands(
  commands: readonly AnyCommand[],
  store: EventStore,
  { before = [], tally }: RunOptions = {},
): Promise<readonly Run[]> {
  for (const command of before) {
    const { rejected } = await runOne(command, store);
    if (rejected !== undefined) throw refusedBefore(command, rejected);
  }
  const runs: Run[] = [];
  for (const command of commands) {
    const run = await runOne(command, store);
    tally?.add(run);
    runs.push(run);
  }
  return runs;
}

async function runOne(command: AnyCommand, store: EventStore): Promise<Run> {
  try {
    return { command, receipt: await execute(command, store) };
  } catch (error) {
    if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
    return { command, rejected: error };
  }
}

function refusedBefore(command: AnyCommand, cause: BusinessRuleViolation): DefinitionError {
  return new DefinitionError(
    `${String(command)} was rejected: ${cause.message}. What stands in \`before\` has to succeed, each command on what those before it made.`,
    { cause },
  );
}
