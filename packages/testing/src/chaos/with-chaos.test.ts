/** Chaos is what the contract allows: every fault does what it says, and no answer is a lie. */
import { describe, expect, it } from '@jest/globals';
import { START, version, type EventStore } from '@eventcore/core';
import type { Append } from '@eventcore/core/store';
import { createMemoryStore } from '@eventcore/memory';
import { anAppend, on, stream } from '../contract/section/arrange.js';
import { wholeStream } from '../contract/section/observe.js';
import { aroundStore } from './around-store.js';
import { allFaults, faultKinds, type FaultKind } from './faults.js';
import { withChaos, type ChaosStore } from './with-chaos.js';

const deposit = (expected = 0): Append => anAppend({ expected: { 'account-a': expected }, events: [on('account-a')] });
const chaotic = (fault: FaultKind, store: EventStore = createMemoryStore(), probability = 1): ChaosStore =>
  withChaos(store, { seed: 1, faults: { [fault]: probability }, lateness: 1 });
const sizeOf = async (store: EventStore): Promise<number> => (await wholeStream(store, 'account-a')).length;
const page = { streams: [{ stream: stream('account-a'), after: version(0) }] };

describe('chaos', () => {
  it('lets every call through where no fault is asked for', async () => {
    const store = withChaos(createMemoryStore(), { seed: 1 });
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'committed' }]);
    expect((await store.read(page)).pages[0]!.version).toBe(1);
    expect((await store.readAll({ after: START, limit: 10 })).events).toHaveLength(1);
    expect(Object.values(store.fired)).toEqual(faultKinds.map(() => 0));
  });

  it('readFails: reads throw that the store is unavailable', async () => {
    const store = chaotic('readFails');
    await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
    await expect(store.readAll({ after: START, limit: 1 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(store.fired.readFails).toBe(2);
  });

  it('sendFails: an append and a hold throw, and nothing is applied', async () => {
    const inner = createMemoryStore();
    const store = chaotic('sendFails', inner);
    await expect(store.append([deposit()])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.hold!([], () => [deposit()])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect([await sizeOf(inner), store.fired.sendFails]).toEqual([0, 2]);
  });

  it('refused: an append has failed for a passing reason, and is not applied', async () => {
    const inner = createMemoryStore();
    expect(await chaotic('refused', inner).append([deposit()])).toMatchObject([
      { kind: 'failed', error: { retriable: true } },
    ]);
    expect(await sizeOf(inner)).toBe(0);
  });

  it('conflict: an append is said to have met a conflict, and is not applied', async () => {
    const inner = createMemoryStore();
    expect(await chaotic('conflict', inner).append([deposit()])).toMatchObject([
      { kind: 'conflict', stale: [{ stream: 'account-a', reason: 'moved', expected: 0 }] },
    ]);
    expect(await sizeOf(inner)).toBe(0);
  });

  it('conflict: is never imagined for what may have been applied, nor for what expects nothing', async () => {
    const append = deposit();
    const fickle = withChaos(createMemoryStore(), { seed: 4, faults: { requestLost: 0.5, conflict: 0.5 } });
    let doubted = false;
    for (let n = 0; n < 50; n++) {
      const [outcome] = await fickle.append([append]);
      if (outcome!.kind === 'conflict') expect(doubted).toBe(false);
      doubted ||= outcome!.kind === 'unknown';
    }
    expect(doubted).toBe(true);
    const blind = anAppend({ expected: { 'account-a': 'any' }, events: [on('account-a')] });
    expect(await chaotic('conflict').append([blind])).toMatchObject([{ kind: 'committed' }]);
  });

  it('conflict: is never imagined for a command id that the store knows, however it came to know it', async () => {
    const fickle = withChaos(createMemoryStore(), { seed: 1, faults: { conflict: 0.5 } });
    const [sent, held] = [deposit(), anAppend({ expected: { 'account-b': 0 }, events: [on('account-b')] })];
    while ((await fickle.append([sent]))[0]!.kind === 'conflict');
    await fickle.hold!([], () => [held]);
    const again = await Promise.all(Array.from({ length: 20 }, (_, n) => fickle.append([n % 2 === 0 ? sent : held])));
    expect(new Set(again.flat().map(({ kind }) => kind))).toEqual(new Set(['duplicate']));
    const fresh = Array.from({ length: 20 }, (_, n) =>
      fickle.append([anAppend({ expected: { [`order-${n}`]: 0 }, events: [on(`order-${n}`)] })]),
    );
    expect(new Set((await Promise.all(fresh)).flat().map(({ kind }) => kind))).toContain('conflict');
  });

  it('conflict: is imagined for a whole call, or not at all, and names one stream of each append', async () => {
    const both = { 'account-a': 0, 'account-b': 0 };
    const one = anAppend({ expected: both, events: [on('account-a')] });
    const blind = anAppend({ expected: { 'account-c': 'any' }, events: [on('account-c')] });
    const store = chaotic('conflict');
    expect(await store.append([one, anAppend({ expected: both })])).toMatchObject([
      { kind: 'conflict', stale: [{ stream: 'account-a', reason: 'moved', expected: 0, actual: 0 }] },
      { kind: 'conflict', stale: [{ stream: 'account-a', reason: 'moved', expected: 0, actual: 0 }] },
    ]);
    expect((await store.append([one, blind])).map(({ kind }) => kind)).toEqual(['committed', 'committed']);
    const [inDoubt, other] = [deposit(), anAppend({ expected: { 'account-b': 0 }, events: [on('account-b')] })];
    const lost = withChaos(createMemoryStore(), { seed: 1, faults: { requestLost: 1, conflict: 1 } });
    await lost.append([blind, inDoubt]);
    for (const append of [inDoubt, other]) expect(await lost.append([append])).not.toBe(undefined);
    expect(lost.fired).toMatchObject({ requestLost: 2, conflict: 1 });
  });

  it('missedLeftOut: a conflict names its streams, and not what was missed', async () => {
    const store = chaotic('missedLeftOut');
    await store.append([deposit()]);
    const [outcome] = await store.append([deposit()]);
    expect(outcome).toEqual({
      kind: 'conflict',
      stale: [{ stream: 'account-a', reason: 'stale', expected: 0, actual: 1 }],
    });
  });

  it('outage: for some time nothing gets through, and nobody can tell whether it did', async () => {
    let end = (): void => undefined;
    const inner = createMemoryStore();
    const runtime = { sleep: () => new Promise<void>((resolve) => (end = resolve)) };
    const store = withChaos(inner, { seed: 1, faults: { outage: 1 }, runtime });
    const [last] = await store.append([deposit()]);
    const before = await sizeOf(inner);
    await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.readAll({ after: START, limit: 1 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.hold!([], () => [deposit()])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const ends: string[] = [];
    for (let n = 0; n < 20; n++) {
      const answer = await store.append([deposit()]).catch(() => [{ kind: 'thrown' }]);
      ends.push(answer[0]!.kind);
    }
    expect([last!.kind, new Set(ends), await sizeOf(inner), store.fired.outage]).toEqual([
      'unknown',
      new Set(['thrown', 'unknown']),
      before,
      1,
    ]);

    end();
    store.calm();
    expect(await store.append([deposit(before)])).toMatchObject([{ kind: 'committed' }]);
  });

  it('requestLost: nobody knows of the append, and it is not applied', async () => {
    const inner = createMemoryStore();
    const store = chaotic('requestLost', inner);
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'unknown' }]);
    await store.settled();
    expect(await sizeOf(inner)).toBe(0);
  });

  it('replyLost: nobody is told of the append, and it is applied; also under a hold', async () => {
    const inner = createMemoryStore();
    const store = chaotic('replyLost', inner);
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'unknown' }]);
    expect(await store.hold!([], () => [deposit(1)])).toMatchObject([{ kind: 'unknown' }]);
    expect(await store.hold!([], () => [])).toEqual([]);
    expect([await sizeOf(inner), store.fired.replyLost]).toEqual([2, 2]);
  });

  it('appliedLate: nobody knows of the append until it arrives later', async () => {
    const inner = createMemoryStore();
    const store = chaotic('appliedLate', inner);
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'unknown' }]);
    expect(await sizeOf(inner)).toBe(0);
    await store.settled();
    expect(await sizeOf(inner)).toBe(1);
  });

  it('deliveredTwice: an append arrives again later, and the store knows it', async () => {
    const outcomes: string[] = [];
    const inner = createMemoryStore();
    const noting = aroundStore(inner, {
      append: async (...given) => {
        const answer = await inner.append(...given);
        outcomes.push(...answer.map(({ kind }) => kind));
        return answer;
      },
    });
    const store = chaotic('deliveredTwice', noting);
    await store.append([deposit()]);
    await store.settled();
    expect([outcomes, await sizeOf(inner)]).toEqual([['committed', 'duplicate'], 1]);
  });

  it('deliveredTwice: what has failed was certainly not applied, and never arrives', async () => {
    const inner = createMemoryStore();
    const refusing = chaotic('refused', inner);
    const store = chaotic('deliveredTwice', refusing);
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'failed' }]);
    refusing.calm();
    await store.settled();
    expect([await sizeOf(inner), store.fired.deliveredTwice]).toEqual([0, 0]);
  });

  it('appliedLate, deliveredTwice: a call arrives as a whole', async () => {
    for (const fault of ['appliedLate', 'deliveredTwice'] as const) {
      const calls: number[] = [];
      const inner = createMemoryStore();
      const noting = aroundStore(inner, {
        append: (appends, call) => (calls.push(appends.length), inner.append(appends, call)),
      });
      const store = chaotic(fault, noting);
      await store.append([deposit(), anAppend({ expected: { 'account-a': { after: 0 } }, events: [on('account-a')] })]);
      await store.settled();
      expect([calls, await sizeOf(inner)]).toEqual([fault === 'appliedLate' ? [2] : [2, 2], 2]);
    }
  });

  it('outage: is over after its time', async () => {
    const ends: (() => void)[] = [];
    const runtime = { sleep: () => new Promise<void>((resolve) => void ends.push(resolve)) };
    const faults = { outage: 1 };
    const store = withChaos(createMemoryStore(), { seed: 1, faults, runtime });
    await store.append([deposit()]);
    await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    ends.forEach((end) => end());
    await Promise.resolve();
    expect((await store.read(page)).pages).toHaveLength(1);
  });

  it('outage: is over when it is calmed', async () => {
    const runtime = { sleep: () => new Promise<void>(() => undefined) };
    const store = withChaos(createMemoryStore(), { seed: 1, faults: { outage: 1 }, runtime });
    await store.append([deposit()]);
    store.calm();
    expect((await store.read(page)).pages).toHaveLength(1);
  });

  it('outage: what begins it was applied, or not', async () => {
    const sizes = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const inner = createMemoryStore();
      const runtime = { sleep: () => new Promise<void>(() => undefined) };
      await withChaos(inner, { seed, faults: { outage: 1 }, runtime }).append([deposit()]);
      sizes.add(await sizeOf(inner));
    }
    expect(sizes).toEqual(new Set([0, 1]));
  });

  it('feedPaused: pages and hints come later, and come', async () => {
    const slept: number[] = [];
    const store = withChaos(createMemoryStore(), {
      seed: 1,
      faults: { feedPaused: 1 },
      lateness: 50,
      runtime: { sleep: async (milliseconds) => void slept.push(milliseconds) },
    });
    const leaving = new AbortController();
    const hints = store.watch!(leaving.signal)[Symbol.asyncIterator]();
    const hint = hints.next();
    await store.append([deposit()]);
    expect((await store.readAll({ after: START, limit: 1 })).events).toHaveLength(1);
    expect(await hint).toMatchObject({ done: false });
    leaving.abort();
    expect(slept).toHaveLength(2);
    expect(slept.every((time) => time >= 0 && time <= 50)).toBe(true);
  });

  it('takes its time both ways', async () => {
    const slept: number[] = [];
    const runtime = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
    await withChaos(createMemoryStore(), { seed: 1, latency: 9, runtime }).read(page);
    expect(slept).toHaveLength(2);
    expect(slept.every((time) => time >= 0 && time <= 9)).toBe(true);
  });

  it('is the same for the same seed, and another one for another', async () => {
    const faultsOf = async (seed: number): Promise<string[]> => {
      const seen: string[] = [];
      const store = withChaos(createMemoryStore(), {
        seed,
        faults: allFaults,
        lateness: 1,
        onFault: (kind) => seen.push(kind),
      });
      for (let n = 0; n < 60; n++) {
        await store
          .append([anAppend({ expected: { 'account-a': 'any' }, events: [on('account-a')] })])
          .catch(() => seen.push('threw'));
      }
      await store.settled();
      return seen;
    };
    expect(await faultsOf(7)).toEqual(await faultsOf(7));
    expect(await faultsOf(7)).not.toEqual(await faultsOf(8));
  });

  it('refuses faults that there are not', () => {
    const withFaults = (faults: object) => () => withChaos(createMemoryStore(), { seed: 1, faults });
    expect(withFaults({ replyLst: 1 })).toThrow('There is no fault "replyLst". There are readFails,');
    expect(withFaults({ replyLost: 2 })).toThrow('The fault "replyLost" needs a probability from 0 to 1, not 2.');
  });

  it('comes to an end when it is calmed', async () => {
    const store = chaotic('requestLost');
    store.calm();
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'committed' }]);
  });

  it('goes around a store that is an instance of a class, and keeps what it offers', async () => {
    class ClassStore {
      readonly #inner = createMemoryStore();
      readonly capabilities = this.#inner.capabilities;
      read: EventStore['read'] = (...given) => this.#inner.read(...given);
      append(appends: readonly Append[]): ReturnType<EventStore['append']> {
        return this.#inner.append(appends);
      }
      readAll: EventStore['readAll'] = (...given) => this.#inner.readAll(...given);
      close = (): Promise<void> => this.#inner.close();
      [Symbol.asyncDispose] = (): Promise<void> => this.close();
    }
    const inner = new ClassStore();
    const store = withChaos(inner, { seed: 1 });
    expect(await store.append([deposit()])).toMatchObject([{ kind: 'committed' }]);
    expect([store.hold, store.watch, store.capabilities]).toEqual([undefined, undefined, inner.capabilities]);
    await store[Symbol.asyncDispose]();
    await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('passes on what the store was set to', async () => {
    const inner = createMemoryStore({ onUnknownEvent: 'skip' });
    expect(withChaos(inner, { seed: 1 }).settings).toBe(inner.settings);
    expect(inner.settings).toBeDefined();
  });

  it('lateness: what is late takes some of it', async () => {
    const slept: number[] = [];
    const runtime = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
    const store = withChaos(createMemoryStore(), { seed: 1, faults: { appliedLate: 1 }, lateness: 50, runtime });
    await store.append([deposit()]);
    await store.settled();
    expect(slept).toHaveLength(1);
    expect(slept[0]! > 0 && slept[0]! <= 50).toBe(true);
  });

  it('what arrives late at a closed store is gone, and nobody is bothered', async () => {
    const inner = createMemoryStore();
    const store = chaotic('appliedLate', inner);
    await store.append([deposit()]);
    await inner.close();
    await expect(store.settled()).resolves.toBeUndefined();
  });

  it('what a store then does wrong is heard of', async () => {
    const inner = createMemoryStore();
    const failing = aroundStore(inner, { append: () => Promise.reject(new Error('out of its mind')) });
    const store = chaotic('appliedLate', failing);
    await store.append([deposit()]);
    await expect(store.settled()).rejects.toThrow('out of its mind');
  });
});
