/**
 * Three releases of a small bank, one after the other: A knows amounts in euros; B knows them in cents as well, and writes euros;
 * C writes cents. Each event says the balance that its command decided on.
 */
import { defineCommand, defineStream, event, keyOf } from '@eventcore/core';
import { defineReaction, defineReadModel } from '@eventcore/core/consumers';
import * as v from 'valibot';

export type ReleaseName = 'A' | 'B' | 'C';

/** What there is in each release. */
export interface Release {
  /** Pays so many cents in. */
  readonly deposit: (account: string, cents: number) => object;
  readonly consumers: readonly [balances: object, thanking: object];
}

export function release(name: ReleaseName): Release {
  return name === 'A' ? inEuros() : inCents(name === 'B' ? 1 : 2);
}

/** What came of thanking for deposits. */
export const Thanks = defineStream('thanks', {
  events: { Thanked: v.object({ cents: v.number() }) },
  state: () => ({ count: 0, cents: 0 }),
  fold: { Thanked: (state, { cents }) => ({ count: state.count + 1, cents: state.cents + cents }) },
});

const Euros = v.object({ euros: v.number(), balance: v.number() });
const centsIn = (euros: number): number => Math.round(euros * 100);

function inEuros(): Release {
  const Account = defineStream('account', {
    events: { Deposited: Euros },
    state: () => ({ cents: 0 }),
    fold: { Deposited: ({ cents }, { euros }) => ({ cents: cents + centsIn(euros) }) },
  });
  const Deposit = defineCommand('Deposit', {
    streams: { account: Account },
    input: { cents: v.number() },
    handle: ({ state, input, emit }) =>
      emit('account', 'Deposited', { euros: input.cents / 100, balance: (state.account.cents + input.cents) / 100 }),
  });
  // It looks at the account as well, so its release has to understand all that is there.
  const Thank = defineCommand('Thank', {
    streams: { account: Account, thanks: Thanks },
    input: { cents: v.number() },
    handle: ({ input, emit }) => emit('thanks', 'Thanked', { cents: input.cents }),
  });
  return {
    deposit: (account, cents) => new Deposit({ account, cents }),
    consumers: [
      defineReadModel('balances', { row: () => ({ cents: 0 }) }).from(Account, {
        Deposited: ({ cents }, { data }) => ({ cents: cents + centsIn(data.euros) }),
      }),
      defineReaction('thanking').on(Account, {
        Deposited: ({ stream, data }) =>
          new Thank({ account: keyOf(stream), thanks: 'all', cents: centsIn(data.euros) }),
      }),
    ],
  };
}

const Cents = v.pipe(v.number(), v.integer(), v.brand('Cents'));

/** The account as it ends up: for whoever wants to know how everything came out. */
export const Account = accountInCents(2);

function accountInCents(writes: 1 | 2) {
  return defineStream('account', {
    events: {
      Deposited: event(v.object({ cents: Cents, balance: Cents, currency: v.picklist(['EUR', 'USD']) }), {
        version: 2,
        writes,
        upcast: {
          1: ({ euros, balance }: v.InferOutput<typeof Euros>) => ({
            cents: centsIn(euros),
            balance: centsIn(balance),
            currency: 'EUR',
          }),
        },
        downcast: { 2: ({ cents, balance }) => ({ euros: cents / 100, balance: balance / 100 }) },
      }),
    },
    state: () => ({ cents: 0 }),
    fold: { Deposited: (state, { cents }) => ({ cents: state.cents + cents }) },
  });
}

function inCents(writes: 1 | 2): Release {
  const Current = accountInCents(writes);
  const Deposit = defineCommand('Deposit', {
    streams: { account: Current },
    input: { cents: Cents },
    handle: ({ state, input, emit }) =>
      emit('account', 'Deposited', {
        cents: input.cents,
        balance: v.parse(Cents, state.account.cents + input.cents),
        currency: 'EUR',
      }),
  });
  const Thank = defineCommand('Thank', {
    streams: { account: Current, thanks: Thanks },
    input: { cents: v.number() },
    handle: ({ input, emit }) => emit('thanks', 'Thanked', { cents: input.cents }),
  });
  return {
    deposit: (account, cents) => new Deposit({ account, cents }),
    consumers: [
      defineReadModel('balances', { row: () => ({ cents: 0 }) }).from(Current, {
        Deposited: (row, { data }) => ({ cents: row.cents + data.cents }),
      }),
      defineReaction('thanking').on(Current, {
        Deposited: ({ stream, data }) => new Thank({ account: keyOf(stream), thanks: 'all', cents: data.cents }),
      }),
    ],
  };
}
