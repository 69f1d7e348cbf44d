/**
 * The same commands as functions: parse, read, fold, decide, parse what was decided, append. Each awaits what the
 * library awaits, the read and the append.
 *
 * Ids come from the library's own generator, because those of the usual packages take several times as long: a slow one
 * here would flatter the library.
 */
import { systemRuntime } from '@eventcore/core';
import * as v from 'valibot';
import { accountEvents, Money } from '../schemas.js';
import { accountOf, type Account } from './account.js';
import type { Ledger, NewEvent } from './ledger.js';

const Name = v.pipe(v.string(), v.nonEmpty());
const DepositInput = v.object({ account: Name, amount: Money });
export const TransferInput = v.object({ from: Name, to: Name, amount: Money });
const BonusInput = v.object({ accounts: v.array(Name), bonus: Money });
const PayInInput = v.object({ account: Name, amounts: v.array(Money) });
const OpenInput = v.object({ account: Name, owner: v.string(), deposits: v.array(Money) });

export class Rejected extends Error {}

export async function deposit(ledger: Ledger, input: v.InferInput<typeof DepositInput>): Promise<number> {
  const { account, amount } = v.parse(DepositInput, input);
  const pages = await ledger.read([idOf(account)]);
  const [page] = pages;
  if (!accountOf(page!.events).open) throw new Rejected('the account is not open');
  return await ledger.append(systemRuntime.uuid(), pages, [deposited(page!.stream, amount)]);
}

export async function transferMoney(ledger: Ledger, input: v.InferInput<typeof TransferInput>): Promise<number> {
  const { from, to, amount } = v.parse(TransferInput, input);
  const pages = await ledger.read([idOf(from), idOf(to)]);
  const [giver, receiver] = pages;
  const giving = accountOf(giver!.events);
  if (!accountOf(receiver!.events).open) throw new Rejected('the receiving account is not open');
  if (giving.balance < amount) throw new Rejected('insufficient funds');
  return await ledger.append(systemRuntime.uuid(), pages, [
    withdrawn(giver!.stream, amount),
    deposited(receiver!.stream, amount),
  ]);
}

export async function payBonus(ledger: Ledger, input: v.InferInput<typeof BonusInput>): Promise<number> {
  const { accounts, bonus } = v.parse(BonusInput, input);
  const pages = await ledger.read(accounts.map(idOf));
  const events: NewEvent[] = [];
  for (const page of pages) {
    if (!accountOf(page.events).open) throw new Rejected('the account is not open');
    events.push(deposited(page.stream, bonus));
  }
  return await ledger.append(systemRuntime.uuid(), pages, events);
}

export async function payIn(ledger: Ledger, input: v.InferInput<typeof PayInInput>): Promise<number> {
  const { account, amounts } = v.parse(PayInInput, input);
  const pages = await ledger.read([idOf(account)]);
  const [page] = pages;
  if (!accountOf(page!.events).open) throw new Rejected('the account is not open');
  const events = amounts.map((amount) => deposited(page!.stream, amount));
  return await ledger.append(systemRuntime.uuid(), pages, events);
}

export async function openAccount(ledger: Ledger, input: v.InferInput<typeof OpenInput>): Promise<number> {
  const { account, owner, deposits } = v.parse(OpenInput, input);
  const pages = await ledger.read([idOf(account)]);
  const [page] = pages;
  if (accountOf(page!.events).open) throw new Rejected('the account is open');
  return await ledger.append(systemRuntime.uuid(), pages, [
    opened(page!.stream, owner),
    ...deposits.map((amount) => deposited(page!.stream, amount)),
  ]);
}

/** The state of one account, to show. */
export async function load(ledger: Ledger, account: string): Promise<Account> {
  const [page] = await ledger.read([idOf(account)]);
  return accountOf(page!.events);
}

function idOf(name: string): string {
  return `account-${name}`;
}

function opened(stream: string, owner: string): NewEvent {
  const data = v.parse(accountEvents.AccountOpened, { owner });
  return { id: systemRuntime.uuid(), stream, type: 'AccountOpened', data };
}

function deposited(stream: string, amount: number): NewEvent {
  const data = v.parse(accountEvents.MoneyDeposited, { amount });
  return { id: systemRuntime.uuid(), stream, type: 'MoneyDeposited', data };
}

function withdrawn(stream: string, amount: number): NewEvent {
  const data = v.parse(accountEvents.MoneyWithdrawn, { amount });
  return { id: systemRuntime.uuid(), stream, type: 'MoneyWithdrawn', data };
}
