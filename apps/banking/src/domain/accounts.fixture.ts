/** Accounts as the specs have them, and what has happened on them. */
import { on } from '@eventcore/testing';
import { Account } from './account.js';
import { Compliance } from './compliance.js';
import type { Amount, Currency } from './money.js';
import { Policy } from './policy.js';

export const [alice, bob, carol] = [Account.at('alice'), Account.at('bob'), Account.at('carol')];

type AccountRef = typeof alice;

export function money(cents: number, currency: Currency = 'EUR'): Amount {
  return { cents, currency };
}

export function opened(account: AccountRef, currency: Currency = 'EUR') {
  return on(account, 'AccountOpened', { owner: account.key, name: 'Everyday', currency });
}

/** Paid in on an account that held nothing else. */
export function deposited(account: AccountRef, cents: number, balance = cents) {
  return on(account, 'MoneyDeposited', { amount: money(cents), balance });
}

export function limit(cents: number, currency: Currency = 'EUR') {
  return on(Policy.at(currency), 'OverdraftLimitSet', { limit: cents });
}

export function frozen(account: AccountRef, reason = 'a court order') {
  return on(Compliance.at(account.key), 'AccountFrozen', { reason });
}

interface Sent {
  readonly balances: readonly [from: number, to: number];
  readonly purpose?: 'transfer' | 'wages' | 'standing-order';
  readonly memo?: string;
}

/** The two events of a payment, with the balances after it. */
export function paid(
  from: AccountRef,
  to: AccountRef,
  cents: number,
  { balances, purpose = 'transfer', memo = '' }: Sent,
) {
  const shared = { amount: money(cents), purpose, memo };
  return [
    on(from, 'MoneySent', { ...shared, to: to.key, balance: balances[0] }),
    on(to, 'MoneyReceived', { ...shared, from: from.key, balance: balances[1] }),
  ] as const;
}
