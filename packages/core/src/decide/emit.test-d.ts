// emit: to which streams, which events, with which data.
import * as v from 'valibot';
import {
  Appends,
  Command,
  CommandLogic,
  defineStream,
  Discovers,
  Input,
  Reads,
  Stream,
  Streams,
  type AppendOf,
  type Context,
  type Discovered,
  type EventOf,
  type ReadOf,
  type StateOf,
  type StreamId,
  type StreamOf,
  type StreamsOf,
} from '@eventcore/core';
import { Account, Audit, Household, Money, Savings } from '../public-bank.fixture.js';

const Basket = defineStream('basket', {
  events: {
    Filled: v.object({
      speed: v.picklist(['normal', 'instant']),
      lines: v.array(v.object({ product: v.string(), price: Money })),
      pair: v.tuple([v.string(), v.number()]),
      memo: v.optional(v.string()),
    }),
    Moved: v.variant('kind', [
      v.object({ kind: v.literal('here') }),
      v.object({ kind: v.literal('there'), to: v.string() }),
    ]),
    Counted: v.number(),
    Anything: v.unknown(),
    Emptied: v.object({}),
  },
  state: () => ({ lines: new Array<{ product: string; price: Money }>(), money: undefined as Money | undefined }),
  fold: { Filled: (state, { lines }) => ({ ...state, lines }) },
});

@Command()
export class Settle extends CommandLogic<Settle> {
  @Stream(Account) readonly from!: StreamOf<typeof Account>;
  @Stream(Account) readonly to!: StreamOf<typeof Account>;
  @Stream(Account, { optional: true }) readonly heir?: StreamOf<typeof Account>;
  @Stream(Savings) readonly savings!: StreamOf<typeof Savings>;
  @Stream(Basket) readonly basket!: StreamOf<typeof Basket>;
  @Reads(Household) readonly household!: ReadOf<typeof Household>;
  @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
  @Streams(Account) readonly payees!: StreamsOf<typeof Account>;
  @Discovers(Account) readonly found!: Discovered<typeof Account>;
  @Input(Money) readonly amount!: Money;
  @Input(v.boolean()) readonly flag!: boolean;

  discover(state: StateOf<Settle>) {
    return { found: state.household.members };
  }

  handle({ state, emit, now, id }: Context<Settle>) {
    const { amount } = this;

    // ---- to which streams

    // By the name of a field that is written, read or not, and of one that may have been left out.
    emit('from', 'MoneyWithdrawn', { amount });
    emit('audit', 'Noted', { text: `${id()} at ${now}` });
    emit('heir', 'MoneyDeposited', { amount });

    // Members of a set: by reference, and by the id under which the state has them.
    for (const payee of this.payees) emit(payee, 'MoneyDeposited', { amount });
    for (const [payee, { balance }] of state.payees) if (balance > 0) emit(payee, 'MoneyWithdrawn', { amount });
    emit(this.payees[0]!.id, 'AccountClosed', {});

    // Discovered streams: by the same, and by any reference of that type.
    for (const found of state.found.keys()) emit(found, 'AccountClosed', {});
    emit(Account.at(state.household.head), 'AccountClosed', {});

    // @ts-expect-error a stream that was not declared
    emit('somewhere', 'MoneyWithdrawn', { amount });
    // @ts-expect-error a stream that is only read
    emit('household', 'Joined', { member: 'x' });
    // @ts-expect-error ... by its reference
    emit(this.household, 'Joined', { member: 'x' });
    // @ts-expect-error ... by its id
    emit(this.household.id, 'Joined', { member: 'x' });
    // @ts-expect-error an input
    emit('amount', 'MoneyWithdrawn', { amount });
    // @ts-expect-error a method
    emit('handle', 'MoneyWithdrawn', { amount });
    // @ts-expect-error a set by its name: which of its members?
    emit('payees', 'MoneyDeposited', { amount });
    // @ts-expect-error discovered streams by their name: which of them?
    emit('found', 'MoneyDeposited', { amount });
    // @ts-expect-error a single stream goes by its field's name
    emit(this.audit, 'Noted', { text: '' });
    // @ts-expect-error ... also where its type has no sets
    emit(this.savings, 'InterestPaid', { rate: 1 });
    // @ts-expect-error a reference of a type that has neither a set nor discovered streams here
    emit(Audit.at('x'), 'Noted', { text: '' });
    // @ts-expect-error an id of such a type
    emit(Audit.at('x').id, 'Noted', { text: '' });
    // @ts-expect-error an id of who knows which type
    emit('account-alice' as StreamId, 'AccountClosed', {});
    // @ts-expect-error any text
    emit('from' as string, 'AccountClosed', {});
    // @ts-expect-error the stream type
    emit(Account, 'AccountClosed', {});
    // @ts-expect-error nothing
    emit(undefined, 'AccountClosed', {});

    // ---- which events

    // @ts-expect-error an event that the stream type does not have
    emit('from', 'Noted', { text: '' });
    // @ts-expect-error ... for a member of a set
    emit(this.payees[0]!, 'Noted', { text: '' });
    // @ts-expect-error ... for a discovered stream
    for (const found of state.found.keys()) emit(found, 'Noted', { text: '' });
    // @ts-expect-error ... for one that is appended to
    emit('audit', 'AccountOpened', { owner: '' });
    // @ts-expect-error any text
    emit('from', 'MoneyDeposited' as string, { amount });

    // ---- with which data

    // Literals are not widened, lists and tuples may be written down, and what is optional may be left out.
    emit('basket', 'Filled', { speed: 'instant', lines: [{ product: 'tea', price: amount }], pair: ['a', 1] });
    emit('basket', 'Filled', { speed: this.flag ? 'normal' : 'instant', lines: [], pair: ['a', 1], memo: 'x' });

    // Parts of the state go back into events as they are.
    emit('basket', 'Filled', { speed: 'normal', lines: state.basket.lines, pair: ['a', 1] });

    // Alternatives, data that is no object, and data of an unknown kind.
    emit('basket', 'Moved', { kind: 'here' });
    emit('basket', 'Moved', { kind: 'there', to: 'x' });
    emit('basket', 'Moved', this.flag ? { kind: 'here' } : { kind: 'there', to: 'x' });
    emit('basket', 'Counted', 5);
    emit('basket', 'Anything', { at: [1] });

    // An event without data takes an empty object, and nothing else.
    emit('from', 'AccountClosed', {});
    emit('basket', 'Emptied', {});

    // @ts-expect-error a wrong kind of data
    emit('from', 'MoneyWithdrawn', { amount: '60' });
    // @ts-expect-error a number without its brand: in events brands are required
    emit('from', 'MoneyWithdrawn', { amount: 60 });
    // @ts-expect-error the data of another event
    emit('from', 'MoneyWithdrawn', { owner: 'x' });
    // @ts-expect-error data that is missing
    emit('from', 'MoneyWithdrawn', {});
    // @ts-expect-error no data at all
    emit('from', 'MoneyWithdrawn');
    // @ts-expect-error ... also where there is none to give
    emit('from', 'AccountClosed');
    // @ts-expect-error data too much
    emit('from', 'MoneyWithdrawn', { amount, note: 'x' });
    // @ts-expect-error data that may be undefined
    emit('from', 'MoneyWithdrawn', { amount: state.basket.money });
    // @ts-expect-error data of an unknown kind
    emit('from', 'MoneyWithdrawn', amount as unknown);
    // @ts-expect-error something where there is nothing to say
    emit('from', 'AccountClosed', { reason: 'x' });
    // @ts-expect-error a number is not an empty object
    emit('from', 'AccountClosed', 5);
    // @ts-expect-error nor is a text
    emit('basket', 'Emptied', 'x');
    // @ts-expect-error nor is null
    emit('basket', 'Emptied', null);
    // @ts-expect-error nor a list
    emit('basket', 'Emptied', [1]);
    // @ts-expect-error a literal that there isn't
    emit('basket', 'Filled', { speed: 'soon', lines: [], pair: ['a', 1] });
    // @ts-expect-error neither of the alternatives
    emit('basket', 'Moved', { kind: 'here', to: 'x' });
    // @ts-expect-error half of an alternative
    emit('basket', 'Moved', { kind: 'there' });
    // @ts-expect-error a date in data of a known kind
    emit('audit', 'Noted', { text: new Date() });

    // ---- chosen at run time

    // A field out of several of one type, and an event out of several with the same data.
    emit(this.flag ? 'from' : 'to', 'MoneyDeposited', { amount });
    emit('from', this.flag ? 'MoneyDeposited' : 'MoneyWithdrawn', { amount });
    emit(this.flag ? this.payees[0]! : Account.at('x'), 'MoneyDeposited', { amount });
    emit(this.flag ? 'from' : this.payees[0]!, 'MoneyDeposited', { amount });

    // Fields of different types, for an event that both know; where its data differs, it suits both.
    emit(this.flag ? 'from' : 'savings', 'MoneyDeposited', { amount });
    emit('from', this.flag ? 'AccountOpened' : 'MoneyDeposited', { owner: 'x', amount });

    // @ts-expect-error an event that only one of the fields knows
    emit(this.flag ? 'from' : 'savings', 'InterestPaid', { rate: 1 });
    // @ts-expect-error data that suits only one of the events
    emit('from', this.flag ? 'AccountOpened' : 'MoneyDeposited', { owner: 'x' });
    // @ts-expect-error ... whichever of them
    emit('from', this.flag ? 'AccountOpened' : 'MoneyDeposited', { amount });
    // @ts-expect-error data that suits the event of only one of the fields
    emit(this.flag ? 'from' : 'savings', 'AccountClosed', {});
    // @ts-expect-error one of the fields is only read
    emit(this.flag ? 'from' : 'household', 'MoneyDeposited', { amount });
    // @ts-expect-error one of the events is not there
    emit('from', this.flag ? 'MoneyDeposited' : 'Noted', { amount });

    // ---- as a value

    // emit is a plain function: it may be handed on, and gives nothing back.
    const done: void = deposit(emit, amount);
    void done;
  }
}

function deposit(emit: Context<Settle>['emit'], amount: Money): void {
  return emit('from', 'MoneyDeposited', { amount });
}

// What events carry goes into other events.
export function copy(emit: Context<Settle>['emit'], event: EventOf<typeof Account, 'MoneyDeposited'>) {
  emit('to', 'MoneyDeposited', event.data);
}

@Command()
export class OnlyReads extends CommandLogic<OnlyReads> {
  @Reads(Account) readonly account!: ReadOf<typeof Account>;

  handle({ emit }: Context<OnlyReads>) {
    // @ts-expect-error a command that reads and nothing else has nothing to emit to
    emit('account', 'AccountClosed', {});
  }
}

@Command()
export class AnyList extends CommandLogic<AnyList> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.array(v.any())) readonly list!: any[];

  handle({ emit }: Context<AnyList>) {
    emit('account', 'AccountClosed', {});
    // @ts-expect-error a list of whatever is no set of streams, to whose members one could emit
    emit(Account.at('x'), 'AccountClosed', {});
  }
}

declare const anyType: any;
@Command()
export class AnyStreamType extends CommandLogic<AnyStreamType> {
  @Stream(anyType) readonly stream!: StreamOf<any>;

  handle({ emit }: Context<AnyStreamType>) {
    // @ts-expect-error of a stream type that is any, no events are known
    emit('stream', 'AccountClosed', {});
  }
}

// ---- events whose schema doesn't take what it gives: their data would be refused whenever it is emitted

const Meter = defineStream('meter', {
  events: {
    Read: v.object({ at: v.string(), value: v.pipe(v.string(), v.transform(Number)) }),
    Reset: v.pipe(v.string(), v.transform(Number)),
    Trimmed: v.object({ note: v.pipe(v.string(), v.trim()) }),
    Coerced: v.object({ value: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)) }),
    Frozen: v.object({ values: v.pipe(v.array(v.number()), v.readonly()) }),
    Filled: v.object({ unit: v.optional(v.string(), 'kWh') }),
  },
  state: () => ({ total: 0 }),
  fold: { Read: ({ total }, { value }) => ({ total: total + value }) },
});

@Command()
export class ReadMeter extends CommandLogic<ReadMeter> {
  @Stream(Meter) readonly meter!: StreamOf<typeof Meter>;

  handle({ emit }: Context<ReadMeter>) {
    // @ts-expect-error the schema takes a string, and an event's data is what it gives
    emit('meter', 'Read', { at: '', value: 1 });
    // @ts-expect-error ... and what it takes is no event's data
    emit('meter', 'Read', { at: '', value: '1' });
    // @ts-expect-error ... by itself
    emit('meter', 'Reset', 1);
    emit('meter', 'Trimmed', { note: ' x ' });
    emit('meter', 'Coerced', { value: 1 });
    emit('meter', 'Frozen', { values: [1] });
    emit('meter', 'Filled', { unit: 'MWh' });
  }
}

// What was recorded all the same, by an import or by other code, is read as what it is.
export function total(events: readonly EventOf<typeof Meter, 'Read'>[]): number {
  return events.reduce((sum, { data }) => sum + data.value, 0);
}
