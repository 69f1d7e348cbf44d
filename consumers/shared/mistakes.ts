// What the packed declarations must refuse, in either dialect. Checked by the compilers, never run.

import { Command, CommandLogic, defineStream, Input, Stream, type Context, type StreamOf } from '@eventcore/core';
import * as v from 'valibot';
import { Account, OpenAccount, TransferMoney } from './transfer.js';

const Audit = defineStream('audit', {
  events: { Logged: v.object({ line: v.string() }) },
  state: () => ({ lines: 0 }),
  fold: {},
});

@Command()
export class Careless extends CommandLogic<Careless> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;

  // @ts-expect-error another stream type than the field's
  @Stream(Audit) readonly other!: StreamOf<typeof Account>;

  // @ts-expect-error another type than the schema's output
  @Input(v.number()) readonly amount!: string;

  handle({ state, emit }: Context<Careless>) {
    // @ts-expect-error a stream that was not declared
    emit('audit', 'Logged', { line: '' });
    // @ts-expect-error an event that the stream type does not have
    emit('account', 'Logged', { line: '' });
    // @ts-expect-error a wrong payload
    emit('account', 'AccountOpened', { owner: 1 });
    // @ts-expect-error the state of a stream that was not declared
    void state.audit;
  }
}

// @ts-expect-error the class named is another one
@Command()
export class Misnamed extends CommandLogic<TransferMoney> {
  handle() {}
}

export const mistaken = [
  // @ts-expect-error an input is missing
  new TransferMoney({ from: 'alice', to: 'bob' }),
  // @ts-expect-error a stream of another type
  new TransferMoney({ from: Audit.at('x'), to: 'bob', amount: 1 }),
  // @ts-expect-error a wrong kind of input
  new OpenAccount({ account: 'alice', owner: 'Alice', deposit: '1' }),
];
