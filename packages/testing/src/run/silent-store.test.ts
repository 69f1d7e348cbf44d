/** Waiting on a store that doesn't answer: whoever waits is told in time. */
import { describe, expect, it } from '@jest/globals';
import type { EventStore, Position } from '@eventcore/core';
import { caughtUp, runConsumers, statusOf } from '@eventcore/core/consumers';
import { Balances, makeWorld, type World } from './processes.fixture.js';

const never = (): Promise<never> => new Promise(() => {});

/** The same store, some capabilities of which are as they are given. */
function answering(
  { store }: World,
  parts: { readonly load?: () => Promise<Position>; readonly holder?: () => Promise<string | undefined> },
): EventStore {
  const { checkpoints, leases, ...rest } = store.capabilities;
  const { load = checkpoints.load, holder = leases.holder! } = parts;
  return {
    ...store,
    capabilities: { ...rest, checkpoints: { ...checkpoints, load }, leases: { ...leases, holder } },
  };
}

/** What a promise comes to, and after how many milliseconds of the world's time; `pending` after a minute. */
async function endOf(
  world: World,
  promise: Promise<unknown>,
): Promise<{ readonly end: unknown; readonly after: number }> {
  const began = world.runtime.now();
  let after = Infinity;
  let end: unknown = 'pending';
  const note = (value: unknown): void => {
    end = value;
    after = world.runtime.now() - began;
  };
  void promise.then(note, note);
  await world.pass(60_000);
  return { end, after };
}

describe('waiting until a consumer has caught up, on a store that does not answer', () => {
  it('ends with the timeout, and says that the store has not answered', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const store = answering(world, { load: never, holder: never });
    const waiting = caughtUp(store, Balances, last, { runtime: world.runtime, timeout: 300 });
    const { end, after } = await endOf(world, waiting);
    expect(after).toBe(300);
    expect(end).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      message: `The store has not said within 300 ms where "balances" stands, so it may have come to "${last}", or not. The store does not answer.`,
      stands: undefined,
      holder: undefined,
    });
    expect(JSON.parse(JSON.stringify(end))).not.toHaveProperty('stands');
  });

  it('says where the consumer stood when the store still answered', async () => {
    const world = makeWorld();
    const first = await world.deposit(1);
    const last = await world.deposit(1);
    let asked = 0;
    const store = answering(world, { load: () => (++asked < 3 ? Promise.resolve(first) : never()) });
    const { end, after } = await endOf(
      world,
      caughtUp(store, Balances, last, { runtime: world.runtime, timeout: 300 }),
    );
    expect(after).toBe(300);
    expect(end).toMatchObject({ code: 'NOT_CAUGHT_UP', stands: first });
  });

  it('ends with the signal', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const store = answering(world, { load: never });
    const signal = new AbortController();
    void world.runtime.sleep(70).then(() => signal.abort('enough'));
    const options = { runtime: world.runtime, timeout: Infinity, signal: signal.signal };
    const { end, after } = await endOf(world, caughtUp(store, Balances, last, options));
    expect(after).toBe(70);
    expect(end).toMatchObject({ code: 'ABORTED', cause: 'enough', context: { consumer: 'balances' } });
  });

  it('asks nothing for whoever has given up before', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const options = { runtime: world.runtime, signal: AbortSignal.abort('enough') };
    const waiting = caughtUp(answering(world, { load: never }), Balances, last, options);
    expect(await endOf(world, waiting)).toMatchObject({ end: { code: 'ABORTED', cause: 'enough' }, after: 0 });
  });

  it('waits only a moment longer to be told who has the lease', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const store = answering(world, { holder: never });
    const { end, after } = await endOf(
      world,
      caughtUp(store, Balances, last, { runtime: world.runtime, timeout: 300 }),
    );
    expect(after).toBe(550);
    expect(end).toMatchObject({
      code: 'NOT_CAUGHT_UP',
      message: expect.stringContaining('The store does not say who has its lease.'),
      stands: '',
      holder: undefined,
    });
  });

  it('is not caught up also where asking for the holder fails, and that is the cause', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const trouble = new Error('gone');
    const store = answering(world, { holder: () => Promise.reject(trouble) });
    const waiting = caughtUp(store, Balances, last, { runtime: world.runtime, timeout: 300 });
    expect(await endOf(world, waiting)).toMatchObject({ end: { code: 'NOT_CAUGHT_UP', cause: trouble }, after: 300 });
  });

  it('leaves nothing unhandled when the store answers with an error after all', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const load = async (): Promise<never> => {
      await world.runtime.sleep(1_000);
      throw new Error('too late');
    };
    const options = { runtime: world.runtime, timeout: 300 };
    const { end } = await endOf(world, caughtUp(answering(world, { load }), Balances, last, options));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(end).toMatchObject({ code: 'NOT_CAUGHT_UP' });
    expect(unhandled).toEqual([]);
  });

  it('looks once where no time is given, and takes the answer', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const options = { runtime: world.runtime, timeout: 0 };
    const after = (milliseconds: number, position: Position) => async () => {
      await world.runtime.sleep(milliseconds);
      return position;
    };
    const look = (load: () => Promise<Position>) =>
      endOf(world, caughtUp(answering(world, { load }), Balances, last, options));
    expect(await look(after(5, last))).toEqual({ end: undefined, after: 5 });
    expect(await look(after(5, '' as Position))).toMatchObject({ end: { code: 'NOT_CAUGHT_UP' }, after: 5 });
    expect(await look(never)).toMatchObject({ end: { code: 'NOT_CAUGHT_UP' }, after: 1_000 });
  });
});

describe('a runner whose store does not answer', () => {
  it('tells whoever waits for its consumers when the time is over', async () => {
    const world = makeWorld();
    const last = await world.deposit(1);
    const store = answering(world, { load: never });
    const runner = runConsumers(store, [Balances], { runtime: world.runtime });
    const { end, after } = await endOf(world, runner.caughtUp(last, { timeout: 300 }));
    expect(after).toBe(300);
    expect(end).toMatchObject({ code: 'NOT_CAUGHT_UP', stands: undefined });
    void runner.stop();
  });

  it('gives no status, and says so in ten seconds, or when it was told to', async () => {
    const world = makeWorld();
    const runner = runConsumers(answering(world, { load: never }), [Balances], { runtime: world.runtime });
    const unavailable = { code: 'STORE_UNAVAILABLE', retriable: true, context: { consumer: 'balances' } };
    expect(await endOf(world, runner.status())).toMatchObject({ end: unavailable, after: 10_000 });
    expect(await endOf(world, runner.status({ timeout: 300 }))).toMatchObject({ end: unavailable, after: 300 });
    const left = runner.status({ signal: AbortSignal.abort('enough') });
    expect(await endOf(world, left)).toMatchObject({ end: { code: 'ABORTED', cause: 'enough' }, after: 0 });
    expect(await endOf(world, runner.status({ timeout: NaN }))).toMatchObject({ end: { code: 'VALIDATION' } });
    void runner.stop();
  });

  it('gives no status without a runner either', async () => {
    const world = makeWorld();
    const asked = statusOf(answering(world, { load: never }), [Balances], { runtime: world.runtime, timeout: 300 });
    expect(await endOf(world, asked)).toMatchObject({ end: { code: 'STORE_UNAVAILABLE' }, after: 300 });
  });
});
