import { Command, CommandLogic, ensure, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account } from './account.js';
import { Customer } from './customer.js';
import { Money } from './money.js';
import { ensureHolds } from './rules.js';

/** A present for a customer's first account: that there is one alone is kept in the customer's stream. */
@Command()
export class PayWelcomeBonus extends CommandLogic<PayWelcomeBonus> {
  @Stream(Customer) readonly customer!: StreamOf<typeof Customer>;
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<PayWelcomeBonus>) {
    const { account, amount } = this;
    ensure(!state.customer.welcomed, {
      rule: 'welcomed-already',
      message: `${this.customer} got the welcome bonus already`,
      data: { customer: this.customer.id },
    });
    ensureHolds(account, state.account, amount);
    emit('customer', 'WelcomeBonusGranted', { account: account.key });
    emit('account', 'BonusReceived', { amount, balance: state.account.balance + amount.cents });
  }
}
