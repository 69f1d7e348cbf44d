/** What came of a command in a spec. */
import {
  execute,
  isEventCoreError,
  noRetry,
  type AnyCommand,
  type BusinessRuleViolation,
  type ExecuteOptions,
  type Receipt,
  type RecordedEvent,
} from '@eventcore/core';
import type { MemoryStore } from '@eventcore/memory';
import { specRuntime } from './spec-runtime.js';

/** What awaiting `given(…).when(command)` gives. There is a receipt, a rejection or an error. */
export interface Outcome<Metadata = unknown> {
  /** What the command wrote, in the order in which it was emitted; nothing where it didn't succeed. */
  readonly events: readonly RecordedEvent[];
  readonly receipt?: Receipt;
  /** The rule that said no. */
  readonly rejection?: BusinessRuleViolation;
  /** Whatever else was raised. */
  readonly error?: unknown;
  /** The store that the command was executed on, to go on with: `load(store, Account.at('alice'))`. */
  readonly store: MemoryStore<Metadata>;
}

/** Executes a command as anybody would, but for time, ids and retries: there is nobody to compete with. */
export async function outcomeOf<Metadata>(
  command: AnyCommand,
  store: MemoryStore<Metadata>,
  moment: string,
  options: ExecuteOptions<Metadata>,
): Promise<Outcome<Metadata>> {
  let receipt: Receipt;
  try {
    const merged = { retry: noRetry, runtime: specRuntime(moment), ...options };
    // Whether options are required depends on Metadata, which isn't known here.
    receipt = await execute<Metadata>(command, store, ...([merged] as unknown as never));
  } catch (error) {
    return isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')
      ? { events: [], rejection: error, store }
      : { events: [], error, store };
  }
  const events = receipt.events.length === 0 ? [] : await store.capabilities.lookup.byCommand(receipt.commandId);
  return { events, receipt, store };
}
