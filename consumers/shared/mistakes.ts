// What the packed declarations must refuse, in either dialect. Checked by the compilers, never run.

import {
  Command,
  CommandLogic,
  defineStream,
  event,
  Input,
  Stream,
  type Context,
  type EventOf,
  type StreamOf,
} from '@eventcore/core';
import { defineReadModel, On, Projection } from '@eventcore/core/consumers';
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

export class Deaf {
  // @ts-expect-error an event that the stream type does not have
  @On(Account, 'Logged') logged() {}
  // @ts-expect-error another event than the handler takes
  @On(Account, 'AccountOpened') opened(event: EventOf<typeof Audit, 'Logged'>) {
    return void event;
  }
  // @ts-expect-error on a field
  @On(Account, 'AccountOpened') field = 1;
}

// @ts-expect-error a projection executes no commands
@Projection('transferring')
export class Transferring {
  @On(Account, 'AccountOpened') opened(_: EventOf<typeof Account, 'AccountOpened'>) {
    return new TransferMoney({ from: 'alice', to: 'bob', amount: 1 });
  }
}

// @ts-expect-error a fold that gives nothing back
defineReadModel('x', { row: () => ({ lines: 0 }) }).from(Audit, { Logged: () => undefined });

const Renamed = v.object({ text: v.string(), level: v.picklist(['low', 'high']) });
event(Renamed, {
  version: 2,
  // @ts-expect-error an upcaster that gives what the schema doesn't have
  upcast: { 1: ({ line }: { line: string }) => ({ txt: line, level: 'low' }) },
});
event(Renamed, {
  version: 2,
  writes: 1,
  upcast: { 1: ({ line }: { line: string }) => ({ text: line, level: 'low' }) },
  // @ts-expect-error a downcaster that gives what version 1 doesn't have
  downcast: { 2: ({ text }) => ({ lines: text }) },
});
