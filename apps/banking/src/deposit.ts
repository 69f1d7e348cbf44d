import { Command, CommandLogic, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account, Money } from './account.js';
import { ensureOpen } from './rules.js';

/** Pays cash into an account. */
@Command()
export class Deposit extends CommandLogic<Deposit> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<Deposit>) {
    ensureOpen(this.account, state.account);
    emit('account', 'MoneyDeposited', { amount: this.amount });
  }
}
