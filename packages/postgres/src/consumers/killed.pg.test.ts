/**
 * Workers that are killed at each of their calls, just before the server has it and just after: whoever goes on leaves everything
 * as if nobody had been killed.
 *
 * On the main major alone, which `npm test` brings, and on no other one (`PG_BIN`): it would say the same there, and take as long.
 */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, type Position } from '@eventcore/core';
import { runConsumers } from '@eventcore/core/consumers';
import { atLength } from '../../../../tools/at-length.mjs';
import { Deposit } from '../fixtures/bank.fixture.js';
import { startProxy, type FaultKind } from '../fixtures/proxy.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { definitions, doneBy, dueFor, REWARDED, TABLES, type Kind } from './work.fixture.js';
import { startWorker } from './worker-process.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(300_000);

const database = testDatabase();
let store: PostgresStore;
let last: Position;

/** Whoever goes on has the same name, so that it needn't wait for the lease to run out. */
const options = { batchSize: 2, holder: 'the same', pollInterval: 100, leaseDuration: 30_000 };

beforeAll(async () => {
  store = database.store({ connectionString: database.url, listen: false });
  await store.migrate();
  await database.query(TABLES);
  for (const [account, amount] of [
    ['alice', 1],
    ['bob', REWARDED],
    ['alice', REWARDED],
  ] as const) {
    last = (await execute(new Deposit({ account, amount }), store)).position;
  }
});

/** How many effects elsewhere have happened before. */
async function repetitions(name: string): Promise<number> {
  const effects = await database.query(
    'SELECT (count(*) - count(DISTINCT event))::integer AS again FROM outside WHERE consumer = $1',
    [name],
  );
  return effects[0]!['again'] as number;
}

const CHANGES = ['acquire_lease', 'append', 'take_step', 'commit'];

interface Label {
  readonly call: string;
  /** The how-manieth of that name. */
  readonly nth: number;
}

/** Lets a process work that is killed at a label, and another one go on. Gives the names of the calls of the first one. */
async function run(kind: Kind, name: string, at?: Label & { readonly fault: FaultKind }): Promise<readonly string[]> {
  const proxy = await startProxy(database.url);
  const calls: string[] = [];
  const worker = startWorker({
    store: { connectionString: proxy.url, listen: false, poolSize: 2 },
    consumers: { [name]: kind },
    options,
    outside: database.url,
  });
  let killed = false;
  proxy.onCall = (call) => {
    calls.push(call);
    if (killed || call !== at?.call || calls.filter((other) => other === call).length !== at.nth) return undefined;
    killed = true;
    worker.kill();
    return at.fault;
  };
  if (at === undefined) {
    await worker.hears(({ phase, position }) => phase === 'advanced' && (position as Position) >= last);
    await worker.end();
  } else {
    expect(await worker.ended).toMatchObject({ code: null });
  }
  const definition: object = definitions[kind](name);
  const call = (consumer: string, event: string) =>
    database.query('INSERT INTO outside VALUES ($1, $2)', [consumer, event]);
  await using runner = runConsumers(store, [definition], { ...options, after: 'beginning', context: { call } });
  await runner.caughtUp(last, { timeout: 60_000 });
  // What has arrived after its sender's death may have to wait for those who were faster.
  await runner.stop();
  await proxy.close();
  return calls;
}

const here = process.env['PG_BIN'] ? describe.skip : describe;

here('a worker that is killed, at each of its calls', () => {
  it.each<[string, Kind]>([
    ['leaves the rows of a read model as if it had not', 'rows'],
    ['leaves what handlers wrote in the transaction as if it had not', 'inserts'],
    ['has each command of a reaction executed once', 'reaction'],
    ['has effects elsewhere happen at least once, by the same key', 'outside'],
  ])('%s', async (_, kind) => {
    const calls = await run(kind, `${kind}-alive`);
    expect(await doneBy(kind, `${kind}-alive`, store, database)).toEqual(await dueFor(kind, store));
    // Behind its last step it only looks for more.
    const steps = calls.slice(
      0,
      calls.lastIndexOf(kind === 'rows' || kind === 'reaction' ? 'take_step' : 'commit') + 1,
    );
    const labels = steps.map((call, index): Label => ({
      call,
      nth: steps.slice(0, index + 1).filter((other) => other === call).length,
    }));
    // After a call that changes nothing by itself, it is as before the next one.
    const everyDeath = labels.flatMap((label, index) =>
      (CHANGES.includes(label.call) ? (['cutBefore', 'late'] as const) : (['cutBefore'] as const)).map((fault) => ({
        ...label,
        fault,
        name: `${kind}-${index}-${fault}`,
      })),
    );
    // In short every third, but of effects elsewhere, which one of them has to repeat, all.
    const deaths = everyDeath.filter((_, index) => atLength || kind === 'outside' || index % 3 === 0);
    let repeated = 0;
    const dying = async (): Promise<void> => {
      for (let death = deaths.shift(); death !== undefined; death = deaths.shift()) {
        await run(kind, death.name, death);
        expect({ death, ...(await doneBy(kind, death.name, store, database)) }).toEqual({
          death,
          ...(await dueFor(kind, store)),
        });
        repeated += await repetitions(death.name);
      }
    };
    await Promise.all([dying(), dying(), dying()]);
    // A death between an effect and the checkpoint repeats the effect: a test that never meets one has tested nothing.
    expect(repeated > 0).toBe(kind === 'outside');
  });
});
