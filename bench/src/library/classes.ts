/** The commands as decorated classes. */
import {
  Command,
  CommandLogic,
  ensure,
  Input,
  Stream,
  Streams,
  type Context,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import * as v from 'valibot';
import { Money } from '../schemas.js';
import { Account } from './account.js';

/** One stream. */
@Command()
export class Deposit extends CommandLogic<Deposit> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<Deposit>) {
    ensure(state.account.open, 'the account is not open');
    emit('account', 'MoneyDeposited', { amount: this.amount });
  }
}

/** Two streams. */
@Command()
export class TransferMoney extends CommandLogic<TransferMoney> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Input(Money) readonly amount!: Money;

  handle({ state, emit }: Context<TransferMoney>) {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= this.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: this.amount });
    emit('to', 'MoneyDeposited', { amount: this.amount });
  }
}

/** As many streams as there are accounts. */
@Command()
export class PayBonus extends CommandLogic<PayBonus> {
  @Streams(Account) readonly accounts!: StreamsOf<typeof Account>;
  @Input(Money) readonly bonus!: Money;

  handle({ state, emit }: Context<PayBonus>) {
    for (const [id, account] of state.accounts) {
      ensure(account.open, 'the account is not open');
      emit(id, 'MoneyDeposited', { amount: this.bonus });
    }
  }
}

/** One stream, and an event for each amount. */
@Command()
export class PayIn extends CommandLogic<PayIn> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.array(Money)) readonly amounts!: readonly Money[];

  handle({ state, emit }: Context<PayIn>) {
    ensure(state.account.open, 'the account is not open');
    for (const amount of this.amounts) emit('account', 'MoneyDeposited', { amount });
  }
}

/** Sets the stage, outside what is measured. */
@Command()
export class OpenAccount extends CommandLogic<OpenAccount> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.string()) readonly owner!: string;
  @Input(v.array(Money)) readonly deposits!: readonly Money[];

  handle({ state, emit }: Context<OpenAccount>) {
    ensure(!state.account.open, 'the account is open');
    emit('account', 'AccountOpened', { owner: this.owner });
    for (const amount of this.deposits) emit('account', 'MoneyDeposited', { amount });
  }
}
