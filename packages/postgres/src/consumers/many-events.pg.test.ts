/**
 * A hundred thousand events, or in short a tenth of them, delivered once each through bad networks, to workers that are killed,
 * replaced and stopped: to a read model, to handlers, and to a reaction.
 *
 * On the main major alone, which `npm test` brings, and on no other one (`PG_BIN`): it would say the same there, and take as long. The seed is
 * `EVENTCORE_FAULT_SEED`; figures are printed where `EVENTCORE_FIGURES` is set.
 */
import { beforeAll, expect, it, jest } from '@jest/globals';
import { systemRuntime, type Position } from '@eventcore/core';
import { caughtUp } from '@eventcore/core/consumers';
import { prepareAppend, type Append } from '@eventcore/core/store';
import { seededRandom } from '@eventcore/testing';
import { atLength } from '../../../../tools/at-length.mjs';
import { faultKinds, startProxy, type FaultKind, type Proxy } from '../fixtures/proxy.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { definitions, doneBy, dueFor, REWARDED, TABLES, type Kind } from './work.fixture.js';
import { startWorker, type WorkerProcess } from './worker-process.fixture.js';

const EVENTS = atLength ? 100_000 : 10_000;
/** So often a statement meets a fault: there are as many as events. */
const STATEMENT_FAULTS = 20 / EVENTS;
/** So many accounts, and of so many events one leads to a command. */
const [ACCOUNTS, REWARDS] = [97, EVENTS / 200];
const consumers = { sums: 'rows', handled: 'inserts', rewards: 'reaction' } as const satisfies Record<string, Kind>;

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(300_000);

const database = testDatabase();
let store: PostgresStore;

beforeAll(async () => {
  store = database.store({ connectionString: database.url, listen: false });
  await store.migrate();
  await database.query(TABLES);
});

async function write(from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += 1000) {
    const appends: readonly Append[] = Array.from({ length: 100 }, (_, command) => {
      const events = Array.from({ length: 10 }, (_, nth) => {
        const n = first + command * 10 + nth;
        // Those that lead to commands have a command of their own number, by which the effects are told apart.
        const data = n % REWARDS === 0 ? REWARDED : 1;
        return { id: systemRuntime.uuid(), stream: `account-a${n % ACCOUNTS}`, type: 'Moved', data };
      });
      const streams = [...new Set(events.map(({ stream }) => stream))];
      return prepareAppend({
        commandId: systemRuntime.uuid(),
        fingerprint: 'x',
        expected: new Map(streams.map((stream) => [stream, 'any'])),
        events,
      });
    });
    const outcomes = await store.append(appends);
    expect(outcomes.filter(({ kind }) => kind !== 'committed')).toEqual([]);
  }
}

/** Nothing here appends by a connection that is frozen: that would hold all of them up, which has tests of its own. */
const cuts = faultKinds.filter((kind) => kind !== 'freeze' && kind !== 'refuse');

const here = process.env['PG_BIN'] ? it.skip : it;

here('many events take effect once each, with faults on', async () => {
  const seed = Number(process.env['EVENTCORE_FAULT_SEED'] ?? 7);
  const random = seededRandom(seed);
  const proxies: Proxy[] = [];
  const everyone: WorkerProcess[] = [];
  const workers: { readonly process: WorkerProcess; readonly proxy: Proxy }[] = [];
  const replacements = { killed: 0, stopped: 0, ended: 0 };
  let faulty = true;

  async function begin(): Promise<void> {
    const proxy = await startProxy(database.url);
    proxies.push(proxy);
    proxy.onConnect = () => faulty && random.chance(0.05);
    proxy.onCall = (call): FaultKind | undefined => {
      if (!faulty || !random.chance(call === 'statement' ? STATEMENT_FAULTS : 0.015)) return undefined;
      return random.pick(cuts);
    };
    const process = startWorker({
      store: {
        connectionString: proxy.url,
        listen: false,
        poolSize: 5,
        timeouts: { answer: 800, connect: 800, handler: 800 },
      },
      consumers,
      options: { leaseDuration: 1000, pollInterval: 100 },
      outside: database.url,
    });
    everyone.push(process);
    workers.push({ process, proxy });
  }

  /** Who works now may be anybody: each of them gets his turn. */
  async function replace(): Promise<void> {
    const { process, proxy } = workers.shift()!;
    const how = (['killed', 'stopped', 'ended'] as const)[replaced++ % 3]!;
    replacements[how] += 1;
    if (how === 'stopped') {
      process.signal('SIGSTOP');
      setTimeout(() => process.signal('SIGCONT'), 2000);
      workers.push({ process, proxy });
      return;
    }
    if (how === 'killed') {
      process.kill();
      expect((await process.ended).code).toBeNull();
    } else await process.end();
    await begin();
  }
  let replaced = 0;

  /** How often workers have told what. */
  function told(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { phase, error } of everyone.flatMap((process) => process.told)) {
      const what = phase === 'interrupted' ? `interrupted by ${String(error).split(':')[0]}` : phase;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    return counts;
  }

  const fired = (): Readonly<Record<string, number>> =>
    Object.fromEntries(faultKinds.map((kind) => [kind, proxies.reduce((sum, proxy) => sum + proxy.fired[kind], 0)]));

  /** What never went wrong has not been shown to do no harm. */
  const enough = (): boolean =>
    [...cuts, 'refuse' as const].every((kind) => fired()[kind]! > 0) &&
    Object.values(replacements).every((count) => count > 0) &&
    told()['leaseLost'] !== undefined;

  await write(0, EVENTS / 2);
  await begin();
  await begin();
  const names = Object.keys(consumers);
  const stands = async (): Promise<Position> =>
    (await Promise.all(names.map((name) => store.capabilities.checkpoints.load(name)))).sort()[0]!;
  for (let n = EVENTS / 2; n < EVENTS; n += EVENTS / 20) {
    await write(n, n + EVENTS / 20);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await replace();
  }
  // Until they have come to the end, and everything has gone wrong that may.
  let written = EVENTS;
  for (let waited = 1; (await stands()) < (await store.capabilities.head()) || !enough(); waited++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Not too often: whoever takes over begins his batch anew.
    if (waited % 20 === 0) await replace();
    if (waited % 20 === 0 && !enough()) await write(written, (written += 1000));
  }
  const last = await store.capabilities.head();
  const definitionsOf = Object.entries(consumers).map(([name, kind]) => definitions[kind](name) as object);
  await caughtUp(store, definitionsOf, last, { timeout: 60_000 });
  faulty = false;
  for (const { process, proxy } of workers) {
    proxy.thaw();
    process.signal('SIGCONT');
    await process.end();
  }
  await Promise.all(proxies.map((proxy) => proxy.close()));

  const effects: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(consumers)) {
    const [done, due] = [await doneBy(kind, name, store, database), await dueFor(kind, store)];
    effects[name] = kind === 'rows' ? undefined : compare(done, due);
    expect(done).toEqual(due);
  }
  if (process.env['EVENTCORE_FIGURES'] !== undefined) {
    process.stdout.write(
      `${JSON.stringify({ seed, events: written, fired: fired(), replacements, told: told(), effects })}\n`,
    );
  }
  expect(enough()).toBe(true);
  expect(told()['failed']).toBeUndefined();
});

function compare(done: object, due: object): object {
  const [given, wanted] = [done, due].map((effects) => Object.values(effects)[0] as readonly unknown[]) as [
    readonly unknown[],
    readonly unknown[],
  ];
  const unique = new Set(given);
  return {
    effects: given.length,
    skipped: wanted.filter((effect) => !unique.has(effect)).length,
    duplicates: given.length - unique.size,
  };
}
