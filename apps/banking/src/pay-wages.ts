import {
  Command,
  CommandLogic,
  Input,
  Stream,
  Streams,
  type Context,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import { Account, Money } from './account.js';
import { ensureFunds, ensureOpen } from './rules.js';

/** Pays the same wage to any number of employees: everybody is paid, or nobody is. */
@Command()
export class PayWages extends CommandLogic<PayWages> {
  @Stream(Account) readonly employer!: StreamOf<typeof Account>;
  @Streams(Account) readonly employees!: StreamsOf<typeof Account>;
  @Input(Money) readonly wage!: Money;

  handle({ state, emit }: Context<PayWages>) {
    ensureFunds(this.employer, state.employer, this.wage * this.employees.length);
    for (const [employee, account] of state.employees) {
      ensureOpen(employee, account);
      emit('employer', 'MoneyWithdrawn', { amount: this.wage });
      emit(employee, 'MoneyDeposited', { amount: this.wage });
    }
  }
}
