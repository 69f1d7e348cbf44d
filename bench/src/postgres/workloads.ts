/** What is done on a PostgreSQL store, by hand and by the library, on accounts that are opened first. */
import { execute, type EventStore } from '@eventcore/core';
import * as defined from '../library/defined.js';
import type { BareStore } from './bare-store.js';
import * as hand from './by-hand.js';

export interface Workload {
  readonly name: string;
  readonly work: string;
  /** How many accounts there are, and how many events each has. */
  readonly accounts: number;
  readonly events: number;
  /** How many callers there are at once. */
  readonly callers: readonly number[];
  /** What a command writes, where that is what counts. */
  readonly unit?: { readonly name: string; readonly perCommand: number };
  readonly byHand: (store: BareStore, turn: number) => Promise<void>;
  readonly byLibrary: (store: EventStore, turn: number) => Promise<unknown>;
}

/** Spreads turns over accounts, and never gives two of one transfer alike. */
const account = (turn: number, accounts: number, nth = 0): string => String(((turn * 7_919 + nth * 31) % accounts) + 1);

const two = (turn: number, accounts: number) => ({
  from: account(turn, accounts),
  to: account(turn, accounts, 1),
  amount: 1,
});

function transfers(name: string, work: string, accounts: number, callers: readonly number[]): Workload {
  return {
    name,
    work,
    accounts,
    events: 10,
    callers,
    byHand: (store, turn) => hand.transferMoney(store, two(turn, accounts)),
    byLibrary: (store, turn) => execute(new defined.TransferMoney(two(turn, accounts)), store),
  };
}

const ten = (turn: number) => Array.from({ length: 10 }, (_, nth) => account(turn, 1_000, nth));
const thousand = Array.from({ length: 1_000 }, (_, index) => index + 1);

export const workloads: readonly Workload[] = [
  {
    name: 'deposit',
    work: 'a deposit to one of 1,000 accounts',
    accounts: 1_000,
    events: 10,
    callers: [1, 16, 64],
    byHand: (store, turn) => hand.deposit(store, { account: account(turn, 1_000), amount: 1 }),
    byLibrary: (store, turn) => execute(new defined.Deposit({ account: account(turn, 1_000), amount: 1 }), store),
  },
  transfers('transfer', 'a transfer between two of 1,000 accounts', 1_000, [1, 16, 64]),
  transfers('hot-accounts', 'a transfer between two of 10 accounts', 10, [16, 64]),
  {
    name: 'ten-streams',
    work: 'a bonus for ten of 1,000 accounts',
    accounts: 1_000,
    events: 10,
    callers: [1, 16],
    byHand: (store, turn) => hand.payBonus(store, { accounts: ten(turn), bonus: 1 }),
    byLibrary: (store, turn) => execute(new defined.PayBonus({ accounts: ten(turn), bonus: 1 }), store),
  },
  {
    name: 'batches',
    work: 'a command that writes 1,000 events, to an account of its own',
    accounts: 2_000,
    events: 1,
    callers: [1, 4],
    unit: { name: 'events', perCommand: 1_000 },
    byHand: (store, turn) => hand.payIn(store, { account: String((turn % 2_000) + 1), amounts: thousand }),
    byLibrary: (store, turn) =>
      execute(new defined.PayIn({ account: String((turn % 2_000) + 1), amounts: thousand }), store),
  },
  {
    name: 'long-stream',
    work: 'a deposit to one of 4 accounts of 10,000 events',
    accounts: 4,
    events: 10_000,
    callers: [1, 4],
    byHand: (store, turn) => hand.deposit(store, { account: account(turn, 4), amount: 1 }),
    byLibrary: (store, turn) => execute(new defined.Deposit({ account: account(turn, 4), amount: 1 }), store),
  },
];
