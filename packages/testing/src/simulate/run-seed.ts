/** One run: clients and consumers at once on one store, in virtual time, with all chance from one seed. */
import { START, type AnyCommand, type EventStore, type Runtime } from '@eventcore/core';
import type { Outcome } from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import { aroundStore } from '../chaos/around-store.js';
import { seededRandom } from '../chaos/seeded-random.js';
import type { Faults } from '../chaos/faults.js';
import { withChaos, type ChaosStore } from '../chaos/with-chaos.js';
import { checkHistory } from '../judge/check-history.js';
import type { Verdict } from '../judge/verdict.js';
import type { History } from '../judge/history.js';
import { recordHistory, type HistoryRecorder } from '../record/record-history.js';
import { runClient } from './client.js';
import { runConsumer } from './consumer.js';
import { Host } from './host.js';
import { faultsOf, type SimulatedFaults, type Simulation } from './simulation.js';
import { World } from './world.js';

/** How a run ended. */
export interface Run {
  readonly seed: number;
  readonly history: History;
  readonly verdict: Verdict;
  /** What the invariant threw, or what ended a client, if anything did. */
  readonly broken: { readonly error: unknown } | undefined;
  readonly conflicts: number;
  readonly doubts: number;
  readonly fired: Readonly<Record<keyof SimulatedFaults, number>>;
}

/** Something that is done wrong: beyond the chaos, as a store would do it, or on this side, as an executor would. */
export interface Sabotage {
  readonly inStore?: (store: EventStore, world: World) => EventStore;
  readonly inExecutor?: (store: EventStore, world: World) => EventStore;
}

export interface RunOptions {
  readonly clients: number;
  readonly rounds: number;
  readonly tell?: (moment: number, who: string, what: string) => void;
  /** For tests of the simulator itself: something that is done wrong. */
  readonly sabotage?: Sabotage;
}

/** Calls take up to so many milliseconds, each way. */
const LATENCY = 8;
/** So late, at most, arrives what is late. */
const LATENESS = 120;
/** Whoever takes so much virtual time for a command, all its attempts included, waits for what never comes. */
const LONGEST_ROUND = 600_000;
const NEVER =
  'nothing happens in real time here, so a timer, a server or a file is never waited for to the end. What takes time takes it from the runtime.';
/** So long a consumer has to catch up in peace. */
const CATCHING_UP = 120_000;
/** One consumer for each. */
const BATCH_SIZES = [1, 3, 50];

export async function runSeed<Metadata>(
  simulation: Simulation<Metadata>,
  seed: number,
  { clients, rounds, tell, sabotage }: RunOptions,
): Promise<Run> {
  const world = new World(seed, tell);
  const { time, runtime } = world;
  const faults = faultsOf(simulation as Simulation);
  const made = simulation.store?.(runtime) ?? createMemoryStore<Metadata>({ runtime });
  const store = between(made, sabotage?.inStore, world);
  const recorder = recordHistory(store, { ...(simulation.told && { told: simulation.told }) });
  const { crash: _, clockJump: __, ...betweenThem } = faults;
  const chaos = chaosAround(store, betweenThem, world);
  const counts = { conflict: 0, unknown: 0 };
  const reached = between(counting(chaos, counts), sabotage?.inExecutor, world);
  const firedOnClients = { crash: 0, clockJump: 0 };
  let broken: Run['broken'];

  /** Lets time pass until all of them are done, or one of them fails, or they never will be. */
  async function until(running: readonly Promise<void>[], longest: number, stuck: string): Promise<void> {
    let left = running.length;
    for (const one of running) {
      one.catch((error: unknown) => (broken ??= { error })).finally(() => (left -= 1));
    }
    await time.pass(() => left === 0 || broken !== undefined, time.now + longest);
    if (left > 0) broken ??= { error: new Error(`${stuck} waits for something that never comes: ${NEVER}`) };
  }

  /** Lets time pass while something is done that may take some, as a store of the user's may. */
  async function inTime<T>(does: () => Promise<T>): Promise<T> {
    let done = false;
    const running = does().finally(() => (done = true));
    // Heard of below, once time has passed.
    running.catch(() => undefined);
    await time.pass(() => done, time.now + LONGEST_ROUND);
    return running;
  }

  await until([prepare(recorder, simulation.before ?? [], runtime)], LONGEST_ROUND, 'What is executed before');

  const leaving = new AbortController();
  const consumers = BATCH_SIZES.map((batchSize, index) => {
    const given = recorder.feed(`consumer-${index + 1}`);
    const consumer = runConsumer({ store: reached as EventStore, runtime, batchSize, given, signal: leaving.signal });
    consumer.ended.catch((error: unknown) => (broken ??= { error }));
    return consumer;
  });
  const chances = Array.from({ length: clients }, (_, index) => seededRandom(seed * 1_000 + index));
  const hosts = chances
    .slice(0, simulation.processes ?? clients)
    .map((random, index) => new Host(`process-${index + 1}`, world, random));
  const working = Array.from({ length: broken === undefined ? clients : 0 }, (_, index) =>
    runClient({
      name: `client-${index + 1}`,
      rounds,
      world,
      host: hosts[index % hosts.length]!,
      random: chances[index]!,
      recorder,
      store: reached,
      faults,
      commands: simulation.commands,
      fired: firedOnClients,
    }),
  );
  await until(working, rounds * LONGEST_ROUND, 'A client');

  // What is still under way arrives, of clients that have crashed too; and consumers come to the end.
  chaos.calm();
  await time.pass(() => false, time.now + 2 * (LATENCY + LATENESS));
  const end = await inTime(() => endOf(store as EventStore));
  await time.pass(() => consumers.every((consumer) => consumer.upTo() === end), time.now + CATCHING_UP);
  leaving.abort();

  try {
    if (broken === undefined && (await inTime(async () => simulation.invariant?.(store))) === false) {
      broken = { error: new Error('The invariant gave false.') };
    }
  } catch (error) {
    broken = { error };
  }
  const history = await inTime(() => recorder.history());
  await inTime(() => store.close());
  const fired = { ...chaos.fired, ...firedOnClients };
  return {
    seed,
    history,
    verdict: checkHistory(history),
    broken,
    conflicts: counts.conflict,
    doubts: counts.unknown,
    fired,
  };
}

function chaosAround<Metadata>(store: EventStore<Metadata>, faults: Faults, world: World): ChaosStore<Metadata> {
  const { tell, random, runtime } = world;
  return withChaos(store, {
    seed: random.integer(0, 2 ** 31),
    faults,
    latency: LATENCY,
    lateness: LATENESS,
    runtime,
    ...(tell && { onFault: (kind, id) => id !== undefined && tell('chaos', `${kind} (${id})`) }),
  });
}

/** What is done wrong knows nothing of metadata. */
function between<Metadata>(
  store: EventStore<Metadata>,
  sabotage: Sabotage['inStore'],
  world: World,
): EventStore<Metadata> {
  return sabotage === undefined ? store : (sabotage(store as EventStore, world) as EventStore<Metadata>);
}

async function prepare<Metadata>(
  recorder: HistoryRecorder<Metadata>,
  commands: readonly AnyCommand[],
  runtime: Runtime,
): Promise<void> {
  for (const [index, command] of commands.entries()) {
    try {
      await recorder.execute('before', command, { runtime });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`before[${index}], ${String(command)}, failed: ${message}`, { cause: error });
    }
  }
}

async function endOf(store: EventStore): Promise<string> {
  for (let after = START; ;) {
    const { upTo } = await store.readAll({ after, limit: 1_000 });
    if (upTo === after) return after;
    after = upTo;
  }
}

function counting<Metadata>(
  store: EventStore<Metadata>,
  counts: { conflict: number; unknown: number },
): EventStore<Metadata> {
  const count = (outcomes: readonly Outcome[]): readonly Outcome[] => {
    for (const { kind } of outcomes) if (kind === 'conflict' || kind === 'unknown') counts[kind] += 1;
    return outcomes;
  };
  return aroundStore(store, {
    append: async (...given) => count(await store.append(...given)),
    ...(store.hold !== undefined && { hold: async (...given) => count(await store.hold!(...given)) }),
  });
}
