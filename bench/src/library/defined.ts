/** The same commands without decorators. */
import { defineCommand, ensure, many } from '@eventcore/core';
import * as v from 'valibot';
import { Money } from '../schemas.js';
import { Account } from './account.js';

/** One stream. */
export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.account.open, 'the account is not open');
    emit('account', 'MoneyDeposited', { amount: input.amount });
  },
});

/** Two streams. */
export const TransferMoney = defineCommand('TransferMoney', {
  streams: { from: Account, to: Account },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= input.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: input.amount });
    emit('to', 'MoneyDeposited', { amount: input.amount });
  },
});

/** As many streams as there are accounts. */
export const PayBonus = defineCommand('PayBonus', {
  streams: { accounts: many(Account) },
  input: { bonus: Money },
  handle: ({ state, input, emit }) => {
    for (const [id, account] of state.accounts) {
      ensure(account.open, 'the account is not open');
      emit(id, 'MoneyDeposited', { amount: input.bonus });
    }
  },
});

/** One stream, and an event for each amount. */
export const PayIn = defineCommand('PayIn', {
  streams: { account: Account },
  input: { amounts: v.array(Money) },
  handle: ({ state, input, emit }) => {
    ensure(state.account.open, 'the account is not open');
    for (const amount of input.amounts) emit('account', 'MoneyDeposited', { amount });
  },
});
