/** Releases that replace each other while their processes run side by side: forward, and back. */
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { load, readStream } from '@eventcore/core';
import { caughtUp, deadLettersOf, rowsOf, runConsumers } from '@eventcore/core/consumers';
import { startTelling, type TellingProcess } from '../consumers/worker-process.fixture.js';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { Account, release, Thanks, type ReleaseName } from './release.fixture.js';
import type { Deployment, Told } from './release-process.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(180_000);

const database = testDatabase();
let schemas = 0;
let schema: string;
let store: PostgresStore;

beforeEach(async () => {
  schema = `releases_${++schemas}`;
  store = database.store({ connectionString: database.url, schema, listen: false });
  await store.migrate();
});

/** All that each process of a release has printed, also those that are gone. */
const told = new Map<TellingProcess<Told>, ReleaseName>();
beforeEach(() => told.clear());

function start(name: ReleaseName): TellingProcess<Told> {
  const deployment: Deployment = { release: name, store: { connectionString: database.url, schema, poolSize: 4 } };
  const started = startTelling<Told>('releases/release-process.fixture.ts', {
    EVENTCORE_DEPLOYMENT: JSON.stringify(deployment),
  });
  told.set(started, name);
  return started;
}

/** Until a process has committed so many more commands from now on. */
async function commits(process: TellingProcess<Told>, count: number): Promise<void> {
  const committed = () => process.told.filter(({ phase }) => phase === 'committed').length;
  const enough = committed() + count;
  await process.hears(() => committed() >= enough);
}

/** Until one of the processes has handled an event with each consumer from now on. */
async function consume(processes: readonly TellingProcess<Told>[]): Promise<void> {
  for (const consumer of ['balances', 'thanking']) {
    await Promise.race(
      processes.map((process) => {
        const known = process.told.length;
        return process.hears((line) => handlesFrom(process.told.indexOf(line), known, line, consumer));
      }),
    );
  }
}

const handlesFrom = (index: number, known: number, line: Told, consumer: string): boolean =>
  index >= known && line.phase === 'advanced' && line.consumer === consumer;

/** Which kinds of lines were printed by processes of a release. */
function phasesOf(name: ReleaseName): ReadonlySet<string> {
  const processes = [...told].filter(([, release]) => release === name);
  return new Set(processes.flatMap(([process]) => process.told.map(({ phase }) => phase)));
}

/** How often events were stored in each version, and that each says the balance that all before it make. */
async function versionsStored(): Promise<Readonly<Record<number, number>>> {
  const versions: Record<number, number> = {};
  for (const key of ['a0', 'a1', 'a2']) {
    let balance = 0;
    for await (const { data } of readStream(store, Account.at(key))) {
      balance += data.cents;
      expect(data).toEqual({ cents: data.cents, balance, currency: 'EUR' });
    }
  }
  const { pages } = await store.read({
    streams: ['a0', 'a1', 'a2'].map((key) => ({ stream: Account.at(key).id, after: 0 as never })),
  });
  for (const { schemaVersion } of pages.flatMap(({ events }) => events)) {
    versions[schemaVersion] = (versions[schemaVersion] ?? 0) + 1;
  }
  return versions;
}

/** That each deposit that was committed was counted once and thanked for once, and that no event was given up. */
async function nothingIsLost(): Promise<void> {
  const { consumers } = release('C');
  await using _ = runConsumers(store, consumers, { after: 'beginning', leaseDuration: 300, pollInterval: 20 });
  await caughtUp(store, consumers, await store.capabilities.head!(), { timeout: 60_000 });
  const committed = [...told.keys()].flatMap((process) =>
    process.told.flatMap((line) => (line.phase === 'committed' ? [line.cents] : [])),
  );
  let deposited = 0;
  for (const key of ['a0', 'a1', 'a2']) {
    const { cents } = await load(store, Account.at(key));
    expect(await rowsOf(store, consumers[0] as never).row(key)).toEqual({ cents });
    deposited += cents;
  }
  const sum = (list: readonly number[]) => list.reduce((total, cents) => total + cents, 0);
  const { cents: thanked, count } = await load(store, Thanks.at('all'));
  expect([deposited, thanked, count]).toEqual([sum(committed), sum(committed), committed.length]);
  for (const consumer of consumers) {
    for await (const letter of deadLettersOf(store, consumer)) expect(letter).toBeUndefined();
  }
}

describe('a new version of an event', () => {
  it('is rolled out by a release that reads it and writes the old one, and back, with no command refused and no event lost', async () => {
    let running: TellingProcess<Told>[] = [];
    const steps: readonly (readonly ReleaseName[])[] = [
      ['A'],
      ['A', 'B'], // B is rolled out, …
      ['A'], // … rolled back, …
      ['A', 'B'],
      ['B'], // … and there at last.
      ['B', 'C'],
      ['B'], // C has written version 2 by now, and B reads it.
      ['B', 'C'],
      ['C'],
    ];
    for (const names of steps) {
      const left = running.filter((process) => !names.includes(told.get(process)!));
      const stays = running.filter((process) => names.includes(told.get(process)!));
      const come = names.filter((name) => !stays.some((process) => told.get(process) === name)).map(start);
      running = [...stays, ...come];
      await Promise.all(running.map((process) => commits(process, 4)));
      for (const process of left) await process.end();
      await Promise.all(running.map((process) => commits(process, 4)));
      await consume(running);
    }
    for (const process of running) await process.end();

    for (const name of ['A', 'B', 'C'] as const) {
      expect([name, [...phasesOf(name)].sort()]).toEqual([name, ['advanced', 'committed', 'ended', 'ready']]);
    }
    const versions = await versionsStored();
    expect(Object.keys(versions)).toEqual(['1', '2']);
    await nothingIsLost();
  });

  it('that is rolled out all at once has the older release refuse commands and give way, and nothing is lost either', async () => {
    const old = start('A');
    await commits(old, 4);
    const fresh = start('C');
    await commits(fresh, 4);
    await old.hears(({ phase }) => phase === 'refused');
    await old.hears((line) => line.phase === 'outdated' && line.consumer === 'balances');
    await old.hears((line) => line.phase === 'outdated' && line.consumer === 'thanking');
    await consume([fresh]);
    await old.end();
    await fresh.end();

    expect(phasesOf('A')).not.toContain('stopped');
    expect(phasesOf('A')).not.toContain('failed');
    for (const line of old.told) if (line.phase === 'refused') expect(line.code).toBe('UNKNOWN_EVENT_TYPE');
    expect([...phasesOf('C')].sort()).toEqual(['advanced', 'committed', 'ended', 'ready']);
    await versionsStored();
    await nothingIsLost();
  });
});
