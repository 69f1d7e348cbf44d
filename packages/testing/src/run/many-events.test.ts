/** A hundred thousand events, or in short a tenth of them, with faults on: each takes effect once, in every kind of consumer. */
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@eventcore/core';
import {
  defineProjection,
  defineReaction,
  defineReadModel,
  runConsumers,
  type ConsumerHooks,
} from '@eventcore/core/consumers';
import { prepareAppend } from '@eventcore/core/store';
import type { MemoryContext, MemoryStore } from '@eventcore/memory';
import { atLength } from '../../../../tools/at-length.mjs';
import { seededRandom, type SeededRandom } from '../chaos/seeded-random.js';
import { withChaos } from '../chaos/with-chaos.js';
import { wholeFeed } from '../contract/section/observe.js';
import { Account, Deposit, makeWorld } from './processes.fixture.js';

const EVENTS = atLength ? 100_000 : 10_000;
const ACCOUNTS = 97;
/** Of so many events one leads to a command, and is told by its amount. */
const REWARDS = EVENTS / 5;
const REWARDED = 5_000;

const Sums = defineReadModel('sums', { row: () => ({ sum: 0, events: 0 }) }).from(Account, {
  Deposited: (row, { data }) => ({ sum: row.sum + data.amount, events: row.events + 1 }),
});
const Counts = defineProjection<MemoryContext>('counts').on(Account, {
  Deposited: async ({ stream }, { tx }) => {
    tx.set('counts', stream, (((await tx.get('counts', stream)) ?? 0) as number) + 1);
  },
});
const Rewards = defineReaction('rewards').on(Account, {
  Deposited: ({ data }) => (data.amount === REWARDED ? new Deposit({ account: 'reward', amount: 1 }) : undefined),
});

/** A connection to what the store offers beside: calls never arrive, or their answers never do. */
function flakyOffers(store: MemoryStore, random: SeededRandom, strikes: Record<string, number>): MemoryStore {
  const gone = (kind: string, chance: number): void => {
    if (!random.chance(chance)) return;
    strikes[kind] = (strikes[kind] ?? 0) + 1;
    throw new StoreUnavailable(`gone: ${kind}`);
  };
  const flaky = <Part extends object>(part: Part, name: string): Part =>
    Object.fromEntries(
      Object.entries(part).map(([key, call]: [string, (...given: unknown[]) => Promise<unknown>]) => [
        key,
        async (...given: unknown[]) => {
          gone(`${name}.${key} not sent`, 0.02);
          const answer = await call(...given);
          gone(`${name}.${key} not answered`, 0.02);
          return answer;
        },
      ]),
    ) as Part;
  const { checkpoints, leases, rows, transactions } = store.capabilities;
  return {
    ...store,
    capabilities: {
      ...store.capabilities,
      checkpoints: flaky(checkpoints, 'checkpoints'),
      leases: flaky(leases, 'leases'),
      rows: flaky(rows, 'rows'),
      transactions: flaky(transactions, 'transactions'),
    },
  };
}

describe('many events, with faults on', () => {
  it('take effect once each, with two processes at work and appends going on', async () => {
    const world = makeWorld();
    const random = seededRandom(7);
    const strikes: Record<string, number> = {};
    const told: Record<string, number> = {};
    const count = (what: string) => () => void (told[what] = (told[what] ?? 0) + 1);
    const hooks: ConsumerHooks = {
      interrupted: count('interrupted'),
      leaseLost: count('leaseLost'),
      failed: count('failed'),
      stopped: ({ error }) => error !== undefined && count('failed')(),
    };
    const write = async (first: number, last: number) => {
      for (let n = first; n < last; n++) {
        const stream = `account-a${n % ACCOUNTS}`;
        const data = { amount: n % REWARDS === 0 ? REWARDED : 1 };
        const id = world.runtime.uuid();
        const event = { id: world.runtime.uuid(), stream, type: 'Deposited', data };
        await world.store.append([
          prepareAppend({ commandId: id, fingerprint: 'x', expected: new Map([[stream, 'any']]), events: [event] }),
        ]);
      }
    };
    await write(0, EVENTS / 2);
    const begin = (seed: number) => {
      const flaky = flakyOffers(world.store, random, strikes);
      const chaos = withChaos(flaky, {
        seed,
        runtime: world.runtime,
        faults: { readFails: 0.02, feedPaused: 0.02, sendFails: 0.02, replyLost: 0.1, requestLost: 0.1 },
      });
      const store = Object.assign(chaos, { capabilities: flaky.capabilities });
      return runConsumers(store, [Sums, Counts, Rewards], { runtime: world.runtime, hooks, after: 'beginning' });
    };
    const runners = [begin(1), begin(2)];
    for (let n = EVENTS / 2; n < EVENTS; n += EVENTS / 20) {
      await write(n, n + EVENTS / 20);
      await world.pass(2_000);
      // Time and again one of them ends, and the other takes over what it was at.
      void runners.shift()!.stop();
      runners.push(begin(n));
    }
    const behind = async (): Promise<boolean> => {
      const { checkpoints, head } = world.store.capabilities;
      const end = await head();
      const stands = await Promise.all(['sums', 'counts', 'rewards'].map((name) => checkpoints.load(name)));
      return stands.some((position) => position < end);
    };
    for (let seconds = 0; seconds < 3_000 && (await behind()); seconds++) await world.pass(1_000);

    const events = await wholeFeed(world.store);
    const sums = await world.store.capabilities.rows.list('sums', { limit: 1000 });
    const counts = await world.store.capabilities.rows.list('counts', { limit: 1000 });
    const expected = new Map<string, { sum: number; events: number }>();
    for (const { stream, data } of events) {
      const key = stream.slice('account-'.length);
      const row = expected.get(key) ?? { sum: 0, events: 0 };
      expected.set(key, { sum: row.sum + (data as { amount: number }).amount, events: row.events + 1 });
    }
    expect(events.length).toBe(EVENTS + EVENTS / REWARDS);
    expect(new Map(sums.map(({ key, row }) => [key, row]))).toEqual(expected);
    expect(new Map(counts.map(({ key, row }) => [key.slice('account-'.length), row]))).toEqual(
      new Map([...expected].map(([key, row]) => [key, row.events])),
    );
    // A run in which nothing went wrong has shown nothing.
    expect(strikes['rows.step not answered']).toBeGreaterThan(0);
    expect(strikes['transactions.run not answered']).toBeGreaterThan(0);
    expect(told['interrupted']).toBeGreaterThan(10);
    expect(told['failed']).toBeUndefined();
    runners.forEach((runner) => void runner.stop());
  }, 120_000);
});
