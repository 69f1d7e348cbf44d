import {
  Command,
  CommandLogic,
  ensure,
  Reads,
  Stream,
  type Context,
  type ReadOf,
  type StreamOf,
} from '@eventcore/core';
import { Account } from './account.js';
import { Compliance } from './compliance.js';
import { ensureNotFrozen, ensureOpen } from './rules.js';

/** Closes an account on which there is nothing, and which owes nothing. One that is frozen stays as it is, empty or not. */
@Command()
export class CloseAccount extends CommandLogic<CloseAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Reads(Compliance) readonly compliance!: ReadOf<typeof Compliance>;

  static of(account: string): CloseAccount {
    return new this({ account, compliance: account });
  }

  handle({ state, emit }: Context<CloseAccount>) {
    const { balance, currency } = state.account;
    ensureOpen(this.account, state.account);
    ensureNotFrozen(this.account, state.compliance);
    ensure(balance === 0, {
      rule: 'not-empty',
      message: `${this.account} is not empty`,
      data: { account: this.account.id, balance, currency: currency ?? null },
    });
    emit('account', 'AccountClosed', {});
  }
}
