import { Command, CommandLogic, ensure, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import * as v from 'valibot';
import { Account } from './account.js';
import { Currency } from './money.js';

/** Opens an account, once. */
@Command()
export class OpenAccount extends CommandLogic<OpenAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.pipe(v.string(), v.nonEmpty())) readonly owner!: string;
  @Input(v.pipe(v.string(), v.trim(), v.nonEmpty())) readonly name!: string;
  @Input(Currency) readonly currency!: Currency;

  handle({ state, emit }: Context<OpenAccount>) {
    ensure(state.account.status === 'none', {
      rule: 'account-already-opened',
      message: `${this.account} was opened already`,
      data: { account: this.account.id, owner: state.account.owner },
    });
    emit('account', 'AccountOpened', { owner: this.owner, name: this.name, currency: this.currency });
  }
}
