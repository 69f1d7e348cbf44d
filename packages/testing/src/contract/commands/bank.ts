/** A small bank, to execute commands with. Without decorators: it has to work under every test framework's compiler. */
import * as v from 'valibot';
import {
  appends,
  defineCommand,
  defineStream,
  discovers,
  ensure,
  event,
  many,
  optional,
  reads,
  type EventStore,
  type Receipt,
  execute,
  load,
} from '@eventcore/core';

const Money = v.pipe(v.number(), v.integer(), v.minValue(1));

export const Account = defineStream('account', {
  events: {
    Opened: v.object({ owner: v.string() }),
    Deposited: v.object({ amount: Money }),
    Withdrawn: v.object({ amount: Money }),
  },
  state: () => ({ open: false, balance: 0 }),
  fold: {
    Opened: (state) => ({ ...state, open: true }),
    Deposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
    Withdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
  },
});

/** Whether transfers are allowed at all. */
export const Policy = defineStream('policy', {
  events: { Closed: v.object({}), Reopened: v.object({}) },
  state: () => ({ closed: false }),
  fold: { Closed: () => ({ closed: true }), Reopened: () => ({ closed: false }) },
});

/** Who belongs together. */
export const Household = defineStream('household', {
  events: { Joined: v.object({ member: v.string() }) },
  state: () => ({ members: [] as readonly string[] }),
  fold: { Joined: ({ members }, { member }) => ({ members: [...members, member] }) },
});

export const Audit = defineStream('audit', {
  events: { Noted: v.object({ text: v.string() }) },
  state: () => ({ notes: 0 }),
  fold: { Noted: ({ notes }) => ({ notes: notes + 1 }) },
});

/** Customers as they are written today, and as they were: version 1 had one `name`. */
export const CustomerOfOld = defineStream('customer', {
  events: { Registered: v.object({ name: v.string() }) },
  state: () => ({ name: '' }),
  fold: { Registered: (_, { name }) => ({ name }) },
});
export const Customer = defineStream('customer', {
  events: {
    Registered: event(v.object({ first: v.string(), last: v.string() }), {
      version: 2,
      upcast: {
        1: ({ name }: { name: string }) => ({ first: name.split(' ')[0] ?? '', last: name.split(' ')[1] ?? '' }),
      },
    }),
  },
  state: () => ({ last: '' }),
  fold: { Registered: (_, { last }) => ({ last }) },
});

/** Between the two: it reads version 2, and writes version 1 for those of old. */
export const CustomerBetween = defineStream('customer', {
  events: {
    Registered: event(v.object({ first: v.string(), last: v.string() }), {
      version: 2,
      upcast: {
        1: ({ name }: { name: string }) => ({ first: name.split(' ')[0] ?? '', last: name.split(' ')[1] ?? '' }),
      },
      writes: 1,
      downcast: { 2: ({ first, last }) => ({ name: `${first} ${last}` }) },
    }),
  },
  state: () => ({ last: '' }),
  fold: { Registered: (_, { last }) => ({ last }) },
});

export const Open = defineCommand('Open', {
  streams: { account: Account },
  input: { owner: v.string(), deposit: v.optional(Money) },
  handle: ({ state, input, emit }) => {
    ensure(!state.account.open, { rule: 'open-once', message: 'the account is open already' });
    emit('account', 'Opened', { owner: input.owner });
    if (input.deposit !== undefined) emit('account', 'Deposited', { amount: input.deposit });
  },
});

export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Money },
  handle: ({ input, emit }) => emit('account', 'Deposited', { amount: input.amount }),
});

/** Moves money, unless the policy, which it only reads, says no. */
export const Transfer = defineCommand('Transfer', {
  streams: { from: Account, to: Account, policy: optional(reads(Policy)) },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(state.policy?.closed !== true, { rule: 'closed', message: 'transfers are closed' });
    ensure(state.from.balance >= input.amount, {
      rule: 'insufficient-funds',
      message: 'insufficient funds',
      data: { balance: state.from.balance },
    });
    emit('from', 'Withdrawn', { amount: input.amount });
    emit('to', 'Deposited', { amount: input.amount });
  },
});

/** Closes transfers, unless an account that it only reads still holds money: the other half of a write skew. */
export const ClosePolicy = defineCommand('ClosePolicy', {
  streams: { policy: Policy, account: reads(Account) },
  handle: ({ state, emit }) => {
    ensure(state.account.balance === 0, { rule: 'money-left', message: 'there is money left' });
    emit('policy', 'Closed', {});
  },
});

/** Deposits, unless the policy, which it only reads, is closed. */
export const GuardedDeposit = defineCommand('GuardedDeposit', {
  streams: { account: Account, policy: reads(Policy) },
  input: { amount: Money },
  handle: ({ state, input, emit }) => {
    ensure(!state.policy.closed, { rule: 'closed', message: 'deposits are closed' });
    emit('account', 'Deposited', { amount: input.amount });
  },
});

export const PayWages = defineCommand('PayWages', {
  streams: { employer: Account, employees: many(Account) },
  input: { wage: Money },
  handle: ({ state, streams, input, emit }) => {
    ensure(state.employer.balance >= input.wage * streams.employees.length, 'insufficient funds');
    for (const employee of streams.employees) {
      emit('employer', 'Withdrawn', { amount: input.wage });
      emit(employee, 'Deposited', { amount: input.wage });
    }
  },
});

export const Join = defineCommand('Join', {
  streams: { household: Household },
  input: { member: v.string() },
  handle: ({ input, emit }) => emit('household', 'Joined', { member: input.member }),
});

/** Takes an amount from each account of a household, if all together have enough. */
export const Collect = defineCommand('Collect', {
  streams: { household: Household, accounts: discovers(Account) },
  input: { each: Money },
  discover: ({ household }) => ({ accounts: household.members }),
  handle: ({ state, input, emit }) => {
    for (const [account, { balance }] of state.accounts) {
      ensure(balance >= input.each, 'insufficient funds');
      emit(account, 'Withdrawn', { amount: input.each });
    }
  },
});

export const Note = defineCommand('Note', {
  streams: { audit: appends(Audit) },
  input: { text: v.string() },
  handle: ({ input, emit }) => emit('audit', 'Noted', { text: input.text }),
});

/** Looks at an account, and writes nothing. */
export const Look = defineCommand('Look', { streams: { account: Account }, handle: () => undefined });

export const RegisterOfOld = defineCommand('RegisterOfOld', {
  streams: { customer: CustomerOfOld },
  input: { name: v.string() },
  handle: ({ input, emit }) => emit('customer', 'Registered', { name: input.name }),
});

export const RegisterBetween = defineCommand('Register', {
  streams: { customer: CustomerBetween },
  input: { first: v.string(), last: v.string() },
  handle: ({ state, input, emit }) => {
    ensure(state.customer.last !== input.last, 'registered already');
    emit('customer', 'Registered', { first: input.first, last: input.last });
  },
});

/** Opens accounts, each with a deposit. */
export async function openAll(store: EventStore, balances: Readonly<Record<string, number>>): Promise<void> {
  for (const [account, deposit] of Object.entries(balances)) {
    await execute(new Open({ account, owner: account, deposit }), store);
  }
}

export async function balanceOf(store: EventStore, account: string): Promise<number> {
  return (await load(store, Account.at(account))).balance;
}

/** What a receipt says was written: stream, version and type of each event. */
export function written({ events }: Receipt): readonly string[] {
  return events.map(({ stream, version, type }) => `${stream}@${version} ${type}`);
}
