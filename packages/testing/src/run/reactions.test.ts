/** Reactions that run: verdicts, and a process over several steps with compensation. */
import { describe, expect, it } from '@jest/globals';
import { Aborted, defineCommand, defineStream, ensure, execute, keyOf, load, type Position } from '@eventcore/core';
import {
  defineReaction,
  reactionCommandId,
  reactionsTo,
  retryDeadLetters,
  runConsumers,
  verdictsOf,
  type FollowUpVerdict,
} from '@eventcore/core/consumers';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';
import { aroundStore } from '../chaos/around-store.js';
import { Account, Deposit, makeWorld, Tithe, type World } from './processes.fixture.js';

async function verdicts({ store }: Pick<World, 'store'>, reaction: object): Promise<readonly FollowUpVerdict[]> {
  const found: FollowUpVerdict[] = [];
  for await (const verdict of verdictsOf(store, reaction)) found.push(verdict);
  return found;
}

describe('a reaction that runs', () => {
  it('records what became of each command, under its derived id, and is held up by no rejection', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    await execute(new Deposit({ account: 'alice', amount: 100 }), store, { runtime });
    await execute(new Deposit({ account: 'alice', amount: -95 }), store, { runtime });
    await execute(new Deposit({ account: 'bob', amount: 50 }), store, { runtime });
    const { events } = await store.readAll({ after: '' as Position, limit: 10 });
    const told: string[] = [];
    const runner = runConsumers(store, [Tithe], {
      runtime,
      after: 'beginning',
      hooks: { reacted: ({ verdict }) => void told.push(verdict.verdict) },
    });
    await world.pass(10);

    const found = await verdicts(world, Tithe);
    const rejected = found.find(({ commandId }) => commandId === reactionCommandId(events[0]!.id, 'tithe', 0));
    expect(rejected).toEqual({
      verdict: 'rejected',
      commandId: reactionCommandId(events[0]!.id, 'tithe', 0),
      command: 'Transfer',
      event: events[0]!.id,
      stream: 'account-alice',
      position: events[0]!.position,
      decidedAt: '2026-01-01T00:00:00.000Z',
      message: 'insufficient funds',
      rule: 'funds',
    });
    expect(found.find(({ stream }) => stream === 'account-bob')).toMatchObject({ verdict: 'executed', events: 2 });
    expect(told).toEqual(['rejected', 'executed', 'executed']);
    expect(await load(store, Account.at('bob'))).toEqual({ balance: 45 });
    void runner.stop();
  });

  it('passes on the metadata of the event, its correlation id, and its id as the cause', async () => {
    const store = createMemoryStore({ metadata: v.object({ tenant: v.string() }) });
    await execute(new Deposit({ account: 'alice', amount: 100 }), store, {
      metadata: { tenant: 'north' },
      correlationId: 'request 7',
    });
    await using runner = runConsumers(store, [Tithe], { after: 'beginning' });
    const { events } = await store.readAll({ after: '' as Position, limit: 10 });
    await runner.caughtUp(events[0]!.position);
    const [cause, withdrawn] = (await store.readAll({ after: '' as Position, limit: 10 })).events;
    expect(withdrawn).toMatchObject({
      metadata: { tenant: 'north' },
      correlationId: 'request 7',
      causationId: cause!.id,
    });
  });

  it('gives handlers what the option says, beside the time of the event and a signal, and no transaction', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    const given: object[] = [];
    const Asking = defineReaction<{ readonly rate: number }>('asking').on(Account, {
      Deposited: (_, context) => {
        given.push(Object.keys(context));
        return context.rate === 2 ? new Deposit({ account: 'x', amount: 0 }) : undefined;
      },
    });
    const { position } = await execute(new Deposit({ account: 'alice', amount: 1 }), store, { runtime });
    const context = { rate: 2, now: 'never' };
    const [event] = (await store.readAll({ after: '' as Position, limit: 1 })).events;
    expect(await reactionsTo(Asking, event!, { context })).toHaveLength(1);
    const runner = runConsumers(store, [Asking], { runtime, after: 'beginning', context: { rate: 1 } });
    await world.pass(10);
    expect(given).toEqual([
      ['rate', 'now', 'signal'],
      ['rate', 'now', 'signal'],
    ]);
    expect(await store.capabilities.checkpoints.load('asking')).toBe(position);
    void runner.stop();
  });

  it('does not decide again what has a verdict, though a rule would say something else by now', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    await execute(new Deposit({ account: 'alice', amount: -1 }), store, { runtime });
    let runner = runConsumers(store, [Tithe], { runtime, after: 'beginning' });
    await world.pass(10);
    void runner.stop();
    await world.pass(10);
    await execute(new Deposit({ account: 'alice', amount: 1000 }), store, { runtime });
    await store.capabilities.checkpoints.save('tithe', '' as Position);
    runner = runConsumers(store, [Tithe], { runtime, after: 'beginning' });
    await world.pass(10);
    expect((await verdicts(world, Tithe)).map(({ verdict }) => verdict).sort()).toEqual(['executed', 'rejected']);
    expect(await load(store, Account.at('church'))).toEqual({ balance: 100 });
    void runner.stop();
  });

  it('waits out an append whose answer is lost, and neither gives the event up nor executes twice', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    await execute(new Deposit({ account: 'alice', amount: 100 }), store, { runtime });
    let lost = 3;
    const flaky = aroundStore(store, {
      append: async (...given) => {
        const outcomes = await store.append(...given);
        if (lost-- <= 0) return outcomes;
        throw new Aborted('nobody knows');
      },
    });
    const { hold: _, ...optimistic } = flaky;
    const onFailure = { retry: { attempts: 10, delay: () => 10 }, then: 'stop' } as const;
    const runner = runConsumers(optimistic, [Tithe], { runtime, onFailure, after: 'beginning' });
    await world.pass(5_000);
    expect(await load(store, Account.at('church'))).toEqual({ balance: 10 });
    expect((await verdicts(world, Tithe)).map(({ verdict }) => verdict)).toEqual(['executed']);
    void runner.stop();
  });

  it('keeps what became of the commands before one that breaks: neither decided again, nor forgotten', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    let decided = 0;
    let broken = true;
    const Picky = defineCommand('Picky', {
      streams: { account: Account },
      handle: () => ensure(decided++ > 0, 'not the first time'),
    });
    const Broken = defineCommand('Broken', {
      streams: { account: Account },
      handle: () => {
        if (broken) throw new TypeError('a bug');
      },
    });
    const Reacting = defineReaction('reacting').on(Account, {
      Deposited: ({ stream }) =>
        stream === 'account-alice'
          ? [new Picky({ account: 'x' }), new Deposit({ account: 'x', amount: 1 }), new Broken({ account: 'x' })]
          : undefined,
    });
    await execute(new Deposit({ account: 'alice', amount: 100 }), store, { runtime });
    const onFailure = { retry: { attempts: 3, delay: () => 10 }, then: 'deadLetter' } as const;
    const told: string[] = [];
    const hooks = { reacted: ({ verdict }: { verdict: FollowUpVerdict }) => void told.push(verdict.command) };
    const runner = runConsumers(store, [Reacting], { runtime, onFailure, hooks, after: 'beginning' });
    await world.pass(1_000);
    const found = async () =>
      (await verdicts(world, Reacting)).map(({ command, verdict }) => `${command} ${verdict}`).sort();
    expect(decided).toBe(1);
    expect(await found()).toEqual(['Deposit executed', 'Picky rejected']);
    expect(told).toEqual(['Picky', 'Deposit']);
    void runner.stop();
    await world.pass(100);
    broken = false;
    expect(await retryDeadLetters(store, Reacting, { runtime })).toEqual({ handled: 1, failed: 0 });
    expect(await found()).toEqual(['Broken executed', 'Deposit executed', 'Picky rejected']);
    expect(await load(store, Account.at('x'))).toEqual({ balance: 1 });
  });

  it('keeps the data of a rule that is JSON, and leaves out what is not', async () => {
    const world = makeWorld();
    const { store, runtime } = world;
    const Strict = defineCommand('Strict', {
      streams: { account: Account },
      input: { json: v.boolean() },
      handle: ({ input }) =>
        ensure(false, { rule: 'never', message: 'no', data: input.json ? { limit: 5 } : { limit: 5n } }),
    });
    const Reacting = defineReaction('reacting').on(Account, {
      Deposited: ({ stream }) => [true, false].map((json) => new Strict({ account: keyOf(stream), json })),
    });
    await execute(new Deposit({ account: 'alice', amount: 100 }), store, { runtime });
    const runner = runConsumers(store, [Reacting], { runtime, after: 'beginning' });
    await world.pass(10);
    const data = (await verdicts(world, Reacting)).map((verdict) => verdict.data);
    expect(new Set(data)).toEqual(new Set([{ limit: 5 }, undefined]));
    void runner.stop();
  });
});

describe('a process over several steps', () => {
  // An order is paid from an account, then shipped. Where nothing is in stock, what was paid is given back.
  const Order = defineStream('order', {
    events: {
      Placed: v.object({ account: v.string(), item: v.string(), price: v.number() }),
      Paid: v.object({ item: v.string() }),
      Declined: v.object({}),
      Shipped: v.object({}),
      Refunding: v.object({}),
      Refunded: v.object({}),
    },
    state: () => ({ status: 'none', account: '', item: '', price: 0 }),
    fold: {
      Placed: (_, placed) => ({ status: 'placed', ...placed }),
      Paid: (state) => ({ ...state, status: 'paid' }),
      Declined: (state) => ({ ...state, status: 'declined' }),
      Shipped: (state) => ({ ...state, status: 'shipped' }),
      Refunding: (state) => ({ ...state, status: 'refunding' }),
      Refunded: (state) => ({ ...state, status: 'refunded' }),
    },
  });
  const Stock = defineStream('stock', {
    events: { Added: v.object({ count: v.number() }), Taken: v.object({}) },
    state: () => ({ count: 0 }),
    fold: { Added: (s, { count }) => ({ count: s.count + count }), Taken: (s) => ({ count: s.count - 1 }) },
  });
  const Add = defineCommand('Add', {
    streams: { stock: Stock },
    input: { count: v.number() },
    handle: ({ input, emit }) => emit('stock', 'Added', { count: input.count }),
  });
  const Place = defineCommand('Place', {
    streams: { order: Order },
    input: { account: v.string(), item: v.string(), price: v.number() },
    handle: ({ input, emit }) => emit('order', 'Placed', input),
  });
  const Pay = defineCommand('Pay', {
    streams: { order: Order, account: Account },
    handle: ({ state, emit }) => {
      if (state.account.balance < state.order.price) return emit('order', 'Declined', {});
      emit('account', 'Withdrawn', { amount: state.order.price });
      emit('order', 'Paid', { item: state.order.item });
    },
  });
  const Ship = defineCommand('Ship', {
    streams: { order: Order, stock: Stock },
    handle: ({ state, emit }) => {
      // What can't be done is an event, and others react to it.
      if (state.stock.count === 0) return emit('order', 'Refunding', {});
      emit('stock', 'Taken', {});
      emit('order', 'Shipped', {});
    },
  });
  const GiveBack = defineCommand('GiveBack', {
    streams: { order: Order, account: Account },
    handle: ({ state, emit }) => {
      emit('account', 'Deposited', { amount: state.order.price });
      emit('order', 'Refunded', {});
    },
  });

  it('ends in one of its ends, with the money where it belongs', async () => {
    const { store, ...world } = makeWorld();
    const Fulfilment = defineReaction('fulfilment').on(Order, {
      Placed: ({ stream, data }) => new Pay({ order: keyOf(stream), account: data.account }),
      Paid: ({ stream, data }) => new Ship({ order: keyOf(stream), stock: data.item }),
      Refunding: async ({ stream }) => {
        const { account } = await load(store, Order.at(keyOf(stream)));
        return new GiveBack({ order: keyOf(stream), account });
      },
    });
    const runner = runConsumers(store, [Fulfilment], { runtime: world.runtime, after: 'beginning' });
    await execute(new Deposit({ account: 'alice', amount: 120 }), store);
    await execute(new Add({ stock: 'book', count: 1 }), store);
    for (const [order, item] of [
      ['1', 'book'],
      ['2', 'book'],
      ['3', 'lamp'],
      ['4', 'book'],
    ] as const) {
      await execute(new Place({ order, account: order === '4' ? 'bob' : 'alice', item, price: 40 }), store);
    }
    await world.pass(100);
    const ends = await Promise.all(
      ['1', '2', '3', '4'].map(async (order) => (await load(store, Order.at(order))).status),
    );
    expect(ends).toEqual(['shipped', 'refunded', 'refunded', 'declined']);
    expect(await load(store, Account.at('alice'))).toEqual({ balance: 80 });
    expect((await verdicts({ store }, Fulfilment)).every(({ verdict }) => verdict === 'executed')).toBe(true);
    void runner.stop();
  });
});
