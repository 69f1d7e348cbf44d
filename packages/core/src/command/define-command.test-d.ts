// The door without decorators: the same forms, the same mistakes.
import * as v from 'valibot';
import {
  appends,
  defineCommand,
  defineStream,
  discovers,
  ensure,
  many,
  noRetry,
  optional,
  reads,
  writes,
  type AnyCommand,
  type Json,
  type StreamOf,
} from '@eventcore/core';
import { Account, Audit, Household, Money, Savings } from '../public-bank.fixture.js';
import { sameType } from '../same-type.fixture.js';

// ---- the north star

export const TransferMoney = defineCommand('TransferMoney', {
  streams: { from: Account, to: Account },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.to.open, 'the receiving account is not open');
    ensure(state.from.balance >= input.amount, 'insufficient funds');
    emit('from', 'MoneyWithdrawn', { amount: input.amount });
    emit('to', 'MoneyDeposited', { amount: input.amount });
  },
});

const transfer = new TransferMoney({ from: 'alice', to: Account.at('bob'), amount: 60 });

// A command object of this door is a command like any other, and tells what it was made of.
export const command: AnyCommand = transfer;
sameType<typeof TransferMoney.commandName, 'TransferMoney'>();
sameType<typeof transfer.command, 'TransferMoney'>();
sameType<typeof transfer.input.amount, Money>();
sameType<typeof transfer.streams.from, StreamOf<typeof Account>>();

// ---- every form

export const EveryForm = defineCommand('EveryForm', {
  streams: {
    plain: Account,
    mayEqual: writes(Account, { mayEqual: true }),
    read: reads(Household),
    appended: appends(Audit),
    set: many(Account),
    found: discovers(Account),
    optional: optional(Account),
    optionalRead: optional(reads(Household)),
    optionalAppend: optional(appends(Audit, { mayEqual: true })),
    optionalWrite: optional(writes(Account, { mayEqual: true })),
    savings: Savings,
  },
  input: {
    amount: Money,
    speed: v.picklist(['normal', 'instant']),
    memo: v.optional(v.string()),
    source: v.optional(v.string(), 'cash'),
    json: v.optional(v.custom<Json>(() => true)),
    lines: v.optional(v.array(v.object({ product: v.string(), price: Money })), []),
  },
  detail: 'lean',
  retry: noRetry,

  discover: (state) => {
    void state.plain.balance;
    return { found: [...state.read.members, Account.at('x')] };
  },

  handle: async ({ state, input, streams, emit, now, id }) => {
    await Promise.resolve();
    const { amount } = input;
    sameType<typeof input.memo, string | undefined>();
    sameType<typeof input.source, string>();
    sameType<typeof input.speed, 'normal' | 'instant'>();
    sameType<typeof streams.set, readonly StreamOf<typeof Account>[]>();
    sameType<typeof streams.optional, StreamOf<typeof Account> | undefined>();

    // By name, by reference and by id.
    emit('plain', 'MoneyDeposited', { amount });
    emit('appended', 'Noted', { text: `${id()} at ${now}` });
    emit('optional', 'AccountClosed', {});
    emit('optionalAppend', 'Noted', { text: '' });
    for (const member of streams.set) emit(member, 'MoneyDeposited', { amount });
    for (const [found, { open }] of state.found) if (open) emit(found, 'AccountClosed', {});
    emit(amount > 5 ? 'plain' : 'savings', 'MoneyDeposited', { amount });
    void state.set.get(streams.set[0]!.id)?.balance;

    ensure(state.optional, 'there has to be one');
    void [state.optional.balance, state.optionalRead?.members];

    // @ts-expect-error a stream that was not declared
    emit('somewhere', 'MoneyDeposited', { amount });
    // @ts-expect-error a stream that is only read
    emit('read', 'Joined', { member: 'x' });
    // @ts-expect-error ... and optional
    emit('optionalRead', 'Joined', { member: 'x' });
    // @ts-expect-error an input
    emit('amount', 'MoneyDeposited', { amount });
    // @ts-expect-error a set by its name
    emit('set', 'MoneyDeposited', { amount });
    // @ts-expect-error discovered streams by their name
    emit('found', 'MoneyDeposited', { amount });
    // @ts-expect-error a reference of a type that has neither a set nor discovered streams here
    emit(Audit.at('x'), 'Noted', { text: '' });
    // @ts-expect-error the reference of what is only read
    emit(streams.read, 'Joined', { member: 'x' });
    // @ts-expect-error an event that the stream type does not have
    emit('plain', 'Noted', { text: '' });
    // @ts-expect-error a wrong kind of data
    emit('plain', 'MoneyDeposited', { amount: '60' });
    // @ts-expect-error a number without its brand
    emit('plain', 'MoneyDeposited', { amount: 60 });
    // @ts-expect-error data that is missing
    emit('plain', 'MoneyDeposited', {});
    // @ts-expect-error data too much
    emit('plain', 'AccountClosed', { reason: '' });
    // @ts-expect-error an event that only one of the fields knows
    emit(amount > 5 ? 'plain' : 'savings', 'InterestPaid', { rate: 1 });
    // @ts-expect-error data that suits the event of only one of the fields
    emit(amount > 5 ? 'plain' : 'savings', 'AccountClosed', {});
    // @ts-expect-error the state of a stream that was not declared
    void state.somewhere;
    // @ts-expect-error the state of a stream that is written without having been read
    void state.appended;
    // @ts-expect-error the state of a stream that may have been left out
    void state.optionalRead.members;
    // @ts-expect-error inputs are in input
    void state.amount;
    // @ts-expect-error an input that was not declared
    void input.note;
    // @ts-expect-error a stream that was not declared
    void streams.somewhere;
    // @ts-expect-error the state is readonly
    state.plain.balance = 1;
    // @ts-expect-error inputs are too, at every depth
    input.lines[0]!.price = amount;
    // @ts-expect-error streams are too
    streams.plain = Account.at('x');
  },
});

// ---- what new takes

const needed = {
  plain: 'a',
  mayEqual: 'a',
  read: 'r',
  appended: 'x',
  set: [],
  savings: 's',
  amount: 60,
  speed: 'normal',
} as const;

// Streams by key or reference, what may be left out left out, or undefined; brands left out at any depth, or given.
new EveryForm(needed);
new EveryForm({
  ...needed,
  plain: Account.at('a'),
  read: Household.at('r'),
  set: ['b', Account.at('c')],
  optional: undefined,
  optionalRead: 'r',
  amount: v.parse(Money, 60),
  memo: undefined,
  json: { a: [1, null] },
  lines: [{ product: 'tea', price: 3 }],
});

// @ts-expect-error an input is missing
new TransferMoney({ from: 'alice', to: 'bob' });
// @ts-expect-error a stream is missing
new TransferMoney({ from: 'alice', amount: 60 });
// @ts-expect-error everything is missing
new TransferMoney();
// @ts-expect-error an input too many
new TransferMoney({ from: 'alice', to: 'bob', amount: 60, memo: '' });
// @ts-expect-error a wrong kind of input
new TransferMoney({ from: 'alice', to: 'bob', amount: '60' });
// @ts-expect-error a stream of another type
new TransferMoney({ from: Audit.at('x'), to: 'bob', amount: 60 });
// @ts-expect-error an id: as a key it would name another stream
new TransferMoney({ from: Account.at('alice').id, to: 'bob', amount: 60 });
// @ts-expect-error neither a key nor a reference
new TransferMoney({ from: 5, to: 'bob', amount: 60 });
// @ts-expect-error an object that looks like a reference
new TransferMoney({ from: { id: 'account-alice', key: 'alice' }, to: 'bob', amount: 60 });
// @ts-expect-error what was only read can't be written without saying so
new TransferMoney({ from: new EveryForm(needed).streams.read, to: 'bob', amount: 60 });
// @ts-expect-error a class is called with new
TransferMoney({ from: 'alice', to: 'bob', amount: 60 });
// @ts-expect-error a literal that there isn't
new EveryForm({ ...needed, speed: 'soon' });
// @ts-expect-error what is discovered is not given
new EveryForm({ ...needed, found: ['x'] });
// @ts-expect-error a stream of another type in a set
new EveryForm({ ...needed, set: [Audit.at('x')] });
// @ts-expect-error a wrong kind of input within a value
new EveryForm({ ...needed, lines: [{ product: 'tea', price: '3' }] });
// @ts-expect-error a command object is never changed
transfer.input.amount = transfer.input.amount;

// ---- streams and inputs that can't be

const handle = () => {};

// @ts-expect-error no stream
defineCommand('NoStream', { streams: {}, handle });
// @ts-expect-error no streams at all
defineCommand('NoStreams', { handle });
// @ts-expect-error a schema is no stream type
defineCommand('Schema', { streams: { account: Money }, handle });
// @ts-expect-error a reference is no stream type
defineCommand('Reference', { streams: { account: Account.at('x') }, handle });
// @ts-expect-error a stream type is no schema
defineCommand('StreamType', { streams: { account: Account }, input: { other: Account }, handle });
// @ts-expect-error a stream has this name already
defineCommand('Twice', { streams: { account: Account }, input: { account: v.string() }, handle });
// @ts-expect-error a Date
defineCommand('Date', { streams: { account: Account }, input: { at: v.date() }, handle });
// @ts-expect-error a bigint within a value
defineCommand('BigInt', { streams: { account: Account }, input: { deep: v.object({ n: v.bigint() }) }, handle });
// @ts-expect-error a Map in a list
defineCommand('Map', { streams: { account: Account }, input: { l: v.array(v.map(v.any(), v.any())) }, handle });
// @ts-expect-error a Set
defineCommand('Set', { streams: { account: Account }, input: { set: v.set(v.string()) }, handle });
// @ts-expect-error a function
defineCommand('Function', { streams: { account: Account }, input: { f: v.function() }, handle });
// @ts-expect-error a set may be empty, and is never left out
defineCommand('OptionalSet', { streams: { set: optional(many(Account)) }, handle });
// @ts-expect-error what is discovered is never left out
defineCommand('OptionalFound', { streams: { found: optional(discovers(Account)) }, handle });
// @ts-expect-error an option that there isn't
defineCommand('Option', { streams: { account: writes(Account, { mayEquals: true }) }, handle });
// @ts-expect-error a part that there isn't
defineCommand('Part', { streams: { account: Account }, handler: handle, handle });
// @ts-expect-error a policy is not a number
defineCommand('Retry', { streams: { account: Account }, retry: 3, handle });

declare const anyType: any;
defineCommand('AnyStreamType', {
  streams: { account: anyType, other: Account },
  // @ts-expect-error of a stream type that is any, no events are known
  handle: ({ emit }) => emit('account', 'AccountClosed', {}),
});

defineCommand('OnlyReads', {
  streams: { account: reads(Account) },
  // @ts-expect-error a command that reads and nothing else has nothing to emit to
  handle: ({ emit }) => emit('account', 'AccountClosed', {}),
});

defineCommand('NoInput', {
  streams: { account: Account },
  // @ts-expect-error no input was declared
  handle: ({ input }) => void input.amount,
});

// ---- handle

// @ts-expect-error no handle
defineCommand('NoHandle', { streams: { account: Account } });
// @ts-expect-error handle gives nothing back
defineCommand('GivesBack', { streams: { account: Account }, handle: () => 5 });
// @ts-expect-error ... nor later
defineCommand('GivesBackLater', { streams: { account: Account }, handle: async () => Promise.resolve(5) });
// emit gives nothing back, so it may end a handle.
defineCommand('Short', { streams: { account: Account }, handle: ({ emit }) => emit('account', 'AccountClosed', {}) });
// A method will do as well.
defineCommand('Method', {
  streams: { account: Account },
  handle({ state }) {
    void state.account.balance;
  },
});

// ---- initialState and apply

const twoStreams = { account: Account, audit: reads(Audit), noted: appends(Audit) };

// A view of one's own: every event of every stream that is read, each told by its type and by its field.
defineCommand('OwnState', {
  streams: twoStreams,
  initialState: () => ({ count: 0, last: 'nothing' as 'nothing' | 'deposit' }),
  apply: (state, event, at) => {
    sameType<typeof at, 'account' | 'audit'>();
    // @ts-expect-error the state is readonly
    state.count = 1;
    if (event.type === 'MoneyDeposited' && event.data.amount > 5) return { ...state, last: 'deposit' };
    if (event.type === 'Noted') return { ...state, count: event.data.text.length };
    return state;
  },
  handle: ({ state }) => {
    sameType<typeof state.last, 'nothing' | 'deposit'>();
    // @ts-expect-error the streams' own states are not there
    void state.account;
  },
});

// The order of the parts doesn't matter, and they may be methods.
defineCommand('OtherOrder', {
  handle: ({ state }) => sameType<typeof state.count, number>(),
  apply: (state, event) => ({ count: state.count + event.version }),
  initialState: () => ({ count: 0 }),
  streams: twoStreams,
});
defineCommand('Methods', {
  streams: twoStreams,
  initialState() {
    return { count: 0 };
  },
  apply(state, event) {
    return { count: state.count + event.version };
  },
  handle({ state }) {
    sameType<typeof state.count, number>();
  },
});

// @ts-expect-error initialState needs apply
defineCommand('OnlyInitialState', { streams: twoStreams, initialState: () => ({ count: 0 }), handle });
// @ts-expect-error apply needs initialState
defineCommand('OnlyApply', { streams: twoStreams, apply: (state) => state, handle });

defineCommand('AnotherState', {
  streams: twoStreams,
  initialState: () => ({ count: 0 }),
  // @ts-expect-error another state
  apply: () => ({ count: '' }),
  handle,
});
defineCommand('AsyncApply', {
  streams: twoStreams,
  initialState: () => ({ count: 0 }),
  // @ts-expect-error apply is synchronous
  apply: async (state) => Promise.resolve(state),
  handle,
});
defineCommand('ChangesState', {
  streams: twoStreams,
  initialState: () => ({ count: 0 }),
  // @ts-expect-error apply gives the next state back
  apply: () => {},
  handle,
});
defineCommand('WrongLiteral', {
  streams: twoStreams,
  initialState: () => ({ last: 'nothing' as 'nothing' | 'deposit' }),
  // @ts-expect-error a literal that the state does not have
  apply: (state, event) => ({ last: event.type === 'Noted' ? 'note' : state.last }),
  handle,
});

// ---- discover

const withFound = { household: Household, found: discovers(Account) };

// It sees the command's own state where there is one, and gives keys or references in whatever can be iterated.
defineCommand('FindsByOwnState', {
  streams: withFound,
  initialState: () => ({ members: new Array<string>() }),
  apply: (state, event) => (event.type === 'Joined' ? { members: [...state.members, event.data.member] } : state),
  discover: (state) => ({ found: new Set(state.members) }),
  handle,
});

// @ts-expect-error discovered streams need discover
defineCommand('NoDiscover', { streams: withFound, handle });
// @ts-expect-error discover needs discovered streams
defineCommand('NothingToDiscover', { streams: { household: Household }, discover: () => ({ found: ['x'] }), handle });
// @ts-expect-error discover names every discovered field
defineCommand('DiscoversOther', { streams: withFound, discover: () => ({ founds: ['x'] }), handle });
// @ts-expect-error a list of keys, and not a key
defineCommand('DiscoversAText', { streams: withFound, discover: (state) => ({ found: state.household.head }), handle });
// @ts-expect-error references of another type
defineCommand('DiscoversOthers', { streams: withFound, discover: () => ({ found: [Audit.at('x')] }), handle });
// @ts-expect-error discover is synchronous
defineCommand('DiscoversLater', { streams: withFound, discover: async () => ({ found: ['x'] }), handle });

// ---- a schema takes what it gives, since values are parsed more than once

defineCommand('Mistaken', {
  streams: { account: Account },
  input: {
    // @ts-expect-error it takes a string and gives a number
    transformed: v.pipe(v.string(), v.transform(Number)),
    // @ts-expect-error ... within a value
    inner: v.object({ list: v.array(v.pipe(v.string(), v.transform(Number))) }),
    // What takes both is as good as any.
    coerced: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)),
    trimmed: v.pipe(v.string(), v.trim()),
    frozen: v.pipe(v.array(v.string()), v.readonly()),
  },
  handle,
});

// ---- stream types are as nominal here

const Lookalike = defineStream('household', {
  events: { Joined: v.object({ member: v.string() }) },
  state: () => ({ head: '', members: new Array<string>(), more: 0 }),
  fold: {},
});
const Join = defineCommand('Join', { streams: { household: Household }, handle });
// @ts-expect-error the same name, and another state
new Join({ household: Lookalike.at('x') });
