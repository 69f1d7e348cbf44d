/** What an operator does about dead letters: has them handled again, each once, or throws them away. */
import { describe, expect, it } from '@jest/globals';
import { execute, load, StoreUnavailable, type EventStore } from '@eventcore/core';
import {
  deadLettersOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  discardDeadLetters,
  retryDeadLetters,
  runConsumers,
  statusOf,
  verdictsOf,
  type DeadLetter,
} from '@eventcore/core/consumers';
import type { MemoryContext } from '@eventcore/memory';
import { Account, Deposit, makeWorld, Process, without, type World } from './processes.fixture.js';

const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' } as const;

/** Code with a bug, until it is mended: amounts that it can't bear. */
const bug = { amounts: [] as number[] };
function bear(amount: number): void {
  if (bug.amounts.includes(amount)) throw new RangeError(`can't bear ${amount}`);
}

const Sums = defineReadModel('sums', { row: () => ({ sum: 0 }) }).from(Account, {
  Deposited: ({ sum }, { data }) => {
    bear(data.amount);
    return { sum: sum + data.amount };
  },
});

const Adding = defineProjection<MemoryContext>('adding').on(Account, {
  Deposited: async ({ data }, { tx }) => {
    const sum = ((await tx.get('adding', 'all')) ?? 0) as number;
    tx.set('adding', 'all', sum + data.amount);
    bear(data.amount);
  },
});

const Doubling = defineReaction('doubling').on(Account, {
  Deposited: ({ stream, data }) => {
    if (stream !== 'account-a') return undefined;
    bear(data.amount);
    return new Deposit({ account: 'b', amount: data.amount });
  },
});

async function letters(world: World, consumer: object): Promise<readonly DeadLetter[]> {
  const found: DeadLetter[] = [];
  for await (const letter of deadLettersOf(world.store, consumer)) found.push(letter);
  return found;
}

/** A world in which a consumer has given up the deposits of 2 and 4, and has handled 1, 8 and 16. */
async function givenUp(consumer: object): Promise<World> {
  const world = makeWorld();
  bug.amounts = [2, 4];
  for (const amount of [1, 2, 4, 8, 16]) {
    await execute(new Deposit({ account: 'a', amount }), world.store, { runtime: world.runtime });
  }
  const runner = runConsumers(world.store, [consumer] as readonly object[], {
    runtime: world.runtime,
    onFailure,
    after: 'beginning',
  });
  await world.pass(100);
  void runner.stop();
  await world.pass(100);
  expect(await letters(world, consumer)).toHaveLength(2);
  bug.amounts = [];
  return world;
}

const sumOf = async (world: World) => (await world.store.capabilities.rows.load('sums', ['a'])).get('a');
const addedIn = async (world: World) => (await world.store.capabilities.rows.load('adding', ['all'])).get('all');

describe('dead letters that are handed over again', () => {
  it('take effect, and are dead letters no more', async () => {
    const world = await givenUp(Sums);
    const { runtime, store } = world;
    expect(await sumOf(world)).toEqual({ sum: 25 });
    expect(await retryDeadLetters(store, Sums, { runtime })).toEqual({ handled: 2, failed: 0 });
    expect(await sumOf(world)).toEqual({ sum: 31 });
    expect(await letters(world, Sums)).toEqual([]);
    expect(await retryDeadLetters(store, Sums, { runtime })).toEqual({ handled: 0, failed: 0 });
    expect(await store.capabilities.checkpoints.load('sums')).toBe('0000000000000005.0000');
  });

  it('stay when they fail again, with the new error, and hold up no others', async () => {
    const world = await givenUp(Sums);
    bug.amounts = [2];
    const told: unknown[] = [];
    const result = await retryDeadLetters(world.store, Sums, {
      runtime: world.runtime,
      hooks: { failed: ({ event, attempt, next }) => void told.push([event.version, attempt, next]) },
    });
    expect(result).toEqual({ handled: 1, failed: 1 });
    expect(told).toEqual([[2, 2, 'deadLetter']]);
    expect(await sumOf(world)).toEqual({ sum: 29 });
    expect(await letters(world, Sums)).toMatchObject([
      { version: 2, attempts: 2, error: { name: 'RangeError', message: "can't bear 2" } },
    ]);
  });

  it('are counted in the status, with the time since when there are any, though there is no lag', async () => {
    const world = await givenUp(Sums);
    const status = async () => (await statusOf(world.store, [Sums], { runtime: world.runtime }))[0];
    const [{ failedAt: since }] = (await letters(world, Sums)) as [DeadLetter];
    expect(await status()).toMatchObject({ lag: { events: 0, seconds: 0 }, deadLetters: { count: 2, since } });
    await world.pass(5_000);
    bug.amounts = [2];
    await retryDeadLetters(world.store, Sums, { runtime: world.runtime });
    // It has failed again, and has been there since the first time.
    expect(await status()).toMatchObject({ deadLetters: { count: 1, since } });
    await discardDeadLetters(world.store, Sums, { runtime: world.runtime });
    expect((await status())!.deadLetters).toEqual({ count: 0 });
    const bare = without(world.store, 'rows');
    expect((await statusOf(bare, [Sums]))[0]!.deadLetters).toEqual({ count: 0 });
  });

  it('may be some of them', async () => {
    const world = await givenUp(Sums);
    const only = ({ version }: DeadLetter) => version === 3;
    await retryDeadLetters(world.store, Sums, { runtime: world.runtime, only });
    expect(await sumOf(world)).toEqual({ sum: 29 });
    expect((await letters(world, Sums)).map(({ version }) => version)).toEqual([2]);
  });

  it('lead to commands, each executed once, whose verdicts are recorded; or to none', async () => {
    const world = await givenUp(Doubling);
    const { runtime, store } = world;
    expect(await retryDeadLetters(store, Doubling, { runtime })).toEqual({ handled: 2, failed: 0 });
    expect(await load(store, Account.at('b'))).toEqual({ balance: 31 });
    let verdicts = 0;
    for await (const { verdict } of verdictsOf(store, Doubling)) verdicts += Number(verdict === 'executed');
    expect(verdicts).toBe(5);
    expect(await letters(world, Doubling)).toEqual([]);

    const other = await givenUp(Doubling);
    const Silent = defineReaction('doubling').on(Account, { Deposited: () => undefined });
    expect(await retryDeadLetters(other.store, Silent, { runtime })).toEqual({ handled: 2, failed: 0 });
    expect(await letters(other, Silent)).toEqual([]);
  });

  it.each<[string, object, (world: World) => Promise<unknown>, unknown]>([
    ['a read model', Sums, sumOf, { sum: 31 }],
    ['a projection', Adding, addedIn, 31],
    ['a reaction', Doubling, async ({ store }) => load(store, Account.at('b')), { balance: 31 }],
  ])('take effect once, whenever the process dies that does it: %s', async (_, consumer, effect, expected) => {
    const dieAt = async (at: number): Promise<readonly string[]> => {
      const world = await givenUp(consumer);
      const { runtime } = world;
      const process = new Process(world.store as EventStore, (__, index) => (index === at ? 'die' : undefined));
      void retryDeadLetters(process.store, consumer as never, { runtime });
      await world.pass(100);
      await retryDeadLetters(world.store, consumer as never, { runtime });
      expect([process.moments[at], await effect(world)]).toEqual([process.moments[at], expected]);
      expect(await letters(world, consumer)).toEqual([]);
      return process.moments;
    };
    const moments = await dieAt(-1);
    expect(moments.some((moment) => /^after (rows.step|transactions.run)$/.test(moment))).toBe(true);
    for (const at of moments.keys()) await dieAt(at);
  });

  it('take effect once when the answer to a step is lost', async () => {
    const world = await givenUp(Adding);
    const { transactions } = world.store.capabilities;
    const deaf = {
      ...world.store,
      capabilities: {
        ...world.store.capabilities,
        transactions: {
          run: async (work: never) => {
            await transactions.run(work);
            throw new StoreUnavailable('no answer');
          },
        },
      },
    } as typeof world.store;
    const { runtime } = world;
    await expect(retryDeadLetters(deaf, Adding, { runtime })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await retryDeadLetters(world.store, Adding, { runtime })).toEqual({ handled: 1, failed: 0 });
    expect(await addedIn(world)).toBe(31);
  });

  it('have whoever runs the consumer step back, and go on afterwards', async () => {
    const world = await givenUp(Sums);
    const { runtime, store } = world;
    const told: string[] = [];
    const runner = runConsumers(store, [Sums], {
      runtime,
      hooks: { started: () => void told.push('started'), leaseLost: () => void told.push('lost') },
    });
    await world.pass(10);
    await retryDeadLetters(store, Sums, { runtime });
    await execute(new Deposit({ account: 'a', amount: 32 }), store, { runtime });
    await world.pass(5_000);
    expect(await sumOf(world)).toEqual({ sum: 63 });
    expect(told).toEqual(['started', 'lost', 'started']);
    void runner.stop();
  });

  it('change nothing when the process was paused past its lease', async () => {
    const world = await givenUp(Sums);
    const { runtime } = world;
    const process = new Process(world.store, (moment) => (moment === 'before rows.step' ? 'pause' : undefined));
    let thrown: unknown;
    void retryDeadLetters(process.store, Sums, { runtime }).catch((error: unknown) => (thrown = error));
    await world.pass(100);
    await retryDeadLetters(world.store, Sums, { runtime });
    process.resume();
    await world.pass(100);
    expect(thrown).toMatchObject({ code: 'LEASE_LOST' });
    expect(await sumOf(world)).toEqual({ sum: 31 });
  });

  it('are refused where the store no longer has the event', async () => {
    const world = await givenUp(Sums);
    const page = { stream: 'account-a', version: 0, events: [] };
    const store = { ...world.store, read: async () => ({ pages: [page], recorded: [] }) as never };
    await expect(retryDeadLetters(store, Sums, { runtime: world.runtime })).rejects.toMatchObject({
      code: 'STORE_CONTRACT_BROKEN',
      message: expect.stringContaining('and the store has no such event. Was one of them restored'),
    });
    expect(await letters(world, Sums)).toHaveLength(2);
  });

  it('are there for stores that keep rows, and have leases', async () => {
    const { store } = makeWorld();
    const bare = without(store, 'rows', 'transactions');
    const Free = defineProjection('free').on(Account, { Deposited: () => {} });
    await expect(retryDeadLetters(bare, Free)).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
    expect(await store.capabilities.leases.acquire('free', 'another', 1)).toEqual({ fence: 1 });
    // A worker that has read its rows before would write over what is done here, and no fence would end its step.
    for (const settle of [retryDeadLetters, discardDeadLetters]) {
      await expect(settle(without(store, 'leases'), Free)).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
    }
  });
});

describe('dead letters that are thrown away', () => {
  it('are gone, and nothing is handled', async () => {
    const world = await givenUp(Sums);
    const { runtime, store } = world;
    expect(await discardDeadLetters(store, Sums, { runtime, only: ({ version }) => version === 2 })).toBe(1);
    expect((await letters(world, Sums)).map(({ version }) => version)).toEqual([3]);
    expect(await discardDeadLetters(store, Sums, { runtime })).toBe(1);
    expect(await letters(world, Sums)).toEqual([]);
    expect(await sumOf(world)).toEqual({ sum: 25 });
    expect(await store.capabilities.leases.acquire('sums', 'another', 1)).toBeDefined();
  });
});

it('letters that somebody else settles just before the lease is taken are left to him', async () => {
  const world = await givenUp(Sums);
  const { leases } = world.store.capabilities;
  const late = {
    ...world.store,
    capabilities: {
      ...world.store.capabilities,
      leases: {
        ...leases,
        takeOver: async (...given: Parameters<typeof leases.takeOver>) => {
          expect(await retryDeadLetters(world.store, Sums, { runtime: world.runtime })).toEqual({
            handled: 2,
            failed: 0,
          });
          return leases.takeOver(...given);
        },
      },
    },
  };
  expect(await retryDeadLetters(late, Sums, { runtime: world.runtime })).toEqual({ handled: 0, failed: 0 });
  expect(await sumOf(world)).toEqual({ sum: 31 });
});
