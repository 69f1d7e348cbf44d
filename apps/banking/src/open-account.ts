import { Command, CommandLogic, ensure, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import * as v from 'valibot';
import { Account } from './account.js';

/** Opens an account, once. */
@Command()
export class OpenAccount extends CommandLogic<OpenAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.pipe(v.string(), v.trim(), v.nonEmpty())) readonly owner!: string;

  handle({ state, emit }: Context<OpenAccount>) {
    ensure(!state.account.open, {
      rule: 'account-already-open',
      message: `${this.account} is open already`,
      data: { account: this.account.id, owner: state.account.owner },
    });
    emit('account', 'AccountOpened', { owner: this.owner });
  }
}
