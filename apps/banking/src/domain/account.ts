/** Accounts: whose they are, the money on them, and whom they pay regularly. */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';
import { Cents, Currency, Money } from './money.js';

/** What money was sent for. */
export const Purpose = v.picklist(['transfer', 'wages', 'standing-order']);
export type Purpose = v.InferOutput<typeof Purpose>;

/** At most a line; empty where nothing was said. */
export const Memo = v.pipe(v.string(), v.trim(), v.maxLength(140));

export const StandingOrder = v.object({ to: v.string(), amount: Money });
export type StandingOrder = v.InferOutput<typeof StandingOrder>;

/** Each movement holds the balance after it, as statements do: what was decided is what is shown, for ever. */
const movement = { amount: Money, balance: Cents };

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string(), name: v.string(), currency: Currency }),
    MoneyDeposited: v.object(movement),
    MoneyWithdrawn: v.object(movement),
    BonusReceived: v.object(movement),
    MoneySent: v.object({ ...movement, to: v.string(), purpose: Purpose, memo: Memo }),
    MoneyReceived: v.object({ ...movement, from: v.string(), purpose: Purpose, memo: Memo }),
    StandingOrdersSet: v.object({ orders: v.array(StandingOrder) }),
    AccountClosed: v.object({}),
  },
  state: (): AccountState => ({ status: 'none', owner: '', currency: undefined, balance: 0, orders: [] }),
  fold: {
    AccountOpened: (account, { owner, currency }) => ({ ...account, status: 'open', owner, currency }),
    MoneyDeposited: (account, { amount }) => credited(account, amount),
    MoneyWithdrawn: (account, { amount }) => debited(account, amount),
    BonusReceived: (account, { amount }) => credited(account, amount),
    MoneySent: (account, { amount }) => debited(account, amount),
    MoneyReceived: (account, { amount }) => credited(account, amount),
    StandingOrdersSet: (account, { orders }) => ({ ...account, orders }),
    AccountClosed: (account) => ({ ...account, status: 'closed', orders: [] }),
  },
});

export interface AccountState {
  readonly status: 'none' | 'open' | 'closed';
  readonly owner: string;
  /** That of all its money; undefined until it is opened. */
  readonly currency: Currency | undefined;
  /** In cents. */
  readonly balance: number;
  readonly orders: readonly StandingOrder[];
}

function credited<State extends { readonly balance: number }>(account: State, { cents }: Money): State {
  return { ...account, balance: account.balance + cents };
}

function debited<State extends { readonly balance: number }>(account: State, { cents }: Money): State {
  return { ...account, balance: account.balance - cents };
}
