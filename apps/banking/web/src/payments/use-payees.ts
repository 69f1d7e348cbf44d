import type { AccountView, Currency, Payee } from '../../../src/api/messages.js';
import type { SelectOption } from '../components/select-field.js';
import { formatMoney } from '../money/format-money.js';
import { openAccounts } from '../state/live.js';
import { user } from '../state/session.js';
import { useResource } from '../api/use-resource.js';

export interface Payees {
  readonly payees: readonly Payee[];
  readonly error: unknown;
}

/** Whom one may pay: other people's accounts, and one's own. */
export function usePayees(): Payees {
  const { data, error } = useResource<Payee[]>('/api/payees', openAccounts.value?.length);
  const own = (openAccounts.value ?? []).map(({ account, name, ownerName, balance }) => ({
    account,
    name,
    ownerName,
    currency: balance.currency,
  }));
  const known = new Set(own.map(({ account }) => account));
  return { payees: [...own, ...(data ?? []).filter(({ account }) => !known.has(account))], error };
}

/** Accounts to pay to, one's own first; those that can't take this currency can't be chosen. */
export function payeeOptions(payees: readonly Payee[], from: string, currency: Currency | undefined): SelectOption[] {
  return payees
    .filter(({ account }) => account !== from)
    .map(({ account, name, ownerName, currency: theirs }) => {
      const mine = ownerName === user.value?.name;
      return {
        value: account,
        text: `${mine ? name : `${ownerName} · ${name}`} (${theirs})`,
        group: mine ? 'My accounts' : 'People and companies',
        disabled: currency !== undefined && theirs !== currency,
      };
    });
}

export function sourceOptions(accounts: readonly AccountView[]): SelectOption[] {
  return accounts.map(({ account, name, balance, status }) => ({
    value: account,
    text: `${name} · ${formatMoney(balance.cents, balance.currency)}${status === 'frozen' ? ' (frozen)' : ''}`,
  }));
}

/** What an account can pay: what it has, and how far it may go below nothing. */
export const availableOf = ({ balance, overdraft }: AccountView) => balance.cents + overdraft;
