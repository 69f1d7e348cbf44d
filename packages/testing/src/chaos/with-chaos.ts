/**
 * A store behind a bad network: calls take their time, get lost, arrive twice or late, and answers get lost.
 *
 * Whatever happens is allowed by the contract: an outcome that isn't the truth is `unknown`, or says `failed` of what was
 * not applied. What can't cope with it is wrong.
 */
import { isEventCoreError, StoreUnavailable, systemRuntime, type EventStore, type Runtime } from '@eventcore/core';
import type { Append, Outcome, Stale } from '@eventcore/core/store';
import { aroundStore } from './around-store.js';
import { checkFaults, faultKinds, noFaults, type FaultKind, type Faults } from './faults.js';
import { seededRandom, type SeededRandom } from './seeded-random.js';

export interface ChaosOptions {
  /** Where chance starts: the same seed and the same calls meet the same faults. */
  readonly seed: number;
  /** Those that may happen; the others don't. */
  readonly faults?: Partial<Faults>;
  /** How long a call takes to the store, and its answer back, in milliseconds at most. No time at all, unless given. */
  readonly latency?: number;
  /** How late what is late arrives, in milliseconds at most; 100 unless given. */
  readonly lateness?: number;
  /** How long an outage lasts, in milliseconds at most; 60,000 unless given: longer than an execution stays in doubt. */
  readonly longestOutage?: number;
  readonly runtime?: Pick<Runtime, 'sleep'>;
  /** Told of every fault as it happens. */
  readonly onFault?: (kind: FaultKind, commandId: string | undefined) => void;
}

export interface ChaosStore<Metadata = unknown> extends EventStore<Metadata> {
  /** How often each fault took effect. A test in which one never did has not tested it. */
  readonly fired: Readonly<Record<FaultKind, number>>;
  /** No more faults from now on; what is late still arrives. */
  calm(): void;
  /** Waits until everything that is late has arrived. */
  settled(): Promise<void>;
}

/**
 * Puts chaos around a store, from a seed.
 *
 * @example
 * ```ts
 * const flaky = withChaos(store, { seed: 7, faults: allFaults, latency: 5 });
 * await execute(new TransferMoney({ from: 'alice', to: 'bob', amount: 60 }), flaky);
 * console.log(flaky.fired.replyLost);
 * ```
 */
export function withChaos<Metadata>(store: EventStore<Metadata>, options: ChaosOptions): ChaosStore<Metadata> {
  const { latency = 0, lateness = 100, longestOutage = 60_000, runtime = systemRuntime, onFault } = options;
  checkFaults(options.faults ?? {}, faultKinds);
  const random: SeededRandom = seededRandom(options.seed);
  const fired = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  const underway = new Set<Promise<void>>();
  /** Command ids of all that was sent on to the store, or is said to have been. */
  const sentOn = new Set<string>();
  let outages = 0;
  let faults: Faults = { ...noFaults, ...options.faults };

  function strikes(kind: FaultKind, commandId?: string): boolean {
    if (faults[kind] === 0 || !random.chance(faults[kind])) return false;
    fired[kind] += 1;
    onFault?.(kind, commandId);
    return true;
  }

  function breakDown(): void {
    outages += 1;
    void runtime.sleep(random.next() * longestOutage).then(() => (outages -= 1));
  }

  async function travel(): Promise<void> {
    // Also without latency a number is drawn: the same seed meets the same faults either way.
    const time = random.next() * latency;
    if (latency > 0) await runtime.sleep(time);
  }

  /** Something that happens later, whoever waits for it. */
  function later(happens: () => Promise<unknown>): void {
    const arrival = (async () => {
      await runtime.sleep(random.next() * lateness);
      try {
        await happens();
      } catch (error) {
        // The store may be closed by then. Anything else is a fault of the store, and is seen as an unhandled rejection.
        if (!isEventCoreError(error, 'STORE_CLOSED')) throw error;
      }
    })();
    const tracked = arrival.finally(() => underway.delete(tracked));
    underway.add(tracked);
  }

  function sending(appends: readonly Append[]): readonly Append[] {
    for (const { commandId } of appends) sentOn.add(commandId);
    return appends;
  }

  function unknown(appends: readonly Append[]): readonly Outcome[] {
    sending(appends);
    return appends.map(() => ({ kind: 'unknown', error: new StoreUnavailable('The answer was lost (chaos).') }));
  }

  function leaveOutMissed(outcome: Outcome): Outcome {
    if (outcome.kind !== 'conflict' || !outcome.stale.some(hasMissed) || !strikes('missedLeftOut')) return outcome;
    const stale = outcome.stale.map((one): Stale => {
      if (!hasMissed(one)) return one;
      const { missed: _, ...rest } = one;
      return rest;
    });
    return { kind: 'conflict', stale };
  }

  /** A conflict is the truth, and known ids are answered first: it can't be imagined for what was, or may have been, applied. */
  function mayConflict({ commandId, expected }: Append): boolean {
    return !sentOn.has(commandId) && [...expected.values()].some((version) => typeof version === 'number');
  }

  async function append(appends: readonly Append[], call?: object): Promise<readonly Outcome[]> {
    const id = appends[0]?.commandId;
    await travel();
    if (outages > 0) {
      // One whose connection can't be opened knows that nothing was sent; one whose connection breaks knows nothing.
      if (random.chance(0.5)) throw unreachable();
      return unknown(appends);
    }
    if (strikes('outage', id)) {
      breakDown();
      // What brings a server down may have been the last thing that it did.
      if (random.chance(0.5)) await store.append(appends, call);
      return unknown(appends);
    }
    if (strikes('sendFails', id)) throw unreachable();
    if (strikes('refused', id)) return appends.map(() => ({ kind: 'failed', error: unreachable() }));
    if (appends.every(mayConflict) && strikes('conflict', id)) return appends.map(imaginedConflict);
    if (strikes('requestLost', id)) return unknown(appends);
    if (strikes('appliedLate', id)) {
      later(() => store.append(appends));
      return unknown(appends);
    }
    const outcomes = await store.append(sending(appends), call);
    // What was certainly not applied can't arrive later.
    const mayArriveAgain = outcomes.every(({ kind }) => kind !== 'failed');
    if (mayArriveAgain && strikes('deliveredTwice', id)) later(() => store.append(appends));
    await travel();
    return strikes('replyLost', id) ? unknown(appends) : outcomes.map(leaveOutMissed);
  }

  const chaotic = aroundStore(store, {
    async read(request, call) {
      await travel();
      if (outages > 0) throw unreachable();
      const result = await store.read(request, call);
      await travel();
      if (strikes('readFails')) throw unreachable();
      return result;
    },

    append,

    async readAll(query, call) {
      await travel();
      if (strikes('feedPaused')) await runtime.sleep(random.next() * lateness, call?.signal);
      if (outages > 0) throw unreachable();
      const page = await store.readAll(query, call);
      await travel();
      if (strikes('readFails')) throw unreachable();
      return page;
    },

    ...(store.hold !== undefined && {
      hold: async (queries, decide, call) => {
        await travel();
        if (outages > 0 || strikes('sendFails')) throw unreachable();
        let sent: readonly Append[] = [];
        const outcomes = await store.hold!(queries, (pages) => (sent = sending(decide(pages))), call);
        await travel();
        return sent.length > 0 && strikes('replyLost', sent[0]!.commandId) ? unknown(sent) : outcomes;
      },
    }),

    ...(store.watch !== undefined && {
      async *watch(signal: AbortSignal) {
        for await (const hint of store.watch!(signal)) {
          if (strikes('feedPaused')) await runtime.sleep(random.next() * lateness, signal);
          yield hint;
        }
      },
    }),
  });

  return Object.assign(chaotic, {
    fired,
    calm: () => {
      outages = -Infinity;
      faults = noFaults;
    },
    settled: async () => {
      while (underway.size > 0) await Promise.all(underway);
    },
  });
}

function hasMissed(stale: Stale): stale is Stale & { readonly reason: 'stale' } {
  return stale.reason === 'stale' && stale.missed !== undefined;
}

function unreachable(): StoreUnavailable {
  return new StoreUnavailable('The store could not be reached (chaos).');
}

/** As if another append of the same call had moved a stream: the executor reads it again, and finds it as it was. */
function imaginedConflict({ expected }: Append): Outcome {
  const stale: Stale[] = [];
  for (const [stream, version] of expected) {
    if (typeof version === 'number' && stale.length === 0) {
      stale.push({ stream, reason: 'moved', expected: version, actual: version });
    }
  }
  return { kind: 'conflict', stale };
}
