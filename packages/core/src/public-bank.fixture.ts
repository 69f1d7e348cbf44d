/** A small bank for the type tests, through the public door: types are seen as in the declarations that users get. */
import * as v from 'valibot';
import { defineStream } from '@eventcore/core';

export const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
    AccountClosed: v.object({}),
  },
  state: () => ({ open: false, balance: 0, tags: new Array<string>() }),
  fold: {
    AccountOpened: (state) => ({ ...state, open: true }),
    MoneyDeposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    MoneyWithdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
    AccountClosed: (state) => ({ ...state, open: false }),
  },
});

/** Has an event in common with accounts, with the same payload, and one with another payload. */
export const Savings = defineStream('savings', {
  events: {
    MoneyDeposited: v.object({ amount: Money }),
    AccountClosed: v.object({ reason: v.string() }),
    InterestPaid: v.object({ rate: v.number() }),
  },
  state: () => ({ saved: 0 }),
  fold: {},
});

export const Audit = defineStream('audit', {
  events: { Noted: v.object({ text: v.string() }) },
  state: () => ({ notes: 0 }),
  fold: { Noted: (state) => ({ notes: state.notes + 1 }) },
});

export const Household = defineStream('household', {
  events: { Joined: v.object({ member: v.string() }) },
  state: () => ({ head: '', members: new Array<string>() }),
  fold: { Joined: (state, { member }) => ({ ...state, members: [...state.members, member] }) },
});
