/** The accounts that exist before the clock starts: the same on both sides. */
import { execute } from '@eventcore/core';
import { createMemoryStore, type MemoryStore } from '@eventcore/memory';
import { openAccount } from './by-hand/commands.js';
import { Ledger } from './by-hand/ledger.js';
import { OpenAccount } from './library/classes.js';

export interface Population {
  readonly accounts: number;
  /** How many events each account starts with. */
  readonly events: number;
}

/** Many streams, all of them short: 5 events each, and at most 20 when a round is over. */
export const town: Population = { accounts: 10_000, events: 5 };

/** Visits all accounts before it comes back to one, and never two neighbours in a row: 7,919 is prime. */
export function visitor({ accounts }: Population): (turn: number) => string {
  const names = Array.from({ length: accounts }, (_, index) => nameOf(index));
  return (turn) => names[(turn * 7_919) % accounts]!;
}

export async function inStore(population: Population): Promise<MemoryStore> {
  const store = createMemoryStore();
  for (const account of openings(population)) await execute(new OpenAccount(account), store);
  return store;
}

export async function inLedger(population: Population): Promise<Ledger> {
  const ledger = new Ledger();
  for (const account of openings(population)) await openAccount(ledger, account);
  return ledger;
}

function* openings({ accounts, events }: Population) {
  const deposits = Array.from({ length: events - 1 }, () => 1_000);
  for (let index = 0; index < accounts; index++) yield { account: nameOf(index), owner: 'Somebody', deposits };
}

function nameOf(index: number): string {
  return `holder${index}`;
}
