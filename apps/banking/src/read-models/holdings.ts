import { keyOf } from '@eventcore/core';
import { defineReadModel } from '@eventcore/core/consumers';
import { Account } from '../domain/account.js';
import { shownAccount } from './shown-accounts.js';

/** The accounts of each owner, in the order in which they were opened; by the owner. */
export const Holdings = defineReadModel('holdings', { row: () => ({ accounts: [] as readonly string[] }) }).from(
  Account,
  { AccountOpened: ({ accounts }, { stream }) => ({ accounts: [...accounts, keyOf(stream)] }) },
  { key: { AccountOpened: (event) => shownAccount(event) && event.data.owner } },
);
