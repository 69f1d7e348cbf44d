/** Where reactions begin, and what they gave up, on PostgreSQL. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execute, START, type Position } from '@eventcore/core';
import { defineReaction, runConsumers, statusOf } from '@eventcore/core/consumers';
import { Account, Deposit } from '../fixtures/bank.fixture.js';
import type { PostgresStore } from '../index.js';
import { blindAppend, openAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
let store: PostgresStore;

beforeAll(async () => {
  store = database.store({ connectionString: database.url });
  await store.migrate();
});
afterAll(() => store.close());

const deposit = async (amount: number): Promise<Position> =>
  (await execute(new Deposit({ account: 'a', amount }), store)).position;

it('a reaction that begins now answers what was being committed by then, though others had passed it by', async () => {
  await deposit(1);
  const asked: unknown[] = [];
  const Asking = defineReaction('asking').on(Account, { Moved: ({ data }) => void asked.push(data) });
  const draft = blindAppend([Account.at('late').id]);
  const late = await openAppend(database.url, {
    ...draft,
    events: draft.events.map((event) => ({ ...event, type: 'Moved', data: 2 })),
  });
  await deposit(3);
  const begun = async (): Promise<Position> => {
    for (;;) {
      const at = await store.capabilities.checkpoints.load('asking');
      if (at !== START) return at;
    }
  };
  await using runner = runConsumers(store, [Asking], { after: 'now', pollInterval: 20 });
  expect(await begun()).toBe('0000000000000001.0000');
  await late.commit();
  await runner.caughtUp(await deposit(4), { timeout: 30_000 });
  expect(asked).toEqual([2, 3, 4]);
});

it('the status counts dead letters, and says since when there are any', async () => {
  const Failing = defineReaction('failing').on(Account, {
    Moved: () => {
      throw new RangeError('no');
    },
  });
  const last = await deposit(5);
  const onFailure = { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' } as const;
  await using runner = runConsumers(store, [Failing], { after: 'beginning', onFailure });
  await runner.caughtUp(last, { timeout: 30_000 });
  const [status] = await statusOf(store, [Failing]);
  const [first] = await store.capabilities.rows.list('failing/dead-letters', { limit: 1 });
  const count = await store.capabilities.rows.count('failing/dead-letters');
  expect(count).toBeGreaterThanOrEqual(2);
  expect(status).toMatchObject({
    lag: { events: 0 },
    deadLetters: { count, since: (first!.row as { failedAt: string }).failedAt },
  });
});
