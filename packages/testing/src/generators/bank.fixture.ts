/** A bank whose commands keep its rules, and one that forgets a rule. */
import {
  Command,
  CommandLogic,
  defineCommand,
  defineStream,
  ensure,
  Input,
  Stream,
  type Context,
  type StreamOf,
} from '@eventcore/core';
import * as v from 'valibot';

export const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money, memo: v.optional(v.string()) }),
  },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (state) => ({ ...state, open: true }),
    MoneyDeposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    MoneyWithdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
  },
});

export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ input, emit }) => emit('account', 'MoneyDeposited', { amount: input.amount }),
});

@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;
  @Input(v.optional(v.string())) readonly memo?: string;

  handle({ state, emit }: Context<TransferMoney>): void {
    ensure(state.from.balance >= this.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }
}

/** Forgets to look at the balance. */
export const Withdraw = defineCommand('Withdraw', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ input, emit }) => emit('account', 'MoneyWithdrawn', { amount: input.amount }),
});
