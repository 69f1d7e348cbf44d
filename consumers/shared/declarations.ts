// What others export without naming its type: their compiler has to write a declaration of it, with nothing but what the
// package exports. Checked by the compilers, never run.

import { Command, CommandLogic, Stream, type Context, type StreamOf } from '@eventcore/core';
import { Account, OpenAccount, type TransferMoney } from './transfer.js';

export function emitOf(context: Context<TransferMoney>) {
  return context.emit;
}
export function copyOf(context: Context<TransferMoney>) {
  return { ...context };
}
export function dataOf(command: TransferMoney) {
  return { ...command };
}
export const opened = new OpenAccount({ account: 'alice', owner: 'Alice', deposit: 1 });
export const openedData = { ...opened };
export const reference = { ...Account.at('alice') };
export const streamType = { ...Account };

export function localClass() {
  @Command()
  class Local extends CommandLogic<Local> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;

    handle({ emit }: Context<Local>) {
      emit('account', 'AccountOpened', { owner: this.account.key });
    }
  }
  return Local;
}
export const localCommand = (key: string) => new (localClass())({ account: key });
