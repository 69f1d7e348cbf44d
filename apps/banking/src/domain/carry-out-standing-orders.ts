import {
  Command,
  CommandLogic,
  Discovers,
  ensure,
  keyOf,
  Reads,
  Stream,
  type Context,
  type Discovered,
  type ReadOf,
  type StateOf,
  type StreamOf,
} from '@eventcore/core';
import { Account } from './account.js';
import { Compliance } from './compliance.js';
import type { Currency } from './money.js';
import { Policy } from './policy.js';
import { ensureFunds, ensureHolds, ensureMayReceive, ensureNotFrozen, ensureOpen } from './rules.js';

/**
 * Pays what an account's standing orders say. Only the account's state can name whom, so the payees' streams are discovered:
 * an order that is changed meanwhile leads to another decision, on other streams.
 */
@Command()
export class CarryOutStandingOrders extends CommandLogic<CarryOutStandingOrders> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Discovers(Account) readonly payees!: Discovered<typeof Account>;
  @Reads(Compliance) readonly sender!: ReadOf<typeof Compliance>;
  @Discovers(Compliance) readonly recipients!: Discovered<typeof Compliance>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;

  /** All standing orders of an account, with the streams that have a say in it. */
  static of(account: string, currency: Currency): CarryOutStandingOrders {
    return new this({ account, sender: account, policy: currency });
  }

  discover({ account }: StateOf<CarryOutStandingOrders>) {
    const payees = account.orders.map(({ to }) => to);
    return { payees, recipients: payees };
  }

  handle({ state, emit }: Context<CarryOutStandingOrders>) {
    const { account } = this;
    const { orders } = state.account;
    ensureOpen(account, state.account);
    ensure(orders.length > 0, {
      rule: 'no-standing-orders',
      message: `${account} has no standing orders`,
      data: { account: account.id },
    });
    ensureNotFrozen(account, state.sender);
    for (const [recipient, compliance] of state.recipients) {
      ensureMayReceive(Account.at(keyOf(recipient)), compliance);
    }
    const total = orders.reduce((sum, { amount }) => sum + amount.cents, 0);
    ensureFunds(account, state.account, total, state.policy);

    let { balance } = state.account;
    for (const { to, amount } of orders) {
      const payee = Account.at(to);
      const theirs = state.payees.get(payee.id)!;
      ensureHolds(payee, theirs, amount);
      balance -= amount.cents;
      const shared = { amount, purpose: 'standing-order', memo: '' } as const;
      emit('account', 'MoneySent', { ...shared, to, balance });
      emit(payee, 'MoneyReceived', { ...shared, from: account.key, balance: theirs.balance + amount.cents });
    }
  }
}
