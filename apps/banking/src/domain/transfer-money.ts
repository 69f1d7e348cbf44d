import {
  Command,
  CommandLogic,
  Input,
  Reads,
  Stream,
  type Context,
  type ReadOf,
  type StreamOf,
  type WithDefault,
} from '@eventcore/core';
import * as v from 'valibot';
import { Account, Memo } from './account.js';
import { Compliance } from './compliance.js';
import { Money, type Amount } from './money.js';
import { Policy } from './policy.js';
import { ensureFunds, ensureHolds, ensureMayReceive, ensureNotFrozen } from './rules.js';

/** Moves money between two accounts: both change, or neither does. */
@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Reads(Compliance) readonly sender!: ReadOf<typeof Compliance>;
  @Reads(Compliance) readonly recipient!: ReadOf<typeof Compliance>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
  @Input(Money) readonly amount!: Money;
  @Input(v.optional(Memo, '')) readonly memo!: WithDefault<string>;

  /** A transfer, with the streams that have a say in it. */
  static between(from: string, to: string, amount: Amount, memo?: string): TransferMoney {
    return new this({ from, to, sender: from, recipient: to, policy: amount.currency, amount, memo });
  }

  handle({ state, emit }: Context<TransferMoney>) {
    const { from, to, amount, memo } = this;
    ensureHolds(from, state.from, amount);
    ensureHolds(to, state.to, amount);
    ensureNotFrozen(from, state.sender);
    ensureMayReceive(to, state.recipient);
    ensureFunds(from, state.from, amount.cents, state.policy);
    const shared = { amount, purpose: 'transfer', memo } as const;
    emit('from', 'MoneySent', { ...shared, to: to.key, balance: state.from.balance - amount.cents });
    emit('to', 'MoneyReceived', { ...shared, from: from.key, balance: state.to.balance + amount.cents });
  }
}
