import { Command, CommandLogic, ensure, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account } from './account.js';
import { ensureOpen } from './rules.js';

/** Closes an account on which there is nothing, and which owes nothing. */
@Command()
export class CloseAccount extends CommandLogic<CloseAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  handle({ state, emit }: Context<CloseAccount>) {
    const { balance, currency } = state.account;
    ensureOpen(this.account, state.account);
    ensure(balance === 0, {
      rule: 'not-empty',
      message: `${this.account} is not empty`,
      data: { account: this.account.id, balance, currency: currency ?? null },
    });
    emit('account', 'AccountClosed', {});
  }
}
