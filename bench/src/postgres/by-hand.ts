/** The same commands as functions over the bare store: parse, read, fold, decide, parse what was decided, append, or again. */
import { systemRuntime } from '@eventcore/core';
import * as v from 'valibot';
import { accountOf } from '../by-hand/account.js';
import type { NewEvent } from '../by-hand/ledger.js';
import { accountEvents, Money } from '../schemas.js';
import type { BareStore, Page } from './bare-store.js';

const Name = v.pipe(v.string(), v.nonEmpty());
const DepositInput = v.object({ account: Name, amount: Money });
const TransferInput = v.object({ from: Name, to: Name, amount: Money });
const BonusInput = v.object({ accounts: v.array(Name), bonus: Money });
const PayInInput = v.object({ account: Name, amounts: v.array(Money) });

export class Rejected extends Error {}

export async function deposit(store: BareStore, input: v.InferInput<typeof DepositInput>): Promise<void> {
  const { account, amount } = v.parse(DepositInput, input);
  await untilApplied(store, [account], ([page]) => {
    if (!accountOf(page!.events).open) throw new Rejected('the account is not open');
    return [deposited(page!.stream, amount)];
  });
}

export async function transferMoney(store: BareStore, input: v.InferInput<typeof TransferInput>): Promise<void> {
  const { from, to, amount } = v.parse(TransferInput, input);
  await untilApplied(store, [from, to], ([giver, receiver]) => {
    if (!accountOf(receiver!.events).open) throw new Rejected('the receiving account is not open');
    if (accountOf(giver!.events).balance < amount) throw new Rejected('insufficient funds');
    return [withdrawn(giver!.stream, amount), deposited(receiver!.stream, amount)];
  });
}

export async function payBonus(store: BareStore, input: v.InferInput<typeof BonusInput>): Promise<void> {
  const { accounts, bonus } = v.parse(BonusInput, input);
  await untilApplied(store, accounts, (pages) =>
    pages.map((page) => {
      if (!accountOf(page.events).open) throw new Rejected('the account is not open');
      return deposited(page.stream, bonus);
    }),
  );
}

export async function payIn(store: BareStore, input: v.InferInput<typeof PayInInput>): Promise<void> {
  const { account, amounts } = v.parse(PayInInput, input);
  await untilApplied(store, [account], ([page]) => {
    if (!accountOf(page!.events).open) throw new Rejected('the account is not open');
    return amounts.map((amount) => deposited(page!.stream, amount));
  });
}

async function untilApplied(
  store: BareStore,
  accounts: readonly string[],
  decide: (pages: readonly Page[]) => readonly NewEvent[],
): Promise<void> {
  const streams = accounts.map((account) => `account-${account}`);
  for (;;) {
    const pages = await store.readWhole(streams);
    if (await store.append(pages, decide(pages))) return;
  }
}

function deposited(stream: string, amount: number): NewEvent {
  const data = v.parse(accountEvents.MoneyDeposited, { amount });
  return { id: systemRuntime.uuid(), stream, type: 'MoneyDeposited', data };
}

function withdrawn(stream: string, amount: number): NewEvent {
  const data = v.parse(accountEvents.MoneyWithdrawn, { amount });
  return { id: systemRuntime.uuid(), stream, type: 'MoneyWithdrawn', data };
}
