import { Command, CommandLogic, ensure, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import * as v from 'valibot';
import { Account, StandingOrder } from './account.js';
import { ensureHolds, ensureOpen } from './rules.js';

/** Says whom an account pays whenever its standing orders are carried out; what was there before is replaced. */
@Command()
export class SetStandingOrders extends CommandLogic<SetStandingOrders> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.array(StandingOrder)) readonly orders!: readonly StandingOrder[];

  handle({ state, emit }: Context<SetStandingOrders>) {
    const { account, orders } = this;
    ensureOpen(account, state.account);
    for (const { amount } of orders) ensureHolds(account, state.account, amount);
    const payees = new Set(orders.map(({ to }) => to));
    ensure(payees.size === orders.length && !payees.has(account.key), {
      rule: 'payees-differ',
      message: 'each standing order pays another account, and none pays its own',
      data: { account: account.id, payees: orders.map(({ to }) => to) },
    });
    emit('account', 'StandingOrdersSet', { orders });
  }
}
