import type { InferOutput } from 'valibot';
import type { accountEvents } from '../schemas.js';

type Payloads = { readonly [Type in keyof typeof accountEvents]: InferOutput<(typeof accountEvents)[Type]> };

export type AccountEvent = {
  readonly [Type in keyof Payloads]: { readonly type: Type; readonly data: Payloads[Type] };
}[keyof Payloads];

export interface Account {
  readonly open: boolean;
  readonly balance: number;
}

/** Folds a stream from its start. */
export function accountOf(events: readonly AccountEvent[]): Account {
  let account: Account = { open: false, balance: 0 };
  for (const event of events) account = after(account, event);
  return account;
}

function after(account: Account, event: AccountEvent): Account {
  switch (event.type) {
    case 'AccountOpened':
      return { ...account, open: true };
    case 'MoneyDeposited':
      return { ...account, balance: account.balance + event.data.amount };
    case 'MoneyWithdrawn':
      return { ...account, balance: account.balance - event.data.amount };
  }
}
