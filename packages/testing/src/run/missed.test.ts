/** Consumers whose code handles more than before: what was there already is behind their checkpoint, and that is told. */
import { describe, expect, it } from '@jest/globals';
import { defineCommand, execute } from '@eventcore/core';
import type { Beginning } from '@eventcore/core/consumers';
import {
  consumerOf,
  defineProjection,
  defineReaction,
  defineReadModel,
  rebuild,
  runConsumers,
} from '@eventcore/core/consumers';
import { Account, Balances, makeWorld, type World } from './processes.fixture.js';

const Close = defineCommand('Close', {
  streams: { account: Account },
  handle: ({ emit }) => emit('account', 'Closed', {}),
});

/** `Balances`, when somebody noticed that accounts are closed. */
const Newer = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
  Deposited: (row, { data }) => ({ balance: row.balance + data.amount }),
  Withdrawn: (row, { data }) => ({ balance: row.balance - data.amount }),
  Closed: () => ({ balance: 0 }),
});

/** Runs it until it has nothing left to do. Gives what it was told to have missed, and what its status says of that. */
async function missed({ store, runtime, pass }: World, consumer: object, after: Beginning = 'beginning') {
  const told: unknown[] = [];
  const runner = runConsumers(store, [consumer] as never, {
    runtime,
    hooks: { missed: ({ missed: events }) => void told.push(...events) },
    consumers: { [consumerOf(consumer).name]: { after } },
  });
  await pass(100);
  const [status] = await runner.status();
  expect(status).toMatchObject({ state: 'running', lag: { events: 0 } });
  void runner.stop();
  await pass(100);
  return { told, status: status!.missed };
}

const nothing = { told: [], status: undefined };

describe('a consumer whose code handles more than before', () => {
  it('tells once what it has missed, and shows it until it is rebuilt', async () => {
    const world = makeWorld();
    await world.deposit(2);
    const closed = await execute(new Close({ account: 'a0' }), world.store);
    expect(await missed(world, Balances)).toEqual(nothing);
    const events = [{ streamType: 'account', event: 'Closed', upTo: closed.position }];
    expect(await missed(world, Newer)).toEqual({ told: events, status: events });
    await world.deposit(1);
    expect(await missed(world, Newer)).toEqual({ told: [], status: events });

    for await (const _ of rebuild(world.store, Newer, { runtime: world.runtime })) continue;
    expect(await missed(world, Newer)).toEqual(nothing);
    expect(await world.balances()).toEqual({ a0: 10, a1: 10 });
  });

  it('tells nothing where there was nothing of the kind, or nothing yet that it could have missed', async () => {
    const world = makeWorld();
    expect(await missed(world, Balances)).toEqual(nothing);
    await world.deposit(2);
    expect(await missed(world, Balances)).toEqual(nothing);
    expect(await missed(world, Newer)).toEqual(nothing);
    await execute(new Close({ account: 'a0' }), world.store);
    expect(await missed(world, Newer)).toEqual(nothing);
  });

  it('has missed also what came while older code was at work again', async () => {
    const world = makeWorld();
    await world.deposit(1);
    for (const consumer of [Balances, Newer, Balances]) expect(await missed(world, consumer)).toEqual(nothing);
    await execute(new Close({ account: 'a0' }), world.store);
    expect(await missed(world, Balances)).toEqual(nothing);
    expect((await missed(world, Newer)).told).toMatchObject([{ event: 'Closed' }]);
  });

  it('has missed nothing that it was told to leave out, and nothing if it only answers what happens', async () => {
    const world = makeWorld();
    const { position } = await execute(new Close({ account: 'a0' }), world.store);
    await world.deposit(1);
    await missed(world, Balances, position);
    expect(await missed(world, Newer, position)).toEqual(nothing);
    const reaction = (event: 'Closed' | 'Deposited') => defineReaction('r').on(Account, { [event]: () => undefined });
    expect(await missed(world, reaction('Deposited'))).toEqual(nothing);
    expect(await missed(world, reaction('Closed'))).toEqual(nothing);
  });

  it('has missed less when a projection is rebuilt from a position behind the beginning', async () => {
    const world = makeWorld();
    const first = await world.deposit(1);
    await execute(new Close({ account: 'a0' }), world.store);
    const last = await world.deposit(1);
    const older = defineProjection('p').on(Account, { Deposited: () => {} });
    const newer = older.on(Account, { Closed: () => {} });
    await missed(world, older);
    const upTo = (await missed(world, newer)).status!.map((events) => events.upTo);
    expect(upTo).toEqual([last]);
    for await (const _ of rebuild(world.store, newer, { runtime: world.runtime, from: first, reset: 'nothing' }))
      continue;
    expect(await missed(world, newer)).toMatchObject({ told: [], status: [{ upTo: first }] });

    const newest = newer.on(Account, { Opened: () => {} });
    for await (const _ of rebuild(world.store, newest, { runtime: world.runtime, from: first, reset: 'nothing' }))
      continue;
    expect((await missed(world, newest)).status).toMatchObject([{ event: 'Closed' }, { event: 'Opened' }]);
  });
});
