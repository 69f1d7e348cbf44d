import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import { FakeStore } from '../execute/fake-store.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import { load, readStream } from './read-stream.js';
import { replay } from './replay.js';

const alice = Account.at('alice');
const opened = { type: 'AccountOpened', data: { owner: 'Alice' } };
const deposited = (amount: number) => ({ type: 'MoneyDeposited', data: { amount } });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

describe('replaying a stream', () => {
  it('gives each event with the state after it, which is the one that loading gives', async () => {
    const store = new FakeStore().write('account-alice', opened, ...[5, 6, 7].map(deposited));
    store.pageSize = 3;
    const steps = await all(replay(store, alice));
    expect(steps.map(({ event: { version }, state }) => [version, state.balance])).toEqual([
      [1, 0],
      [2, 5],
      [3, 11],
      [4, 18],
    ]);
    expect(steps.map((step) => step.event)).toEqual(await all(readStream(store, alice)));
    for (const {
      event: { version },
      state,
    } of steps)
      expect(state).toEqual(await load(store, alice, { version }));
  });

  it('may begin after a version; what was before counts all the same', async () => {
    const store = new FakeStore().write('account-alice', opened, ...[5, 6].map(deposited));
    const steps = await all(replay(store, alice, { after: 2 }));
    expect(steps.map(({ event: { version }, state }) => [version, state.balance])).toEqual([[3, 11]]);
    expect(await all(replay(store, alice, { after: 3 }))).toEqual([]);
    await expect(all(replay(store, alice, { after: -1 }))).rejects.toThrow('-1');
  });

  it('brings older events up to their newest form', async () => {
    const Customer = defineStream('customer', {
      events: {
        Registered: event(v.object({ last: v.string() }), {
          version: 2,
          upcast: { 1: ({ name }: { name: string }) => ({ last: name }) },
        }),
      },
      state: () => ({ last: '' }),
      fold: { Registered: (_, { last }) => ({ last }) },
    });
    const older = { type: 'Registered', schemaVersion: 1, data: { name: 'Lovelace' } };
    const [step] = await all(replay(new FakeStore().write('customer-ada', older), Customer.at('ada')));
    expect(step).toMatchObject({
      event: { schemaVersion: 2, data: { last: 'Lovelace' } },
      state: { last: 'Lovelace' },
    });
  });

  it('stops at an event that its type does not know, or skips it where the store says so', async () => {
    const unknown = [deposited(5), { type: 'AccountAudited', data: {} }, deposited(6)];
    await expect(all(replay(new FakeStore().write('account-alice', ...unknown), alice))).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    const lenient = new FakeStore({ settings: { onUnknownEvent: 'skip' } }).write('account-alice', ...unknown);
    const steps = await all(replay(lenient, alice));
    expect(steps.map(({ event: { version }, state }) => [version, state.balance])).toEqual([
      [1, 5],
      [3, 11],
    ]);
  });

  it('needs a reference of a stream type', async () => {
    await expect(all(replay(new FakeStore(), 'account-alice' as never))).rejects.toThrow('replay needs a reference');
  });
});
