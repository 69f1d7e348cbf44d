/** What the sample shows of the store, of receipts and of rejections. */
import {
  isEventCoreError,
  keyOf,
  load,
  streams,
  subscribe,
  type EventStore,
  type Position,
  type Receipt,
} from '@eventcore/core';
import { Account } from './account.js';
import { money, styled, table } from './terminal.js';

/** Each account with its state, folded from its events; and what all of them hold. */
export async function showBalances(store: EventStore): Promise<void> {
  const rows: string[][] = [];
  let total = 0;
  for await (const { stream, version } of streams(store, Account)) {
    const { owner, balance } = await load(store, Account.at(keyOf(stream)));
    rows.push([stream, owner, String(version), money(balance)]);
    total += balance;
  }
  console.log(table(['stream', 'owner', 'version>', 'balance>'], [...rows, ['total', '', '', money(total)]]));
}

/** What a command recorded, in the order in which it emitted. */
export function showReceipt({ events, duplicate }: Receipt): void {
  const rows = events.map(({ stream, version, type }) => [stream, String(version), type]);
  console.log(table(['stream', 'version>', 'event'], rows));
  if (duplicate) console.log('  recorded earlier: nothing was written now');
}

/** A rule that says no is data that a program can act on. Any other error is none of our business. */
export async function showRejection(execution: Promise<Receipt>): Promise<void> {
  try {
    await execution;
  } catch (error) {
    if (!isEventCoreError(error, 'BUSINESS_RULE_VIOLATION')) throw error;
    console.log(`  rule     ${styled('yellow', String(error.rule))}`);
    console.log(`  message  ${error.message}`);
    console.log(`  data     ${describe(error.data)}`);
  }
}

/** How many commands needed how many attempts. */
export function showAttempts(receipts: readonly Receipt[]): void {
  const commands = new Map<number, number>();
  for (const { attempts } of receipts) commands.set(attempts, (commands.get(attempts) ?? 0) + 1);
  const rows = [...commands].sort(([a], [b]) => a - b).map(([attempts, count]) => [String(attempts), String(count)]);
  console.log(table(['attempts>', 'commands>'], rows));
}

/** The events of the whole store in its order. Those of one command stand together, below its position. */
export async function showEvents(store: EventStore, upTo: Position): Promise<void> {
  const rows: string[][] = [];
  let command: string | undefined;
  for await (const { position, commandId, stream, version, type, data } of subscribe(store)) {
    if (position > upTo) break;
    const place = commandId === command ? '' : position;
    rows.push([styled('dim', place), stream, String(version), type, describe(data)]);
    command = commandId;
  }
  console.log(table(['position', 'stream', 'version>', 'event', 'data'], rows));
}

/** Every number in this bank is an amount. */
function describe(data: unknown): string {
  return Object.entries(data as Record<string, unknown>)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? money(value) : String(value)}`)
    .join(', ');
}
