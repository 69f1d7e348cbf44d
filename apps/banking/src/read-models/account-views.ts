/** Accounts as the API shows them: rows of several read models, put together. */
import type { EventStore } from '@eventcore/core';
import { rowsOf, type RowOf } from '@eventcore/core/consumers';
import type { AccountView, User } from '../api/messages.js';
import { DEMONSTRATION, nameOf } from '../people.js';
import { Accounts } from './accounts.js';
import { Holdings } from './holdings.js';
import { OverdraftLimits } from './overdraft-limits.js';

/** All that the user may see: his own, and to a teller everybody's. */
export async function accountsOf(store: EventStore, user: User): Promise<readonly AccountView[]> {
  if (user.role === 'customer') {
    const holdings = await rowsOf(store, Holdings).row(user.id);
    return accountViews(store, holdings?.accounts ?? []);
  }
  const keys: string[] = [];
  for await (const { key } of rowsOf(store, Accounts).all()) keys.push(key);
  return accountViews(store, keys);
}

/** Those of these accounts that there are, in their order. */
export async function accountViews(store: EventStore, accounts: readonly string[]): Promise<readonly AccountView[]> {
  const [rows, limits] = await Promise.all([
    rowsOf(store, Accounts).rows(accounts),
    rowsOf(store, OverdraftLimits).rows(['EUR', 'GBP', 'USD']),
  ]);
  return accounts.flatMap((account) => {
    const row = rows.get(account);
    if (row === undefined || row.openedAt === '') return [];
    return [viewOf(account, row, limits.get(row.currency)?.limit ?? 0)];
  });
}

export function maySee(user: User, { owner }: { readonly owner: string }): boolean {
  return owner === user.id || (user.role === 'teller' && owner !== DEMONSTRATION);
}

function viewOf(account: string, row: RowOf<typeof Accounts>, overdraft: number): AccountView {
  const { owner, name, currency, balance, openedAt, closed, frozen } = row;
  return {
    account,
    name,
    owner,
    ownerName: nameOf(owner),
    balance: { cents: balance, currency },
    status: closed ? 'closed' : frozen ? 'frozen' : 'open',
    overdraft,
    openedAt,
  };
}
