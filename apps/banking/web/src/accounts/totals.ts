import type { AccountView, Balance, Currency } from '../../../src/api/messages.js';

/** What somebody has, for each currency. Sums of whole cents are exact. */
export function totalsOf(accounts: readonly AccountView[]): Balance[] {
  const totals = new Map<Currency, number>();
  for (const { balance } of accounts) totals.set(balance.currency, (totals.get(balance.currency) ?? 0) + balance.cents);
  return [...totals].map(([currency, cents]) => ({ currency, cents }));
}
