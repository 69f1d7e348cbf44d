/** Processes that run consumers on one memory store, in virtual time: they can die or be paused at any of their calls. */
import {
  defineCommand,
  defineStream,
  ensure,
  execute,
  keyOf,
  systemRuntime,
  type EventStore,
  type Position,
  type Runtime,
} from '@eventcore/core';
import { defineProjection, defineReaction, defineReadModel, rowsOf } from '@eventcore/core/consumers';
import type { Capabilities } from '@eventcore/core/store';
import { createMemoryStore, type MemoryContext, type MemoryStore } from '@eventcore/memory';
import * as v from 'valibot';
import { VirtualTime } from '../simulate/virtual-time.js';

export const Account = defineStream('account', {
  events: {
    Opened: v.object({ owner: v.string() }),
    Deposited: v.object({ amount: v.number() }),
    Withdrawn: v.object({ amount: v.number() }),
    Closed: v.object({}),
  },
  state: () => ({ balance: 0 }),
  fold: {
    Deposited: ({ balance }, { amount }) => ({ balance: balance + amount }),
    Withdrawn: ({ balance }, { amount }) => ({ balance: balance - amount }),
  },
});

export const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: v.number() },
  handle: ({ input, emit }) => emit('account', 'Deposited', { amount: input.amount }),
});

export const Transfer = defineCommand('Transfer', {
  streams: { from: Account, to: Account },
  input: { amount: v.number() },
  handle: ({ state, input, emit }) => {
    ensure(state.from.balance >= input.amount, { rule: 'funds', message: 'insufficient funds' });
    emit('from', 'Withdrawn', { amount: input.amount });
    emit('to', 'Deposited', { amount: input.amount });
  },
});

/** A read model: the store's rows. */
export const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
  Deposited: (row, { data }) => ({ balance: row.balance + data.amount }),
  Withdrawn: (row, { data }) => ({ balance: row.balance - data.amount }),
});

/** A projection whose handlers write in the store's transaction. */
export const Counts = defineProjection<MemoryContext>('counts').on(Account, {
  Deposited: async ({ stream }, { tx }) => {
    tx.set('counts', stream, (((await tx.get('counts', stream)) ?? 0) as number) + 1);
  },
});

/** Whoever is paid passes a tenth on. */
export const Tithe = defineReaction('tithe').on(Account, {
  Deposited: ({ stream, data }) =>
    keyOf(stream) === 'church'
      ? undefined
      : new Transfer({ from: keyOf(stream), to: 'church', amount: data.amount / 10 }),
});

export interface World {
  readonly store: MemoryStore;
  readonly time: VirtualTime;
  readonly runtime: Runtime;
  /** Lets so many milliseconds pass, with all that happens in them. */
  pass(milliseconds: number): Promise<void>;
  /** Lets time pass until something is so, a minute at the most. */
  until(done: () => boolean): Promise<void>;
  /** Deposits of 10 on accounts a0, a1, …; gives the position of the last one. */
  deposit(count: number, accounts?: number): Promise<Position>;
  /** What `Balances` has come to. */
  balances(): Promise<Readonly<Record<string, number>>>;
}

export function makeWorld(): World {
  const time = new VirtualTime();
  const runtime: Runtime = {
    now: () => time.now,
    tick: () => time.now,
    sleep: (milliseconds, signal) => time.sleep(milliseconds, signal),
    random: () => 0.5,
    uuid: systemRuntime.uuid,
  };
  const store = createMemoryStore({ runtime });
  return {
    store,
    time,
    runtime,
    pass: (milliseconds) => time.pass(() => false, time.now + milliseconds),
    async until(done) {
      await time.pass(done, time.now + 60_000);
      if (!done()) throw new Error('It never happened.');
    },
    async deposit(count, accounts = 3) {
      let last = '' as Position;
      for (let n = 0; n < count; n++) {
        last = (await execute(new Deposit({ account: `a${n % accounts}`, amount: 10 }), store, { runtime })).position;
      }
      return last;
    },
    async balances() {
      const found: Record<string, number> = {};
      for await (const { key, row } of rowsOf(store, Balances).all()) found[key] = row.balance;
      return found;
    },
  };
}

/** A process as it reaches the store. What was sent by the time it dies or is paused has arrived. */
export class Process<Context> {
  /** Every moment at which it could have died, in order: `before rows.step`, `after rows.step`. */
  readonly moments: string[] = [];
  readonly store: EventStore & { readonly capabilities: Capabilities<Context> };
  #alive = true;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};
  readonly #stopAt: (moment: string, index: number) => 'die' | 'pause' | undefined;

  constructor(
    store: EventStore & { readonly capabilities: Capabilities<Context> },
    stopAt: (moment: string, index: number) => 'die' | 'pause' | undefined = () => undefined,
  ) {
    this.#stopAt = stopAt;
    this.store = this.#reach(store, '');
  }

  /** It goes on where it was paused. */
  resume(): void {
    this.#open();
  }

  #reach<T extends object>(part: T, path: string): T {
    return new Proxy(part, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof key !== 'string' || key === 'watch' || key === 'settings') return member;
        if (typeof member === 'function') return this.#call(member as Call, path + key, target);
        return typeof member === 'object' && member !== null ? this.#reach(member, `${path}${key}.`) : member;
      },
    });
  }

  #call(call: Call, path: string, target: object): Call {
    const name = path.replace('capabilities.', '');
    return async (...given) => {
      await this.#moment(`before ${name}`);
      const inside = name === 'transactions.run' ? [this.#work(given[0] as Call)] : given;
      const result = await call.apply(target, inside);
      await this.#moment(`after ${name}`);
      return result;
    };
  }

  #work(work: Call): Call {
    return async (...given) => {
      const step = await work(...given);
      await this.#moment('in transactions.run');
      return step;
    };
  }

  async #moment(moment: string): Promise<void> {
    if (this.#alive) {
      const happens = this.#stopAt(moment, this.moments.push(moment) - 1);
      if (happens === 'die') this.#alive = false;
      if (happens === 'pause') this.#gate = new Promise((open) => (this.#open = open));
    }
    if (!this.#alive) await new Promise(() => {});
    await this.#gate;
  }
}

type Call = (...given: unknown[]) => Promise<unknown>;

/** The same store without these capabilities. */
export function without(store: EventStore, ...names: readonly (keyof Capabilities)[]): EventStore {
  const left = Object.entries(store.capabilities).filter(([name]) => !names.includes(name as keyof Capabilities));
  return { ...store, capabilities: Object.fromEntries(left) as Capabilities };
}
