import { Command, CommandLogic, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account, Money } from './account.js';
import { ensureFunds, ensureOpen } from './rules.js';

/** Moves money between two accounts: both change, or neither does. */
@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<TransferMoney>) {
    ensureOpen(this.to, state.to);
    ensureFunds(this.from, state.from, this.amount);
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }
}
