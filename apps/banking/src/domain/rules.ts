/** Rules that several commands share. Commands share code by functions, never by inheritance. */
import { ensure, type StreamId } from '@eventcore/core';
import { inWords, type Currency, type Money } from './money.js';

/** A reference prints as its stream's id, and so does an id. */
type Name = { toString(): string } | StreamId;

interface Open {
  readonly status: 'none' | 'open' | 'closed';
  readonly currency: Currency | undefined;
  readonly balance: number;
}

export function ensureOpen(account: Name, { status }: Pick<Open, 'status'>): void {
  ensure(status === 'open', {
    rule: 'account-not-open',
    message: status === 'closed' ? `${account} is closed` : `${account} is not open`,
    data: { account: `${account}` },
  });
}

/** That an account is open, and holds the currency of what is moved. */
export function ensureHolds(account: Name, state: Pick<Open, 'status' | 'currency'>, { currency }: Money): void {
  ensureOpen(account, state);
  ensure(state.currency === currency, {
    rule: 'currency-mismatch',
    message: `${account} holds ${state.currency}, not ${currency}`,
    data: { account: `${account}`, holds: state.currency ?? null, given: currency },
  });
}

/** That an account can pay, be it from an overdraft. */
export function ensureFunds(
  account: Name,
  { balance, currency = 'EUR' }: Pick<Open, 'balance' | 'currency'>,
  cents: number,
  { overdraftLimit: overdraft }: { readonly overdraftLimit: number },
): void {
  const missing = cents - balance - overdraft;
  ensure(missing <= 0, {
    rule: 'insufficient-funds',
    message: `${account} cannot pay that much: ${inWords(missing, currency)} are missing`,
    data: { account: `${account}`, balance, overdraft, available: balance + overdraft, missing, currency },
  });
}

/** Of the account that pays: whoever may pay from it may know why it can't. */
export function ensureNotFrozen(account: Name, { frozen, reason }: Frozen): void {
  ensure(!frozen, {
    rule: 'account-frozen',
    message: `${account} is frozen: ${reason}`,
    data: { account: `${account}`, reason },
  });
}

/** Of an account that is paid: the reason is none of the payer's business. */
export function ensureMayReceive(account: Name, { frozen }: Frozen): void {
  ensure(!frozen, { rule: 'payee-frozen', message: `${account} takes no payments`, data: { account: `${account}` } });
}

interface Frozen {
  readonly frozen: boolean;
  readonly reason: string;
}
