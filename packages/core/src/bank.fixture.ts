/** A small bank for core's own tests: the stream types and commands that most of them need, through both doors. */
import * as v from 'valibot';
import type { Context } from './command/context.js';
import { defineCommand } from './command/define-command.js';
import { Command } from './command/decorators/command.js';
import { Input } from './command/decorators/input.js';
import { Stream } from './command/decorators/streams.js';
import { CommandLogic } from './command/command-logic.js';
import { ensure } from './decide/rules.js';
import { defineStream, type StreamOf } from './stream/define-stream.js';

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
    AccountOpened: (state) => ({ ...state, open: true }),
    MoneyDeposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    MoneyWithdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
  },
});

export const Policy = defineStream('policy', {
  events: { LimitSet: v.object({ limit: v.number() }) },
  state: () => ({ limit: 0 }),
  fold: { LimitSet: (_, { limit }) => ({ limit }) },
});

export const Audit = defineStream('audit', {
  events: { Noted: v.object({ text: v.string() }) },
  state: () => ({}),
  fold: {},
});

/** The door with decorators. */
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

/** The same command through the door without them. */
export const Transfer = defineCommand('TransferMoney', {
  streams: { from: Account, to: Account },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= input.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: input.amount });
    emit('to', 'MoneyDeposited', { amount: input.amount });
  },
});
