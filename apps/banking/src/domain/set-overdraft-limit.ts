import { Command, CommandLogic, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import { OverdraftLimit, Policy } from './policy.js';

/** Sets how far below nothing a balance may go; writes nothing where that is the limit already. */
@Command()
export class SetOverdraftLimit extends CommandLogic<SetOverdraftLimit> {
  @Stream(Policy) readonly policy!: StreamOf<typeof Policy>;
  @Input(OverdraftLimit) readonly limit!: number;

  handle({ state, emit }: Context<SetOverdraftLimit>) {
    if (state.policy.overdraftLimit !== this.limit) emit('policy', 'OverdraftLimitSet', { limit: this.limit });
  }
}
