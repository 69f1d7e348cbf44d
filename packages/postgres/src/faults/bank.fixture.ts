/** Commands that must not be applied twice, in part or not at all: money would come from nowhere, or be gone. */
import { defineCommand, defineStream, ensure, load, reads, type EventStore } from '@eventcore/core';

export interface WholeNumbers {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => { readonly value: number } | { readonly issues: readonly { readonly message: string }[] };
    readonly types?: { readonly input: number; readonly output: number };
  };
}

export const Whole: WholeNumbers = {
  '~standard': {
    version: 1,
    vendor: 'fixture',
    validate: (value) =>
      Number.isSafeInteger(value) ? { value: value as number } : { issues: [{ message: 'is no whole number' }] },
  },
};

export const Account = defineStream('account', {
  events: { Moved: Whole },
  state: () => ({ balance: 0 }),
  fold: { Moved: ({ balance }, by) => ({ balance: balance + by }) },
});

export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Whole },
  handle: ({ input, emit }) => emit('account', 'Moved', input.amount),
});

export const Transfer = defineCommand('Transfer', {
  streams: { from: Account, to: Account },
  input: { amount: Whole },
  handle: ({ state, input, emit }) => {
    ensure(state.from.balance >= input.amount, 'insufficient funds');
    emit('from', 'Moved', -input.amount);
    emit('to', 'Moved', input.amount);
  },
});

/** Changes one account, which may be overdrawn as long as another one, which is only read, covers that. */
export const ChangeCovered = defineCommand('ChangeCovered', {
  streams: { account: Account, cover: reads(Account) },
  input: { by: Whole },
  handle: ({ state, input, emit }) => {
    ensure(state.account.balance + state.cover.balance + input.by >= 0, 'not covered');
    emit('account', 'Moved', input.by);
  },
});

export async function balanceOf(store: EventStore, account: string): Promise<number> {
  return (await load(store, Account.at(account))).balance;
}
