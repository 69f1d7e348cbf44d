/** A process over several steps with compensation, on both stores, with faults on: no order is lost, and no money. */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EventStore } from '@eventcore/core';
import { runConsumers, type ConsumerRunner } from '@eventcore/core/consumers';
import { createMemoryStore } from '@eventcore/memory';
import { seededRandom, withChaos } from '@eventcore/testing';
import { faultKinds, startProxy } from '../fixtures/proxy.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { allEnded, customers, Fulfilment, IN_STOCK, outcome, placeOrders, PRICE } from './orders.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(120_000);

const database = testDatabase();
let direct: PostgresStore;

beforeAll(async () => {
  direct = database.store({ connectionString: database.url, schema: 'orders', listen: false });
  await direct.migrate();
});

/** Orders come to their ends, while now and then another worker takes over. Gives how often. */
async function untilAllEnded(store: EventStore, begin: () => ConsumerRunner, enough: () => boolean): Promise<void> {
  await placeOrders(store);
  const runners = [begin(), begin()];
  while (!(await allEnded(store)) || !enough()) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await runners.shift()!.stop();
    runners.push(begin());
  }
  await Promise.all(runners.map((runner) => runner.stop()));
  // Whatever was not answered is decided by now; its verdict may be missing yet.
  await using last = runConsumers(store, [Fulfilment], { after: 'beginning', leaseDuration: 300, pollInterval: 20 });
  await last.caughtUp(await store.capabilities.head!(), { timeout: 60_000 });
}

async function isAsItHasToBe(store: EventStore): Promise<void> {
  const { strayed, declined, shipped, refunded, stock, spent, overdrawn, paid, commands } = await outcome(store);
  expect({ strayed, overdrawn, stock, shipped }).toEqual({ strayed: [], overdrawn: [], stock: 0, shipped: IN_STOCK });
  expect(spent).toBe(IN_STOCK * PRICE);
  // A refund that comes in time pays for another order, so how many are declined depends.
  expect(declined + shipped + refunded).toBe(customers.length * 3);
  expect(paid).toBe(customers.length * 3);
  // To pay each, to ship those that were paid for, to refund what was out of stock.
  expect(commands).toBe(paid + shipped + refunded + refunded);
}

const options = { after: 'beginning', leaseDuration: 300, pollInterval: 20, batchSize: 4 } as const;

describe('orders that are paid, shipped, declined and refunded come out even', () => {
  it('in memory', async () => {
    const store = createMemoryStore();
    const chaos = withChaos(store, {
      seed: 7,
      faults: { readFails: 0.05, feedPaused: 0.05, sendFails: 0.1, replyLost: 0.2, requestLost: 0.1 },
    });
    const flaky = Object.assign(chaos, { capabilities: store.capabilities });
    await untilAllEnded(
      store,
      () => runConsumers(flaky, [Fulfilment], options),
      () => chaos.fired.replyLost > 0 && chaos.fired.requestLost > 0 && chaos.fired.sendFails > 0,
    );
    await isAsItHasToBe(store);
  });

  it('on PostgreSQL', async () => {
    const random = seededRandom(7);
    const proxy = await startProxy(database.url);
    const kinds = faultKinds.filter((kind) => kind !== 'freeze' && kind !== 'refuse');
    let faulty = true;
    proxy.onCall = () => (faulty && random.chance(0.08) ? random.pick(kinds) : undefined);
    const through = database.store({
      connectionString: proxy.url,
      schema: 'orders',
      listen: false,
      timeouts: { answer: 300, connect: 300, hold: 300 },
    });
    await untilAllEnded(
      direct,
      () => runConsumers(through, [Fulfilment], options),
      () => kinds.every((kind) => proxy.fired[kind] > 0),
    );
    faulty = false;
    await isAsItHasToBe(direct);
    await through.close();
    await proxy.close();
  });
});
