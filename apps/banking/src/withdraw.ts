import { Command, CommandLogic, Input, Reads, Stream, type Context, type ReadOf, type StreamOf } from '@eventcore/core';
import { Account, Money } from './account.js';
import { Policy } from './policy.js';
import { ensureFunds, ensureOpen } from './rules.js';

/**
 * Pays cash out, down to the overdraft limit. The policy is only read, and checked like every other stream: a limit that
 * is lowered meanwhile is never overlooked.
 */
@Command()
export class Withdraw extends CommandLogic<Withdraw> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<Withdraw>) {
    ensureOpen(this.account, state.account);
    ensureFunds(this.account, state.account, this.amount, state.policy.overdraftLimit);
    emit('account', 'MoneyWithdrawn', { amount: this.amount });
  }
}
