/** What is done about an event that fails, by what was thrown: tried again, waited out, given up, or left for somebody to look at. */
import { describe, expect, it } from '@jest/globals';
import {
  BusinessRuleViolation,
  CapabilityMissing,
  DefinitionError,
  execute,
  StoreUnavailable,
  ValidationError,
} from '@eventcore/core';
import type { FailedEvent } from '@eventcore/core/consumers';
import {
  deadLettersOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  runConsumers,
  type ConsumerHooks,
  type FailurePolicy,
} from '@eventcore/core/consumers';
import { Account, Deposit, makeWorld, without, type World } from './processes.fixture.js';

const threeTimes = { retry: { attempts: 3, delay: () => 1_000 }, then: 'stop' } as const;

/** Says of itself whether to try again may help, as errors of brokers and drivers do. */
class BrokerError extends Error {
  readonly retriable: boolean;

  constructor(retriable: boolean) {
    super('the broker says no');
    this.retriable = retriable;
  }
}

/** Throws this for an amount of 2, as long as there is something to throw. */
function throwing(thrown: { error?: unknown }, handled: number[] = []) {
  return defineProjection('throwing').on(Account, {
    Deposited: ({ data }) => {
      if (data.amount === 2 && thrown.error !== undefined) throw thrown.error;
      handled.push(data.amount);
    },
  });
}

/** Runs a consumer over deposits of 1, 2 and 3 for a minute. Gives what its hooks were told. */
async function run(world: World, consumer: object, onFailure: FailurePolicy, store = world.store as World['store']) {
  for (const amount of [1, 2, 3]) await execute(new Deposit({ account: 'a', amount }), world.store, world);
  const told: string[] = [];
  const hooks: ConsumerHooks = {
    failed: ({ attempt, next }) => void told.push(`${attempt} ${next}`),
    interrupted: () => void told.push('interrupted'),
  };
  const consumers: readonly object[] = [consumer];
  const runner = runConsumers(store, consumers, { runtime: world.runtime, after: 'beginning', onFailure, hooks });
  await world.pass(60_000);
  return { told, runner };
}

describe('an event that fails', () => {
  it.each<[string, unknown]>([
    ['a wrong value', new ValidationError('an amount', [{ path: [], message: 'must be less' }])],
    ['a violated rule', new BusinessRuleViolation('insufficient funds')],
    ['a mistake in the code', new DefinitionError('no such handler')],
    ['something that the store does not offer', new CapabilityMissing('no rows')],
    ["somebody's error that says so", new BrokerError(false)],
  ])('with %s is tried once, since it can not pass', async (_, error) => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error }), threeTimes);
    expect(told).toEqual(['1 stop']);
    expect((await runner.status())[0]).toMatchObject({ state: 'failed', failure: { cause: error } });
    void runner.stop();
  });

  it.each<[string, unknown]>([
    ['an error', new TypeError('fetch failed')],
    ['a text', 'no'],
    ['nothing', null],
  ])('with %s is tried as often as the policy says', async (_, error) => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error }), threeTimes);
    expect(told).toEqual(['1 retry', '2 retry', '3 stop']);
    void runner.stop();
  });

  it.each<[string, unknown]>([
    ["somebody's error", new BrokerError(true)],
    ['an error of this library', new StoreUnavailable('elsewhere')],
  ])('with %s that says that it is retriable is waited out, and never given up', async (_, error) => {
    const world = makeWorld();
    const thrown = { error };
    const handled: number[] = [];
    const { told, runner } = await run(world, throwing(thrown, handled), { ...threeTimes, then: 'deadLetter' });
    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told)).toEqual(new Set(['interrupted']));
    expect((await runner.status())[0]).toMatchObject({ state: 'retrying', deadLetters: { count: 0 } });
    delete (thrown as { error?: unknown }).error;
    await world.pass(10_000);
    expect((await runner.status())[0]).toMatchObject({ state: 'running', lag: { events: 0 } });
    expect(handled.slice(-2)).toEqual([2, 3]);
    void runner.stop();
  });

  it('is tried as often as the policy says after it was waited for, however long that took', async () => {
    const world = makeWorld();
    const thrown: { error: unknown } = { error: new BrokerError(true) };
    const { told, runner } = await run(world, throwing(thrown), threeTimes);
    thrown.error = new TypeError('no');
    await world.pass(60_000);
    expect(told.filter((what) => what !== 'interrupted')).toEqual(['1 retry', '2 retry', '3 stop']);
    void runner.stop();
  });

  it('in a fold is tried once, whatever its error says of itself', async () => {
    const world = makeWorld();
    const Folding = defineReadModel('folding', { row: () => ({ sum: 0 }) }).from(Account, {
      Deposited: () => {
        throw new BrokerError(true);
      },
    });
    const { told, runner } = await run(world, Folding, threeTimes);
    expect(told).toEqual(['1 stop']);
    void runner.stop();
  });

  it('in a reaction is judged in the same way', async () => {
    const world = makeWorld();
    const Wrong = defineReaction('wrong').on(Account, {
      Deposited: ({ data }) => (data.amount === 2 ? new Deposit({ account: 'b', amount: NaN }) : undefined),
    });
    const { told, runner } = await run(world, Wrong, { ...threeTimes, then: 'deadLetter' });
    expect(told).toEqual(['1 deadLetter']);
    void runner.stop();
  });
});

describe('a policy that decides', () => {
  it('is asked with the event, the error, and how often it was tried', async () => {
    const world = makeWorld();
    const error = new TypeError('no');
    const asked: FailedEvent[] = [];
    const decide = (failed: FailedEvent) => void asked.push(failed);
    const { told, runner } = await run(world, throwing({ error }), { ...threeTimes, decide });
    expect(told).toEqual(['1 retry', '2 retry', '3 stop']);
    expect(asked).toMatchObject(
      [1, 2, 3].map((attempt) => ({
        attempt,
        error,
        consumer: 'throwing',
        kind: 'projection',
        event: { type: 'Deposited', data: { amount: 2 } },
      })),
    );
    void runner.stop();
  });

  it.each<[string, unknown, 'retry' | 'stop' | 'deadLetter' | 'wait', readonly string[], string]>([
    ['gives up at once what would be tried again', new TypeError('no'), 'deadLetter', ['1 deadLetter'], 'running'],
    ['stops at once where it would be tried again', new TypeError('no'), 'stop', ['1 stop'], 'failed'],
    ['gives up what would be waited out', new BrokerError(true), 'deadLetter', ['1 deadLetter'], 'running'],
    ['tries again what would be given up', new BrokerError(false), 'retry', ['1 retry', '2 retry', '3 stop'], 'failed'],
    [
      'counts the attempts of what would be waited out',
      new BrokerError(true),
      'retry',
      ['1 retry', '2 retry', '3 stop'],
      'failed',
    ],
  ])('%s', async (_, error, verdict, expected, state) => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error }), { ...threeTimes, decide: () => verdict });
    expect(told).toEqual(expected);
    expect((await runner.status())[0]).toMatchObject({ state });
    void runner.stop();
  });

  it('waits out what would be given up', async () => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error: new TypeError('no') }), {
      ...threeTimes,
      decide: () => 'wait',
    });
    expect(new Set(told)).toEqual(new Set(['interrupted']));
    void runner.stop();
  });

  it('judges each event of a command by itself, and those after it', async () => {
    const world = makeWorld();
    const letters = [];
    const Failing = defineProjection('failing').on(Account, { Deposited: () => Promise.reject(new TypeError('no')) });
    const { runner } = await run(world, Failing, {
      ...threeTimes,
      decide: ({ event }) => ((event.data as { amount: number }).amount < 3 ? 'deadLetter' : 'stop'),
    });
    for await (const { position } of deadLettersOf(world.store, Failing)) letters.push(position);
    expect(letters).toHaveLength(2);
    expect((await runner.status())[0]).toMatchObject({
      state: 'failed',
      lag: { events: 1 },
      deadLetters: { count: 2 },
    });
    void runner.stop();
  });

  it('is not asked while a store can not be reached, since no event is given up because of that', async () => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error: new StoreUnavailable('gone') }), {
      ...threeTimes,
      decide: () => 'deadLetter',
    });
    expect(new Set(told)).toEqual(new Set(['interrupted']));
    void runner.stop();
  });

  it.each<[string, () => never, string]>([
    [
      'throws',
      () => {
        throw new BrokerError(true);
      },
      'the broker says no',
    ],
    ['gives a promise', () => Promise.resolve('retry') as never, 'and no promise'],
  ])('and %s ends its consumer, which says why', async (_, decide, message) => {
    const world = makeWorld();
    const { told, runner } = await run(world, throwing({ error: new TypeError('no') }), { ...threeTimes, decide });
    expect(told).toEqual(['1 stop']);
    expect((await runner.status())[0]!.failure!.message).toContain(message);
    void runner.stop();
  });

  it('and makes a dead letter where none can be kept ends its consumer, and loses no event', async () => {
    const world = makeWorld();
    const store = without(world.store, 'rows', 'transactions') as World['store'];
    const { told, runner } = await run(
      world,
      throwing({ error: new TypeError('no') }),
      { ...threeTimes, decide: () => 'deadLetter' },
      store,
    );
    expect(told).toEqual(['1 stop']);
    const [status] = await runner.status();
    expect(status).toMatchObject({
      state: 'failed',
      lag: { events: 2 },
      failure: { cause: { code: 'CAPABILITY_MISSING' } },
    });
    void runner.stop();
  });

  it('is a function, or the runner does not begin', () => {
    const { store } = makeWorld();
    expect(() =>
      runConsumers(store, [throwing({})], { onFailure: { ...threeTimes, decide: 'deadLetter' as never } }),
    ).toThrow('decide in onFailure of "throwing" is a function');
  });
});
