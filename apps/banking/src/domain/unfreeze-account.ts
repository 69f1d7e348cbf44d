import { Command, CommandLogic, ensure, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Compliance, Reason } from './compliance.js';

/** Lets money move again. */
@Command()
export class UnfreezeAccount extends CommandLogic<UnfreezeAccount> {
  @Stream(Compliance) readonly compliance!: StreamOf<typeof Compliance>;
  @Input(Reason) readonly reason!: string;

  handle({ state, emit }: Context<UnfreezeAccount>) {
    ensure(state.compliance.frozen, {
      rule: 'account-not-frozen',
      message: 'the account is not frozen',
      data: { account: `account-${this.compliance.key}` },
    });
    emit('compliance', 'AccountUnfrozen', { reason: this.reason });
  }
}
