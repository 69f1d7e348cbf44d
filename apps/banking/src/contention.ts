/**
 * A crowd that transfers money between the same few accounts at once, to look at: conflicts, retries, and a total that stays.
 * The accounts are its own, and nobody's.
 */
import {
  Command,
  CommandLogic,
  isEventCoreError,
  stateFor,
  Streams,
  type StateOf,
  type StreamsOf,
} from '@eventcore/core';
import { randomUUID } from 'node:crypto';
import type { ContentionProgress } from './api/messages.js';
import type { Bank } from './bank.js';
import { Account } from './domain/account.js';
import { Deposit } from './domain/deposit.js';
import { OpenAccount } from './domain/open-account.js';
import { TransferMoney } from './domain/transfer-money.js';
import { DEMONSTRATION, demonstrationAccount } from './people.js';

export interface Contention {
  readonly accounts: number;
  readonly transfers: number;
  readonly concurrency: number;
}

/** What each account begins with, in cents. */
const BEGINNING = 100_00;

/** How often it is told how it goes, in milliseconds. */
const INTERVAL = 250;

/** All accounts in one snapshot: what a command that declares them would decide on. It is never executed. */
@Command()
class CountMoney extends CommandLogic<CountMoney> {
  @Streams(Account) readonly accounts!: StreamsOf<typeof Account>;

  handle(): void {}
}

export async function* contend(
  bank: Bank,
  user: string,
  { accounts: count, transfers, concurrency }: Contention,
  signal: AbortSignal,
): AsyncGenerator<ContentionProgress, void, undefined> {
  const run = randomUUID().slice(0, 8);
  const accounts = Array.from({ length: count }, (_, index) => demonstrationAccount(run, index + 1));
  for (const account of accounts) {
    const open = new OpenAccount({ account, owner: DEMONSTRATION, name: 'Contention', currency: 'EUR' });
    await bank.execute(open, user);
    await bank.execute(new Deposit({ account, amount: { cents: BEGINNING, currency: 'EUR' } }), user);
  }

  const crowd = new Crowd(bank, user, accounts, transfers);
  const left = new AbortController();
  const began = performance.now();
  let over = false;
  const ended = crowd.transfer(concurrency, AbortSignal.any([signal, left.signal])).finally(() => (over = true));
  try {
    // Until that was told: it may be over while balances are read for somebody who is told that it isn't.
    for (let finished = false; !finished;) {
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, INTERVAL))]);
      // Whether it is over is asked first: what is told of it then is the last word.
      finished = over;
      const balances = await balancesOf(bank, accounts);
      yield { ...crowd.progress(began), ...totalOf(balances), expected: count * BEGINNING, transfers, finished };
    }
  } finally {
    left.abort();
    await ended;
  }
}

class Crowd {
  /** How many commands needed one attempt, two, three, … */
  readonly #attempts: number[] = [];
  readonly #durations: number[] = [];
  #rejected = 0;
  readonly #bank: Bank;
  readonly #user: string;
  readonly #accounts: readonly string[];
  #left: number;
  #nextTurn: Promise<void> | undefined;

  constructor(bank: Bank, user: string, accounts: readonly string[], transfers: number) {
    this.#bank = bank;
    this.#user = user;
    this.#accounts = accounts;
    this.#left = transfers;
  }

  /** So many at once, until all are done, or somebody has seen enough. */
  async transfer(concurrency: number, signal: AbortSignal): Promise<void> {
    const worker = async (): Promise<void> => {
      while (this.#left > 0 && !signal.aborted) {
        this.#left -= 1;
        await this.#one();
        await this.#turn();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  /**
   * A store in memory answers at once: without a turn for others nobody would see how it goes until it is over. Those of the crowd
   * who wait go on together, since one after the other they would never meet.
   */
  #turn(): Promise<void> {
    return (this.#nextTurn ??= new Promise((resolve) =>
      setImmediate(() => {
        this.#nextTurn = undefined;
        resolve();
      }),
    ));
  }

  progress(began: number) {
    const inOrder = this.#durations.toSorted((a, b) => a - b);
    return {
      done: inOrder.length,
      rejected: this.#rejected,
      conflicts: this.#attempts.reduce((sum, commands, index) => sum + commands * index, 0),
      attempts: [...this.#attempts],
      perSecond: (inOrder.length / (performance.now() - began)) * 1000,
      p50: percentile(inOrder, 50),
      p95: percentile(inOrder, 95),
      p99: percentile(inOrder, 99),
    };
  }

  async #one(): Promise<void> {
    const began = performance.now();
    let attempts: number;
    try {
      // Each by itself, as if from as many processes: within one, commands on the same streams line up, and nothing is to be seen.
      ({ attempts } = await this.#bank.execute(this.#drawn(), this.#user, { share: false }));
    } catch (error) {
      if (!isEventCoreError(error)) throw error;
      this.#rejected += 1;
      attempts = Number(error.context['attempts'] ?? 1);
    }
    this.#durations.push(performance.now() - began);
    while (this.#attempts.length < attempts) this.#attempts.push(0);
    this.#attempts[attempts - 1]! += 1;
  }

  /** Between two accounts, whichever they are. */
  #drawn(): TransferMoney {
    const from = Math.floor(Math.random() * this.#accounts.length);
    const step = 1 + Math.floor(Math.random() * (this.#accounts.length - 1));
    const to = (from + step) % this.#accounts.length;
    const amount = { cents: 1 + Math.floor(Math.random() * 20_00), currency: 'EUR' } as const;
    return TransferMoney.between(this.#accounts[from]!, this.#accounts[to]!, amount, 'Contention');
  }
}

async function balancesOf({ store }: Bank, accounts: readonly string[]): Promise<ContentionProgress['balances']> {
  const state = (await stateFor(new CountMoney({ accounts }), store, {
    metadata: { user: DEMONSTRATION },
  })) as StateOf<CountMoney>;
  return [...state.accounts].map(([stream, { balance }]) => ({ account: stream, cents: balance }));
}

function totalOf(balances: ContentionProgress['balances']) {
  return { balances, total: balances.reduce((sum, { cents }) => sum + cents, 0) };
}

/** In milliseconds; of no durations at all, none. */
export function percentile(inOrder: readonly number[], percent: number): number {
  return inOrder[Math.min(inOrder.length - 1, Math.floor((inOrder.length * percent) / 100))] ?? 0;
}
