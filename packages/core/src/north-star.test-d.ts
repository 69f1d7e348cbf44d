// What a user writes, as the design has it, word for word. A command needs no more than that.
import * as v from 'valibot';
import {
  Command,
  CommandLogic,
  defineStream,
  ensure,
  execute,
  Input,
  Stream,
  type Context,
  type EventStore,
  type Receipt,
  type StreamOf,
} from '@eventcore/core';
import { sameType } from './same-type.fixture.js';

declare const store: EventStore;

export const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;

export const Account = defineStream('account', {
  events: {
    AccountOpened: v.object({ owner: v.string() }),
    MoneyDeposited: v.object({ amount: Money }),
    MoneyWithdrawn: v.object({ amount: Money }),
  },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    AccountOpened: (s) => ({ ...s, open: true }),
    MoneyDeposited: (s, { amount }) => ({ ...s, balance: s.balance + amount }),
    MoneyWithdrawn: (s, { amount }) => ({ ...s, balance: s.balance - amount }),
  },
});

@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<TransferMoney>) {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= this.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }
}

const receipt = await execute(new TransferMoney({ from: 'alice', to: Account.at('bob'), amount: 60 }), store);

sameType<typeof receipt, Receipt>();
