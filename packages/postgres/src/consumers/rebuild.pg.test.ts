/** Rebuilding in place, while events come in and others run the same consumer, in processes that are replaced and killed. */
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import {
  defineProjection,
  rebuild,
  runConsumers,
  type ConsumerRunner,
  type ReactionContext,
} from '@eventcore/core/consumers';
import { Account, Deposit } from '../fixtures/bank.fixture.js';
import { mutate } from '../fixtures/mutate.fixture.js';
import { startProxy, type FaultKind } from '../fixtures/proxy.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { definitions, doneBy, dueFor, TABLES, type Kind } from './work.fixture.js';
import { startWorker } from './worker-process.fixture.js';
import type { Work } from './worker.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(120_000);

const database = testDatabase();
let stores = 0;
let writing = false;

beforeAll(() => database.query(TABLES));
afterEach(() => {
  writing = false;
});

/** A store in which a consumer has come to the end, and goes on, while events come in. */
async function underLoad(kind: Kind, mutant?: (schema: string) => Promise<void>) {
  const schema = `rebuild_${++stores}`;
  const store = database.store({ connectionString: database.url, schema, listen: false });
  await store.migrate();
  await mutant?.(schema);
  for (let n = 0; n < 40; n++) await execute(new Deposit({ account: `a${n % 7}`, amount: 1 }), store);
  writing = true;
  const written = (async () => {
    let last = '' as Position;
    while (writing || last === '') last = (await execute(new Deposit({ account: 'a', amount: 1 }), store)).position;
    return last;
  })();
  const runner = runConsumers(store, [definitions[kind](schema)] as readonly object[], {
    after: 'beginning',
    pollInterval: 50,
    leaseDuration: 600,
  });
  await runner.caughtUp(await store.capabilities.head());
  return { schema, store, runner, written };
}

function rebuilding(url: string, schema: string, kind: Kind): Work {
  return {
    store: { connectionString: url, schema, listen: false, poolSize: 3, timeouts: { handler: 60_000 } },
    consumers: { [schema]: kind },
    rebuilds: true,
    options: { batchSize: 10, leaseDuration: 600 },
    outside: database.url,
  };
}

async function comesToTheEnd(
  kind: Kind,
  schema: string,
  store: PostgresStore,
  runner: ConsumerRunner,
  written: Promise<Position>,
) {
  writing = false;
  await runner.caughtUp(await written, { timeout: 60_000 });
  await runner.stop();
  return [await doneBy(kind, schema, store, database), await dueFor(kind, store)];
}

describe.each<Kind>(['rows', 'handlers'])(
  'a rebuild of %s, while events come in and another process runs them,',
  (kind) => {
    it('leaves each event done once', async () => {
      const { schema, store, runner, written } = await underLoad(kind);
      const rebuild = startWorker(rebuilding(database.url, schema, kind));
      await rebuild.hears(({ phase }) => phase === 'rebuilt');
      expect(await rebuild.ended).toMatchObject({ code: 0, stderr: '' });
      const [done, due] = await comesToTheEnd(kind, schema, store, runner, written);
      expect(done).toEqual(due);
    });

    it('is over in a process when another one begins it anew: who comes last goes through', async () => {
      const { schema, store, runner, written } = await underLoad(kind);
      const proxy = await startProxy(database.url);
      const first = startWorker(rebuilding(proxy.url, schema, kind));
      let steps = 0;
      await new Promise<void>((resolve) => {
        proxy.onCall = (call) => {
          // In the middle: just before a batch takes effect.
          if (call !== 'feed' || ++steps !== 3) return undefined;
          first.signal('SIGSTOP');
          resolve();
          return undefined;
        };
      });
      const second = startWorker(rebuilding(database.url, schema, kind));
      await second.hears(({ phase }) => phase === 'rebuilt');
      first.signal('SIGCONT');
      expect((await first.hears(({ phase }) => phase === 'failed')).error).toContain('LeaseLost');
      expect([first.told.some(({ phase }) => phase === 'rebuilt'), (await first.ended).code]).toEqual([false, 0]);
      expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
      const [done, due] = await comesToTheEnd(kind, schema, store, runner, written);
      expect(done).toEqual(due);
      await proxy.close();
    });

    it.each<[FaultKind, number]>([
      ['cutBefore', 1],
      ['late', 1],
      ['cutBefore', 3],
      ['late', 3],
    ])('is gone on with by whoever runs it when its process is killed: %s, at step %i', async (fault, nth) => {
      const { schema, store, runner, written } = await underLoad(kind);
      const proxy = await startProxy(database.url);
      const killed = startWorker(rebuilding(proxy.url, schema, kind));
      let left = nth;
      proxy.onCall = (call) => {
        if (call !== (kind === 'rows' ? 'take_step' : 'commit') || --left !== 0) return undefined;
        killed.kill();
        return fault;
      };
      expect(await killed.ended).toMatchObject({ code: null });
      const [done, due] = await comesToTheEnd(kind, schema, store, runner, written);
      expect(done).toEqual(due);
      await proxy.close();
    });
  },
);

it('would leave things undone or done twice, as these tests would show, if steps had no fence and no beginning', async () => {
  const { schema, store, runner, written } = await underLoad('handlers', (made) =>
    mutate(
      database,
      made,
      'take_step',
      [/IF p_fence IS NOT NULL THEN/, 'IF false THEN'],
      [/IF stands <> p_from THEN/, 'IF false THEN'],
    ),
  );
  const proxy = await startProxy(database.url);
  const first = startWorker(rebuilding(proxy.url, schema, 'handlers'));
  let begun = 0;
  await new Promise<void>((resolve) => {
    proxy.onCall = (call) => {
      if (call !== 'begin' || ++begun !== 3) return undefined;
      first.signal('SIGSTOP');
      resolve();
      return undefined;
    };
  });
  const second = startWorker(rebuilding(database.url, schema, 'handlers'));
  await second.hears(({ phase }) => phase === 'rebuilt');
  first.signal('SIGCONT');
  await Promise.all([first.ended, second.ended]);
  const [done, due] = await comesToTheEnd('handlers', schema, store, runner, written);
  expect(done!['total']).toBeGreaterThan(due!['total'] as number);
  await proxy.close();
});

it('whose lease passes on in the middle of a handler says so, and not that it is finished', async () => {
  const store = database.store({ connectionString: database.url, schema: 'passed_on', listen: false });
  await store.migrate();
  // The second one is not handed over any more.
  for (const amount of [1, 2]) await execute(new Deposit({ account: 'a', amount }), store);
  const waiting = defineProjection<ReactionContext>('waiting').on(Account, {
    Moved: async (_, { signal }) => {
      await store.capabilities.leases.takeOver('waiting', 'another', 60_000);
      // It is aborted when the lease can't be renewed.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const ends: boolean[] = [];
  const rebuilt = (async () => {
    for await (const { finished } of rebuild(store, waiting, { leaseDuration: 100, reset: 'nothing' }))
      ends.push(finished);
  })();
  await expect(rebuilt).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect(ends).toEqual([false]);
});
