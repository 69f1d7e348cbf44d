import { Command, CommandLogic, Input, Reads, Stream, type Context, type ReadOf, type StreamOf } from '@eventcore/core';
import { Account } from './account.js';
import { Compliance } from './compliance.js';
import { Money, type Amount } from './money.js';
import { Policy } from './policy.js';
import { ensureFunds, ensureHolds, ensureNotFrozen } from './rules.js';

/**
 * Pays cash out, down to the overdraft limit. What is only read is checked like every other stream: a limit that is lowered
 * meanwhile, or an account that is frozen, is never overlooked.
 */
@Command()
export class Withdraw extends CommandLogic<Withdraw> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Compliance) readonly compliance!: ReadOf<typeof Compliance>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
  @Input(Money) readonly amount!: Money;

  /** A withdrawal, with the streams that have a say in it. */
  static from(account: string, amount: Amount): Withdraw {
    return new this({ account, compliance: account, policy: amount.currency, amount });
  }

  handle({ state, emit }: Context<Withdraw>) {
    const { amount } = this;
    ensureHolds(this.account, state.account, amount);
    ensureNotFrozen(this.account, state.compliance);
    ensureFunds(this.account, state.account, amount.cents, state.policy);
    emit('account', 'MoneyWithdrawn', { amount, balance: state.account.balance - amount.cents });
  }
}
