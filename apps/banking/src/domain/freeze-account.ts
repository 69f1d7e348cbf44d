import { Command, CommandLogic, Input, Reads, Stream, type Context, type ReadOf, type StreamOf } from '@eventcore/core';
import { Account } from './account.js';
import { Compliance, Reason } from './compliance.js';
import { ensureNotFrozen, ensureOpen } from './rules.js';

/** Keeps money on an account, and off it, until it is unfrozen. */
@Command()
export class FreezeAccount extends CommandLogic<FreezeAccount> {
  @Stream(Compliance) readonly compliance!: StreamOf<typeof Compliance>;
  @Reads(Account) readonly account!: ReadOf<typeof Account>;
  @Input(Reason) readonly reason!: string;

  static of(account: string, reason: string): FreezeAccount {
    return new this({ compliance: account, account, reason });
  }

  handle({ state, emit }: Context<FreezeAccount>) {
    ensureOpen(this.account, state.account);
    ensureNotFrozen(this.account, state.compliance);
    emit('compliance', 'AccountFrozen', { reason: this.reason });
  }
}
