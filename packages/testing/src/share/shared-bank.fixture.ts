/** Commands on a bank whose calls are shared, on the store in memory, where a gate says when a call goes on. */
import {
  defineCommand,
  defineStream,
  ensure,
  execute,
  load,
  reads,
  StoreUnavailable,
  type EventStore,
  type ExecuteOptions,
} from '@eventcore/core';
import type { Append, Outcome } from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';
import { aroundStore } from '../chaos/around-store.js';

export const Account = defineStream('account', {
  events: { Moved: v.object({ by: v.number() }) },
  state: () => ({ balance: 0 }),
  fold: {
    Moved: ({ balance }, { by }) => {
      if (by === Number.MAX_SAFE_INTEGER) throw new Error('Nobody has that much.');
      return { balance: balance + by };
    },
  },
});
/** The same streams, as another part of an application sees them. */
const Wallet = defineStream('account', {
  events: { Moved: v.object({ by: v.number() }) },
  state: () => ({ movements: 0 }),
  fold: { Moved: ({ movements }) => ({ movements: movements + 1 }) },
});
const Log = defineStream('log', {
  events: { Looked: v.object({ at: v.number() }) },
  state: () => ({ looks: 0 }),
  fold: { Looked: ({ looks }) => ({ looks: looks + 1 }) },
});
/** Books 1 for each account that it finds moved or not: what it decides on has to be a number. */
export const Count = defineCommand('Count', {
  streams: { account: Wallet },
  handle: ({ state, emit }) => {
    if (!Number.isInteger(state.account.movements)) throw new Error('This is the state of another definition.');
    emit('account', 'Moved', { by: 1 });
  },
});
export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: v.number() },
  handle: ({ input, emit }) => emit('account', 'Moved', { by: input.amount }),
});
export const Withdraw = defineCommand('Withdraw', {
  streams: { account: Account },
  input: { amount: v.number() },
  handle: ({ state, input, emit }) => {
    ensure(state.account.balance >= input.amount, 'insufficient funds');
    emit('account', 'Moved', { by: -input.amount });
  },
});
export const Slow = defineCommand('Slow', {
  streams: { account: Account },
  input: { amount: v.number() },
  handle: async ({ input, emit }) => {
    await Promise.resolve();
    emit('account', 'Moved', { by: input.amount });
  },
});

/** Looks at an account, and writes elsewhere. */
export const Look = defineCommand('Look', {
  streams: { account: reads(Account), log: Log },
  handle: ({ state, emit }) => emit('log', 'Looked', { at: state.account.balance }),
});

/** Takes what is there, down to nothing, and does something else while it is decided. */
export function withdrawing(meanwhile: (balance: number) => void) {
  return defineCommand('Withdraw', {
    streams: { account: Account },
    input: { amount: v.number() },
    handle: ({ state, input, emit }) => {
      meanwhile(state.account.balance);
      ensure(state.account.balance >= input.amount, 'insufficient funds');
      emit('account', 'Moved', { by: -input.amount });
    },
  });
}

/** What is done with a call of `append`, instead of sending it on at once. */
export type Does = (
  appends: readonly Append[],
  sendOn: () => Promise<readonly Outcome[]>,
) => Promise<readonly Outcome[]>;

/** A store whose commands share calls. Each append is noted, and a call that something was said for is dealt with so. */
export function sharedStore() {
  const direct = createMemoryStore();
  const calls: (readonly Append[])[] = [];
  const counts = { read: 0, hold: 0 };
  const planned: Does[] = [];
  const reads: (() => Promise<void>)[] = [];
  const holds: Does[] = [];
  const store: EventStore = aroundStore(direct, {
    capabilities: { ...direct.capabilities, sharedCalls: true },
    read: (...given) => {
      counts.read += 1;
      const before = reads.shift();
      return before === undefined ? direct.read(...given) : before().then(() => direct.read(...given));
    },
    append: (appends, call) => {
      calls.push(appends);
      const does = planned.shift() ?? ((_, sendOn) => sendOn());
      return does(appends, () => direct.append(appends, call));
    },
    hold: async (queries, decide, call) => {
      counts.hold += 1;
      const does = holds.shift();
      if (does === undefined) return direct.hold!(queries, decide, call);
      let sent: readonly Append[] = [];
      return direct.hold!(queries, (pages) => (sent = decide(pages)), call).then((outcomes) =>
        does(sent, async () => outcomes),
      );
    },
  });
  return {
    store,
    direct,
    calls,
    counts,
    next: (...does: Does[]) => planned.push(...does),
    beforeReads: (...does: (() => Promise<void>)[]) => reads.push(...does),
    nextHolds: (...does: Does[]) => holds.push(...does),
  };
}

/** A call that waits until it is let on. */
export function gate() {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const does: Does = async (_, sendOn) => {
    reached.resolve();
    await opened.promise;
    return sendOn();
  };
  return { does, reached: reached.promise, open: () => opened.resolve() };
}

export const unknown: Does = async (appends) =>
  appends.map(() => ({ kind: 'unknown', error: new StoreUnavailable('The answer was lost.') }));
export const deposit = (store: EventStore, account: string, amount: number, options?: ExecuteOptions) =>
  execute(new Deposit({ account, amount }), store, options);
export const withdraw = (store: EventStore, account: string, amount: number, options?: ExecuteOptions) =>
  execute(new Withdraw({ account, amount }), store, options);
export const balanceOf = async (store: EventStore, account: string) => (await load(store, Account.at(account))).balance;
