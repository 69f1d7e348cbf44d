/** Events that fail: stop, retry, dead letter; and stores that can't be reached. Never silent. */
import { describe, expect, it, jest } from '@jest/globals';
import { defineCommand, execute, keyOf, many, reject, StoreUnavailable } from '@eventcore/core';
import {
  deadLettersOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  project,
  runConsumers,
  type ConsumerHooks,
  type DeadLetter,
  type FailurePolicy,
} from '@eventcore/core/consumers';
import { aroundStore } from '../chaos/around-store.js';
import { Account, Balances, Deposit, makeWorld, without, type World } from './processes.fixture.js';

const deadLetter: FailurePolicy = { retry: { attempts: 3, delay: (failed) => failed * 1000 }, then: 'deadLetter' };
const stopAtOnce: FailurePolicy = { retry: { attempts: 1, delay: () => 0 }, then: 'stop' };

/** A projection that fails on these amounts, as long as they are in the list. */
function failingOn(poison: readonly number[], handled: number[], name = 'picky') {
  return defineProjection(name).on(Account, {
    Deposited: ({ data }) => {
      if (poison.includes(data.amount)) throw new TypeError(`can't bear ${data.amount}`);
      handled.push(data.amount);
    },
  });
}

async function deposits({ store, runtime }: World, ...amounts: readonly number[]) {
  for (const amount of amounts) await execute(new Deposit({ account: 'a', amount }), store, { runtime });
}

async function letters(world: World, consumer: object): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for await (const letter of deadLettersOf(world.store, consumer)) found.push(letter);
  return found;
}

/** What hooks tell, in short. */
function listening(): { readonly told: string[]; readonly hooks: ConsumerHooks } {
  const told: string[] = [];
  return {
    told,
    hooks: {
      failed: ({ attempt, next, delay }) => void told.push([attempt, next, delay].join(' ').trim()),
      interrupted: () => void told.push('interrupted'),
      stopped: ({ error }) => void told.push(`stopped${error === undefined ? '' : ': ' + (error as Error).message}`),
    },
  };
}

describe('what handlers did outside of any transaction', () => {
  /** What was handled, in a store without transactions. */
  function outside(handle: (amount: number) => unknown) {
    const handled: number[] = [];
    const Outside = defineProjection('outside').on(Account, {
      Deposited: async ({ data }) => {
        await handle(data.amount);
        handled.push(data.amount);
      },
    });
    return { handled, Outside };
  }

  it('is not done again while a later event waits for a store that cannot be reached', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3);
    let outage = true;
    const { handled, Outside } = outside((amount) => {
      if (amount === 3 && outage) throw new StoreUnavailable('for a while');
    });
    const store = without(world.store, 'transactions');
    const runner = runConsumers(store, [Outside], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(60_000);
    expect(handled).toEqual([1, 2]);
    outage = false;
    await world.pass(10_000);
    expect(handled).toEqual([1, 2, 3]);
    void runner.stop();
  });

  it('is not done again while another event of its command fails', async () => {
    const world = makeWorld();
    await deposits(world, 9);
    const Several = defineCommand('Several', {
      streams: { accounts: many(Account) },
      handle: ({ state, emit }) => {
        [...state.accounts.keys()].forEach((id, index) => emit(id, 'Deposited', { amount: index + 1 }));
      },
    });
    await execute(new Several({ accounts: ['a', 'b'] }), world.store, { runtime: world.runtime });
    const { handled, Outside } = outside((amount) => {
      if (amount === 2) throw new TypeError('not two');
    });
    const store = without(world.store, 'transactions');
    const runner = runConsumers(store, [Outside], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(20_000);
    expect(handled).toEqual([9, 1]);
    void runner.stop();
  });
});

describe('what handlers did and cannot be committed', () => {
  /** A store whose transactions fail at their end while one of these was handled in them, and a projection that says what was. */
  function arrange(world: World, poison: readonly number[]) {
    const within: number[] = [];
    const done: number[] = [];
    const store = aroundStore(world.store, {});
    const committing = {
      ...store,
      capabilities: {
        ...world.store.capabilities,
        transactions: {
          run: async (work: Parameters<typeof world.store.capabilities.transactions.run>[0]) => {
            within.length = 0;
            await world.store.capabilities.transactions.run(async (context) => {
              const step = await work(context);
              const culprit = within.find((amount) => poison.includes(amount));
              if (culprit !== undefined) throw new RangeError(`the constraint is broken by ${culprit}`);
              return step;
            });
            done.push(...within);
          },
        },
      },
    };
    const Deferred = defineProjection('deferred').on(Account, {
      Deposited: ({ data }) => void within.push(data.amount),
    });
    return { store: committing, Deferred, done };
  }

  it('is narrowed down to its command, which then fails as its policy says, and the others take effect', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const { store, Deferred, done } = arrange(world, [4, 7]);
    const { told, hooks } = listening();
    const runner = runConsumers(store, [Deferred], { runtime: world.runtime, onFailure: deadLetter, hooks });
    await world.pass(20_000);
    expect(done).toEqual([1, 2, 3, 5, 6, 8, 9]);
    expect(told).toEqual([
      '1 retry 1000',
      '2 retry 2000',
      '3 deadLetter',
      '1 retry 1000',
      '2 retry 2000',
      '3 deadLetter',
    ]);
    expect(await letters(world, Deferred)).toMatchObject([
      { position: '0000000000000004.0000', error: { name: 'RangeError', message: 'the constraint is broken by 4' } },
      { position: '0000000000000007.0000' },
    ]);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    void runner.stop();
  });

  it('is blamed on no event behind it, though that one fails first', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3, 4);
    let broken = false;
    const { store, Deferred, done } = arrange(world, [2]);
    const { run } = store.capabilities.transactions;
    store.capabilities.transactions.run = async (work) => {
      broken = false;
      return run(work);
    };
    // As of a statement that failed, and of which nobody was told: the next one is refused.
    const Breaking = defineProjection('breaking').on(Account, {
      Deposited: async (event, context) => {
        if (broken) throw new Error('the transaction is aborted');
        broken = event.data.amount === 2;
        await project(Deferred, [event], context);
      },
    });
    const once: FailurePolicy = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' };
    const runner = runConsumers(store, [Breaking], { runtime: world.runtime, onFailure: once });
    await world.pass(5_000);
    expect((await letters(world, Breaking)).map(({ position }) => position)).toEqual(['0000000000000002.0000']);
    expect(done).toEqual([1, 3, 4]);
    void runner.stop();
  });

  it('ends its consumer before that command where the policy says so', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3);
    const { store, Deferred, done } = arrange(world, [3]);
    const runner = runConsumers(store, [Deferred], { runtime: world.runtime, onFailure: stopAtOnce });
    await world.pass(5_000);
    expect(done).toEqual([1, 2]);
    expect((await runner.status())[0]).toMatchObject({ state: 'failed', position: '0000000000000002.0000' });
    void runner.stop();
  });

  it('gives up one event of a command after the other, the last one first, until the rest can be committed', async () => {
    const world = makeWorld();
    const Several = defineCommand('Several', {
      streams: { accounts: many(Account) },
      handle: ({ state, emit }) => {
        [...state.accounts.keys()].forEach((id, index) => emit(id, 'Deposited', { amount: index + 1 }));
      },
    });
    await execute(new Several({ accounts: ['a', 'b', 'c'] }), world.store, { runtime: world.runtime });
    const { store, Deferred, done } = arrange(world, [2]);
    const runner = runConsumers(store, [Deferred], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(20_000);
    expect(done).toEqual([1]);
    expect((await letters(world, Deferred)).map(({ position }) => position)).toEqual([
      '0000000000000001.0001',
      '0000000000000001.0002',
    ]);
    void runner.stop();
  });
});

describe('an event that fails', () => {
  it('ends its consumer when the policy says so, before it, with all that comes before it done', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    const handled: number[] = [];
    const poison = [3];
    await deposits(world, 1, 2, 3, 4);
    const runner = runConsumers(world.store, [failingOn(poison, handled), Balances], {
      runtime: world.runtime,
      onFailure: stopAtOnce,
      hooks,
    });
    await world.pass(5_000);

    const [picky, balances] = await runner.status();
    expect(picky).toMatchObject({
      state: 'failed',
      position: '0000000000000002.0000',
      lag: { events: 2, seconds: 5 },
      failure: { code: 'CONSUMER_FAILED', context: { consumer: 'picky', event: 'Deposited', attempts: 1 } },
    });
    expect(picky!.failure!.cause).toBeInstanceOf(TypeError);
    const message =
      'The projection "picky" failed once on Deposited of "account-a", and stopped before it: can\'t bear 3';
    expect(told).toEqual(['1 stop', `stopped: ${message}`]);
    expect(balances).toMatchObject({ state: 'running', lag: { events: 0 } });
    await expect(runner.caughtUp('0000000000000004.0000' as never, { consumer: 'picky' })).rejects.toThrow(message);
    expect(await letters(world, failingOn([], []))).toEqual([]);
    // Memory handles 1 and 2 twice: its transaction was rolled back, and what the handler remembers was not.
    expect(handled.slice(-2)).toEqual([1, 2]);

    poison.pop();
    runner.resume('picky');
    await world.pass(2_000);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    expect(handled.slice(-2)).toEqual([3, 4]);
    void runner.stop();
  });

  it('is warned of with the stack of what was thrown, since that is where to look', async () => {
    const world = makeWorld();
    await deposits(world, 3);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const runner = runConsumers(world.store, [failingOn([3], [])], { runtime: world.runtime, onFailure: stopAtOnce });
    await world.pass(10);
    const [text, options] = warned.mock.calls[0]! as unknown as [
      string,
      { readonly code: string; readonly detail: string },
    ];
    warned.mockRestore();
    expect([text, options.code]).toEqual([
      'The projection "picky" has stopped: ConsumerFailed: The projection "picky" failed once on Deposited of "account-a", and stopped before it: can\'t bear 3',
      'EVENTCORE_CONSUMER_FAILED',
    ]);
    expect(options.detail).toMatch(/Caused by TypeError: can't bear 3\n\s+at .*failures\.test/);
    void runner.stop();
  });

  it('gives its lease back when it has ended, since another process may have newer code', async () => {
    const world = makeWorld();
    const handled: number[] = [];
    await deposits(world, 3, 4);
    const old = runConsumers(world.store, [failingOn([3], [])], { runtime: world.runtime, onFailure: stopAtOnce });
    await world.pass(1);
    const newer = runConsumers(world.store, [failingOn([], handled)], { runtime: world.runtime });
    await world.pass(1_000);
    expect(handled).toEqual([3, 4]);
    void old.stop();
    void newer.stop();
  });

  it('is tried again after the delays of the policy, and then becomes a dead letter, and the rest goes on', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    const handled: number[] = [];
    await deposits(world, 1, 2, 3, 4);
    const Picky = failingOn([2, 3], handled);
    const runner = runConsumers(world.store, [Picky], { runtime: world.runtime, onFailure: deadLetter, hooks });
    await world.pass(20_000);
    expect(told).toEqual([
      ...['1 retry 1000', '2 retry 2000', '3 deadLetter'],
      ...['1 retry 1000', '2 retry 2000', '3 deadLetter'],
    ]);
    expect(handled.at(-1)).toBe(4);
    const { events } = await world.store.readAll({ after: '' as never, limit: 10 });
    expect(await letters(world, Picky)).toEqual(
      [events[1]!, events[2]!].map(({ id, position }, index) => ({
        event: id,
        position,
        stream: 'account-a',
        version: index + 2,
        type: 'Deposited',
        attempts: 3,
        error: { name: 'TypeError', message: `can't bear ${index + 2}` },
        failedAt: `2026-01-01T00:00:0${index === 0 ? 3 : 6}.000Z`,
      })),
    );
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    void runner.stop();
  });

  it('has no other event handed over again meanwhile, where handlers act outside of a transaction', async () => {
    const world = makeWorld();
    const handled: number[] = [];
    await deposits(world, 1, 2, 3, 4);
    const Picky = failingOn([3], handled);
    const store = without(world.store, 'transactions');
    const runner = runConsumers(store, [Picky], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(20_000);
    expect(handled).toEqual([1, 2, 4]);
    expect(await letters(world, Picky)).toHaveLength(1);
    void runner.stop();
  });

  it('has a reaction asked no second time about what it has answered', async () => {
    const world = makeWorld();
    const asked: number[] = [];
    await deposits(world, 1, 2, 3);
    const Answering = defineReaction('answering').on(Account, {
      Deposited: ({ data, stream }) => {
        if (stream !== 'account-a') return undefined;
        asked.push(data.amount);
        if (data.amount === 2) throw new Error('two');
        return new Deposit({ account: 'b', amount: data.amount });
      },
    });
    const runner = runConsumers(world.store, [Answering], {
      runtime: world.runtime,
      onFailure: deadLetter,
      after: 'beginning',
    });
    await world.pass(20_000);
    expect(asked).toEqual([1, 2, 2, 2, 3]);
    void runner.stop();
  });

  it('succeeds when it is tried again, and leaves no letter', async () => {
    const world = makeWorld();
    const handled: number[] = [];
    const poison = [2];
    await deposits(world, 1, 2, 3);
    const Picky = failingOn(poison, handled);
    const runner = runConsumers(world.store, [Picky], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(900);
    expect((await runner.status())[0]).toMatchObject({ state: 'retrying', lag: { events: 2 } });
    poison.pop();
    await world.pass(1_000);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    expect(handled.slice(-2)).toEqual([2, 3]);
    expect(await letters(world, Picky)).toEqual([]);
    void runner.stop();
  });

  it('takes no other event of its command with it', async () => {
    const Pair = defineCommand('Pair', {
      streams: { one: Account, other: Account },
      handle: ({ emit }) => {
        emit('one', 'Deposited', { amount: 1 });
        emit('other', 'Deposited', { amount: 2 });
        emit('one', 'Deposited', { amount: 4 });
      },
    });
    const Sums = defineReadModel('sums', { row: () => ({ sum: 0 }) }).from(
      Account,
      {
        Deposited: (row, { data }) => {
          if (data.amount === 2) throw new Error('two is too much');
          return { sum: row.sum + data.amount };
        },
      },
      { key: () => 'all' },
    );
    const world = makeWorld();
    await deposits(world, 8);
    await execute(new Pair({ one: 'b', other: 'c' }), world.store);
    await deposits(world, 16);
    const runner = runConsumers(world.store, [Sums], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(10);
    const rows = await world.store.capabilities.rows.load('sums', ['all']);
    expect(rows.get('all')).toEqual({ sum: 8 + 1 + 4 + 16 });
    // A fold is pure, so it isn't tried again.
    expect(await letters(world, Sums)).toMatchObject([{ attempts: 1, error: { message: 'two is too much' } }]);
    void runner.stop();
  });

  it.each([
    ['a fold that gives no row', () => undefined as never, 'gave nothing back'],
    ['a row that is no JSON', () => ({ at: new Date() }) as never, 'is a Date'],
  ])('is told of by name: %s', async (_, fold, message) => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3);
    const Bad = defineReadModel('bad', { row: () => ({ sum: 0 }) }).from(Account, {
      Deposited: (row, { data }) => (data.amount === 2 ? fold() : { sum: row.sum + data.amount }),
    });
    const runner = runConsumers(world.store, [Bad], { runtime: world.runtime, onFailure: stopAtOnce });
    await world.pass(10);
    const [status] = await runner.status();
    expect(status!.failure).toMatchObject({ context: { position: '0000000000000002.0000' } });
    expect(status!.failure!.message).toContain(message);
    expect((await world.store.capabilities.rows.load('bad', ['a'])).get('a')).toEqual({ sum: 1 });
    void runner.stop();
  });

  it.each([
    ['an event before', () => ['x', 'y', 'z'].map((account) => [account])],
    ['an event of the same command', () => [['x', 'y', 'z']]],
  ])('takes no innocent one with it that finds the row spoilt by %s', async (_, commands) => {
    const world = makeWorld();
    const DepositAll = defineCommand('DepositAll', {
      streams: { accounts: many(Account) },
      handle: ({ state, emit }) => {
        for (const account of state.accounts.keys()) emit(Account.at(keyOf(account)), 'Deposited', { amount: 1 });
      },
    });
    for (const accounts of commands()) await execute(new DepositAll({ accounts }), world.store);
    // One row for all: y's deposit makes it something that is no JSON, and z's passes that on.
    const Spoiling = defineReadModel('spoiling', { row: () => ({ seen: '', at: 0 as unknown as string }) }).from(
      Account,
      {
        Deposited: (row, { stream }) => ({
          ...row,
          seen: row.seen + keyOf(stream),
          ...(keyOf(stream) === 'y' && { at: new Date(0) as never }),
        }),
      },
      { key: () => 'all' },
    );
    const runner = runConsumers(world.store, [Spoiling], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(10);
    expect((await letters(world, Spoiling)).map(({ stream }) => stream)).toEqual(['account-y']);
    expect((await world.store.capabilities.rows.load('spoiling', ['all'])).get('all')).toEqual({ seen: 'xz', at: 0 });
    void runner.stop();
  });

  it.each<[string, unknown, { readonly name: string; readonly message: string }]>([
    ['an object', { status: 503 }, { name: 'object', message: '{ status: 503 }' }],
    ['an object without a class', Object.create(null), { name: 'object', message: '[Object: null prototype] {}' }],
    ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
    ['a symbol', Symbol('no'), { name: 'symbol', message: 'Symbol(no)' }],
    ['a message that is no text', Object.assign(new Error('x'), { message: 42 }), { name: 'Error', message: '42' }],
    ['what no store keeps', new Error('a\u0000b\ud800'), { name: 'Error', message: 'a\ufffdb\ufffd' }],
    [
      'what cannot be read',
      Object.defineProperty(new Error('x'), 'message', { get: () => reject('never') }),
      { name: 'object', message: "something that can't be shown" },
    ],
    [
      'a message as long as a book',
      new Error('x'.repeat(20_000)),
      { name: 'Error', message: `${'x'.repeat(10_000)}… (20000 characters)` },
    ],
  ])('is given up also when its handler throws %s', async (_, thrown, error) => {
    const world = makeWorld();
    await deposits(world, 1, 2);
    const Throwing = defineProjection('throwing').on(Account, {
      Deposited: ({ data }) => {
        if (data.amount === 1) throw thrown;
      },
    });
    const stopping = runConsumers(world.store, [Throwing], { runtime: world.runtime, onFailure: stopAtOnce });
    await world.pass(10);
    const [status] = await stopping.status();
    expect(status!.failure!.message).toBe(
      `The projection "throwing" failed once on Deposited of "account-a", and stopped before it: ${error.message}`,
    );
    void stopping.stop();
    const runner = runConsumers(world.store, [Throwing], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(10_000);
    expect(await letters(world, Throwing)).toMatchObject([{ error }]);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    void runner.stop();
  });

  it('is told of by name also where its key fails', async () => {
    const world = makeWorld();
    await deposits(world, 1, 2, 3);
    const Bad = defineReadModel('bad', { row: () => ({ sum: 0 }) }).from(
      Account,
      { Deposited: (row, { data }) => ({ sum: row.sum + data.amount }) },
      {
        key: ({ type, data }) => {
          if (type === 'Deposited' && data.amount === 2) throw new Error('no key');
          return 'all';
        },
      },
    );
    const runner = runConsumers(world.store, [Bad], { runtime: world.runtime, onFailure: deadLetter });
    await world.pass(10);
    expect(await letters(world, Bad)).toMatchObject([
      { position: '0000000000000002.0000', error: { message: 'no key' } },
    ]);
    expect((await world.store.capabilities.rows.load('bad', ['all'])).get('all')).toEqual({ sum: 4 });
    void runner.stop();
  });

  it('is one whose reaction gives a command that breaks: a rule that says no does not count', async () => {
    const world = makeWorld();
    const Broken = defineCommand('Broken', {
      streams: { account: Account },
      handle: () => {
        throw new TypeError('a bug');
      },
    });
    const Reacting = defineReaction('reacting').on(Account, { Deposited: () => new Broken({ account: 'x' }) });
    await deposits(world, 1);
    const runner = runConsumers(world.store, [Reacting], {
      runtime: world.runtime,
      onFailure: deadLetter,
      after: 'beginning',
    });
    await world.pass(5_000);
    expect(await letters(world, Reacting)).toMatchObject([{ attempts: 3, error: { message: 'a bug' } }]);
    void runner.stop();
  });
});

describe('a store that cannot be reached', () => {
  it('is waited for, and no event is given up because of it', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    let out = true;
    const check = () => {
      if (out) throw new StoreUnavailable('gone');
    };
    const { rows } = world.store.capabilities;
    const flaky = {
      ...aroundStore(world.store, { readAll: async (...given) => (check(), world.store.readAll(...given)) }),
      capabilities: {
        ...world.store.capabilities,
        rows: { ...rows, step: async (step: never) => (check(), rows.step(step)) },
      },
    };
    await deposits(world, 1, 2);
    const runner = runConsumers(flaky, [Balances], { runtime: world.runtime, onFailure: stopAtOnce, hooks });
    await world.pass(60_000);
    await expect(runner.status()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(new Set(told)).toEqual(new Set(['interrupted']));
    out = false;
    await world.pass(6_000);
    expect(await world.balances()).toEqual({ a: 3 });
    expect(await letters(world, Balances)).toEqual([]);
    void runner.stop();
  });

  it('is asked again soon, however often it was out before, as long as that is a while ago', async () => {
    const world = makeWorld();
    const delays: number[] = [];
    let out = false;
    const flaky = aroundStore(world.store, {
      readAll: async (...given) => {
        if (out) throw new StoreUnavailable('gone');
        return world.store.readAll(...given);
      },
    });
    const hooks: ConsumerHooks = { interrupted: ({ delay }) => void delays.push(delay) };
    const runner = runConsumers(flaky, [Balances], { runtime: world.runtime, hooks });
    for (let hour = 0; hour < 5; hour++) {
      await world.pass(3_600_000);
      out = true;
      await world.until(() => delays.length > hour);
      out = false;
    }
    // Half of 50 ms: the delay of a first trouble, where chance is always a half.
    expect(delays).toEqual([25, 25, 25, 25, 25]);
    void runner.stop();
  });

  it('is told from a failing event also when a handler or a command meets it', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    let out = true;
    const Reading = defineProjection('reading').on(Account, {
      Deposited: () => {
        if (out) throw new StoreUnavailable('gone');
      },
    });
    await deposits(world, 1);
    const runner = runConsumers(world.store, [Reading], { runtime: world.runtime, onFailure: deadLetter, hooks });
    await world.pass(60_000);
    expect((await runner.status())[0]).toMatchObject({ state: 'retrying', lag: { events: 1 } });
    expect(new Set(told)).toEqual(new Set(['interrupted']));
    out = false;
    await world.pass(6_000);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    void runner.stop();
  });

  it('ends the consumer also with what no error would be, and nothing else with it', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    const broken = aroundStore(world.store, { readAll: () => Promise.reject(Object.create(null) as Error) });
    const runner = runConsumers(broken, [Balances], { runtime: world.runtime, hooks });
    await world.pass(1);
    expect(told).toEqual([
      'stopped: The read model "balances" stopped, since the store failed: [Object: null prototype] {}',
    ]);
    const stopped = runner.stop();
    await world.pass(1);
    await stopped;
  });

  it('ends the consumer, visibly, when it says something that waiting does not help', async () => {
    const world = makeWorld();
    const { told, hooks } = listening();
    const broken = aroundStore(world.store, {
      readAll: async () => {
        throw new RangeError('an undecodable record');
      },
    });
    const runner = runConsumers(broken, [Balances], { runtime: world.runtime, hooks });
    await world.pass(1);
    expect(told).toEqual(['stopped: The read model "balances" stopped, since the store failed: an undecodable record']);
    void runner.stop();
  });
});
