/** Rules that several commands share. Commands share code by functions, never by inheritance. */
import { ensure, type StreamId, type StreamOf } from '@eventcore/core';
import type { Account } from './account.js';

/** A reference prints as its stream's id. */
type Name = StreamOf<typeof Account> | StreamId;

export function ensureOpen(account: Name, { open }: { readonly open: boolean }): void {
  ensure(open, { rule: 'account-not-open', message: `${account} is not open`, data: { account: `${account}` } });
}

/** That an account can pay, be it from an overdraft. */
export function ensureFunds(
  account: Name,
  { balance }: { readonly balance: number },
  amount: number,
  overdraft = 0,
): void {
  const missing = amount - balance - overdraft;
  ensure(missing <= 0, {
    rule: 'insufficient-funds',
    message: `${account} cannot pay that much`,
    data: { account: `${account}`, balance, overdraft, missing },
  });
}
