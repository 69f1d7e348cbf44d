import { Command, CommandLogic, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account } from './account.js';
import { Money } from './money.js';
import { ensureHolds } from './rules.js';

/** Pays cash into an account. */
@Command()
export class Deposit extends CommandLogic<Deposit> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<Deposit>) {
    const { amount } = this;
    ensureHolds(this.account, state.account, amount);
    emit('account', 'MoneyDeposited', { amount, balance: state.account.balance + amount.cents });
  }
}
