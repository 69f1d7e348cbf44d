/** Accounts, and the money on them. */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';

/** An amount in whole cents: more than nothing, and never a fraction. */
export const Money = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
  },
  state: () => ({ open: false, owner: '', balance: 0 }),
  fold: {
    AccountOpened: (account, { owner }) => ({ ...account, open: true, owner }),
    MoneyDeposited: (account, { amount }) => ({ ...account, balance: account.balance + amount }),
    MoneyWithdrawn: (account, { amount }) => ({ ...account, balance: account.balance - amount }),
  },
});
