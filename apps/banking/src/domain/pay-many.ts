import {
  Command,
  CommandLogic,
  Input,
  keyOf,
  Reads,
  Stream,
  Streams,
  type Context,
  type ReadOf,
  type StreamOf,
  type StreamsOf,
  type WithDefault,
} from '@eventcore/core';
import * as v from 'valibot';
import { Account, Memo, Purpose } from './account.js';
import { Compliance } from './compliance.js';
import { Money, type Currency } from './money.js';
import { Policy } from './policy.js';
import { ensureFunds, ensureHolds, ensureMayReceive, ensureNotFrozen } from './rules.js';

/** Pays any number of accounts from one, a payroll or a bill that is split: everybody is paid, or nobody is. */
@Command()
export class PayMany extends CommandLogic<PayMany> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Streams(Account) readonly payees!: StreamsOf<typeof Account>;
  @Reads(Compliance) readonly sender!: ReadOf<typeof Compliance>;
  // A set is declared for writing, though nothing is written here: no decorator declares a set that is only read.
  @Streams(Compliance) readonly recipients!: StreamsOf<typeof Compliance>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
  /** What each payee gets, by the account's key. */
  @Input(v.record(v.string(), Money)) readonly amounts!: Readonly<Record<string, Money>>;
  @Input(v.optional(Purpose, 'transfer')) readonly purpose!: WithDefault<Purpose>;
  @Input(v.optional(Memo, '')) readonly memo!: WithDefault<string>;

  /** Payments of one currency, with the streams that have a say in them. */
  static from(from: string, payments: readonly Payment[], { currency, ...told }: Told): PayMany {
    const payees = payments.map(({ to }) => to);
    const amounts = Object.fromEntries(payments.map(({ to, cents }) => [to, { cents, currency }]));
    return new this({ from, payees, sender: from, recipients: payees, policy: currency, amounts, ...told });
  }

  handle({ state, emit }: Context<PayMany>) {
    const { from, purpose, memo } = this;
    ensureNotFrozen(from, state.sender);
    for (const [recipient, compliance] of state.recipients) {
      ensureMayReceive(Account.at(keyOf(recipient)), compliance);
    }
    const amounts = Object.values(this.amounts);
    for (const amount of amounts) ensureHolds(from, state.from, amount);
    const total = amounts.reduce((sum, { cents }) => sum + cents, 0);
    ensureFunds(from, state.from, total, state.policy);

    let { balance } = state.from;
    for (const [payee, account] of state.payees) {
      const to = keyOf(payee);
      const amount = this.amounts[to]!;
      ensureHolds(payee, account, amount);
      balance -= amount.cents;
      emit('from', 'MoneySent', { amount, balance, to, purpose, memo });
      emit(payee, 'MoneyReceived', {
        amount,
        balance: account.balance + amount.cents,
        from: from.key,
        purpose,
        memo,
      });
    }
  }
}

export interface Payment {
  readonly to: string;
  readonly cents: number;
}

interface Told {
  readonly currency: Currency;
  readonly purpose?: Purpose | undefined;
  readonly memo?: string | undefined;
}
