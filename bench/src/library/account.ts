import { defineStream } from '@eventcore/core';
import { accountEvents } from '../schemas.js';

export const Account = defineStream('account', {
  events: accountEvents,
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (account) => ({ ...account, open: true }),
    MoneyDeposited: (account, { amount }) => ({ ...account, balance: account.balance + amount }),
    MoneyWithdrawn: (account, { amount }) => ({ ...account, balance: account.balance - amount }),
  },
});
