/** Tests of commands: given events, when a command is executed, then events or a rejection. */
import {
  execute,
  isEventCoreError,
  prepareAppend,
  systemRuntime,
  type AnyCommand,
  type ExecuteOptions,
} from '@eventcore/core';
import { createMemoryStore, type MemoryStore } from '@eventcore/memory';

/** An event as tests write it down: its name and its data. */
type Fact = readonly [type: string, data: object];

export const opened = (owner: string): Fact => ['AccountOpened', { owner }];
export const deposited = (amount: number): Fact => ['MoneyDeposited', { amount }];
export const withdrawn = (amount: number): Fact => ['MoneyWithdrawn', { amount }];
export const limitSet = (limit: number): Fact => ['OverdraftLimitSet', { limit }];

/** What came of a command: the events that it wrote, stream by stream, or the rule that said no. */
type Verdict =
  { readonly events: Record<string, Fact[]> } | { readonly rule: string | undefined; readonly data: unknown };

interface Scenario {
  readonly store: MemoryStore;
  when(command: AnyCommand, options?: ExecuteOptions): Promise<Verdict>;
}

/** A store that holds what has happened, by stream id. */
export async function given(history: Readonly<Record<string, readonly Fact[]>>): Promise<Scenario> {
  const store = createMemoryStore();
  await write(store, history);
  return {
    store,
    async when(command, options = {}) {
      try {
        const { commandId } = await execute(command, store, options);
        const events: Record<string, Fact[]> = {};
        for (const { stream, type, data } of await store.capabilities.lookup.byCommand(commandId)) {
          (events[stream] ??= []).push([type, data as object]);
        }
        return { events };
      } catch (error) {
        if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
        return { rule: error.rule, data: error.data };
      }
    },
  };
}

async function write(store: MemoryStore, history: Readonly<Record<string, readonly Fact[]>>): Promise<void> {
  for (const [stream, facts] of Object.entries(history)) {
    const events = facts.map(([type, data]) => ({ id: systemRuntime.uuid(), stream, type, data }));
    const commandId = systemRuntime.uuid();
    await store.append([
      prepareAppend({ commandId, fingerprint: 'history', expected: new Map([[stream, 0]]), events }),
    ]);
  }
}
