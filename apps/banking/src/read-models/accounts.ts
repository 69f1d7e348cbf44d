/** Accounts as they are shown: one row for each, from its own stream and from what compliance has said of it. */
import { defineReadModel } from '@eventcore/core/consumers';
import { Account } from '../domain/account.js';
import { Compliance } from '../domain/compliance.js';
import type { Currency } from '../domain/money.js';
import { bookedAt, type Metadata } from '../metadata.js';
import { shownAccount } from './shown-accounts.js';

export interface AccountRow {
  readonly owner: string;
  readonly name: string;
  readonly currency: Currency;
  /** In cents. */
  readonly balance: number;
  readonly openedAt: string;
  readonly closed: boolean;
  readonly frozen: boolean;
}

export const Accounts = defineReadModel<AccountRow, Metadata>('accounts', {
  row: () => ({
    owner: '',
    name: '',
    currency: 'EUR',
    balance: 0,
    openedAt: '',
    closed: false,
    frozen: false,
  }),
})
  .from(
    Account,
    {
      AccountOpened: (row, event) => ({ ...row, ...event.data, openedAt: bookedAt(event) }),
      MoneyDeposited: (row, { data }) => ({ ...row, balance: data.balance }),
      MoneyWithdrawn: (row, { data }) => ({ ...row, balance: data.balance }),
      BonusReceived: (row, { data }) => ({ ...row, balance: data.balance }),
      MoneySent: (row, { data }) => ({ ...row, balance: data.balance }),
      MoneyReceived: (row, { data }) => ({ ...row, balance: data.balance }),
      AccountClosed: (row) => ({ ...row, closed: true }),
    },
    { key: shownAccount },
  )
  .from(Compliance, {
    AccountFrozen: (row) => ({ ...row, frozen: true }),
    AccountUnfrozen: (row) => ({ ...row, frozen: false }),
  });
