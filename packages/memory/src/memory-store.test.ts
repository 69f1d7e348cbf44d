/** What is special to this store. That it keeps the contract is shown by the suite in `@eventcore/testing`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  isEventCoreError,
  keyOf,
  START,
  systemRuntime,
  version,
  type CommandId,
  type EventId,
  type RecordedEvent,
  type StreamId,
} from '@eventcore/core';
import { prepareAppend, sequencePosition, type Append, type Outcome } from '@eventcore/core/store';
import { createMemoryStore, type MemoryStore } from './memory-store.js';

const alice = 'account-alice' as StreamId;
const bob = 'account-bob' as StreamId;

describe('what comes out', () => {
  it.each(['lean', 'full'] as const)('is frozen, so that no reader changes the store (%s)', async (detail) => {
    const store = createMemoryStore();
    await store.append([anAppend({ [alice]: 0 }, [alice])]);
    const [event] = await eventsOf(store, alice, detail);
    expect(() => Object.assign(event!, { type: 'Forged' })).toThrow(TypeError);
    expect(() => Object.assign(event!.data!, { amount: 1_000_000 })).toThrow(TypeError);
    if (detail === 'full')
      expect(() => Object.assign((event as RecordedEvent).metadata!, { by: 'me' })).toThrow(TypeError);
  });

  it('is the reader’s own where it is a list: emptying it takes nothing from the next reader', async () => {
    const store = createMemoryStore();
    const append = anAppend({ [alice]: 0 }, [alice, alice]);
    await store.append([append]);
    for (const detail of ['lean', 'full'] as const) ((await eventsOf(store, alice, detail)) as unknown[]).pop();
    ((await store.readAll({ after: START, limit: 10 })).events as unknown[]).pop();
    ((await store.read({ streams: [], commands: [append.commandId] })).recorded[0]!.receipt.events as unknown[]).pop();
    expect(await eventsOf(store, alice)).toHaveLength(2);
    expect((await store.readAll({ after: START, limit: 10 })).events).toHaveLength(2);
    expect((await store.append([append]))[0]).toMatchObject({ kind: 'duplicate', receipt: { events: [{}, {}] } });
  });

  it('is as it was appended, whatever the caller does to the append afterwards', async () => {
    const store = createMemoryStore();
    const prepared = anAppend({ [alice]: 0 }, [alice]);
    // What core's own executor sends is not frozen: nobody but the store gets to see it.
    const append = { ...prepared, events: prepared.events.map((event) => ({ ...event })) };
    const { id } = append.events[0]!;
    await store.append([append]);
    Object.assign(append.events[0]!, { type: 'Forged', id: bob });
    append.events.push(append.events[0]!);
    expect(await eventsOf(store, alice, 'full')).toMatchObject([{ id, type: 'Tested' }]);
  });

  it('holds nothing but what folding needs, unless it is asked for', async () => {
    const store = createMemoryStore();
    await store.append([anAppend({ [alice]: 0 }, [alice])]);
    expect(await eventsOf(store, alice)).toStrictEqual([{ type: 'Tested', schemaVersion: 1, data: { amount: 1 } }]);
  });
});

describe('positions', () => {
  it('number the commands that wrote something 1, 2, 3, … and their events from 0, without a gap', async () => {
    const store = createMemoryStore();
    const first = anAppend({ [alice]: 0 }, [alice, alice]);
    await store.append([first, anAppend({ [alice]: 7 }, [alice]), first, anAppend({ [bob]: 0 }, [])]);
    await store.append([anAppend({ [bob]: 'any' }, [bob]), anAppend({ [bob]: { after: 0 } }, [bob])]);
    const { events } = await store.readAll({ after: START, limit: 10 });
    expect(events.map(({ position }) => position)).toEqual([
      sequencePosition(1, 0),
      sequencePosition(1, 1),
      sequencePosition(2, 0),
      sequencePosition(3, 0),
    ]);
  });
});

describe('one turn of the event loop', () => {
  it('judges and writes: of two appends that race within it, the second finds what the first wrote', async () => {
    const store = createMemoryStore();
    const racing = [1, 2].map(() => store.append([anAppend({ [alice]: 0, [bob]: 0 }, [alice, bob])]));
    const kinds = (await Promise.all(racing)).map(([outcome]) => outcome!.kind);
    expect(kinds).toEqual(['committed', 'conflict']);
  });

  it('is all that a read needs: it sees an append that was called before it and never awaited', async () => {
    const store = createMemoryStore();
    void store.append([anAppend({ [alice]: 0, [bob]: 0 }, [alice, bob])]);
    const reading = store.read({ streams: [query(alice), query(bob)] });
    void store.append([anAppend({ [alice]: 1, [bob]: 1 }, [alice, bob])]);
    expect((await reading).pages.map((page) => page.version)).toEqual([1, 1]);
  });

  it('is all that a hold takes: what races with it comes before or after', async () => {
    const store = createMemoryStore();
    const before = store.append([anAppend({ [alice]: 0 }, [alice])]);
    const held = store.hold([{ stream: alice, after: version(0), mode: 'write' }], ([page]) => [
      anAppend({ [alice]: page!.version }, [alice]),
    ]);
    const after = store.append([anAppend({ [alice]: 1 }, [alice])]);
    expect((await Promise.all([before, held, after])).map(([outcome]) => outcome!.kind)).toEqual([
      'committed',
      'committed',
      'conflict',
    ]);
  });

  it('has no promise that is rejected before it is looked at, nor a throw instead of one', async () => {
    const store = createMemoryStore();
    await store.close();
    let call: Promise<unknown> | undefined;
    expect(() => (call = store.append([]))).not.toThrow();
    await expect(call).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});

describe('a million events', () => {
  const long = 'account-long' as StreamId;
  const marker = 'account-marker' as StreamId;
  const million = 1_000_000;
  let store: MemoryStore;

  beforeAll(async () => {
    store = createMemoryStore();
    const template = anAppend(
      { [long]: 'any' },
      Array.from({ length: 10_000 }, () => long),
    );
    for (let count = 0; count < million; count += 10_000) {
      await store.append([{ ...template, commandId: systemRuntime.uuid() as CommandId }]);
    }
    await store.append([anAppend({ [marker]: 0 }, [marker])]);
  });

  /** What so many calls cost of this process, which does not depend on how busy the machine is. */
  async function work(calls: number, call: () => Promise<unknown>): Promise<number> {
    const before = process.cpuUsage();
    for (let count = 0; count < calls; count++) await call();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  it('are read from their end without a look at the rest', async () => {
    const streams = [{ stream: long, after: version(million - 3) }];
    const near = [{ stream: marker, after: version(0) }];
    const short = await work(10_000, () => store.read({ streams: near }));
    // A copy of the stream would be some hundred times as much work each time.
    expect(await work(10_000, () => store.read({ streams }))).toBeLessThan(30 * short);
    expect((await store.read({ streams })).pages[0]).toMatchObject({ version: million, events: [{}, {}, {}] });
  });

  it('come in pages, which end early and go on', async () => {
    const first = (await store.read({ streams: [query(long)] })).pages[0]!;
    expect(first.version).toBe(million);
    expect(first.events).toHaveLength(5_000);
    const streams = [{ stream: long, after: version(first.events.length), limit: 7 }];
    expect((await store.read({ streams })).pages[0]!.events).toHaveLength(7);
  });

  it('are found in the feed without a look at those before', async () => {
    const query = { after: sequencePosition(million / 10_000, 9_998), limit: 1 };
    const near = { after: sequencePosition(1, 9_998), limit: 1 };
    const short = await work(2_000, () => store.readAll(near));
    // To walk there would be some hundred times as much work each time.
    expect(await work(2_000, () => store.readAll(query))).toBeLessThan(30 * short);
    expect((await store.readAll(query)).events).toMatchObject([{ stream: long, version: million }]);
  });

  it('are not all looked at in one call when hardly one matches, and yet it is found', async () => {
    const filter = { streams: [marker] };
    const first = await store.readAll({ after: START, filter, limit: 1 });
    expect(first).toEqual({ events: [], upTo: sequencePosition(10, 9_999) });
    let { events, upTo } = first;
    let calls = 1;
    while (events.length === 0) {
      ({ events, upTo } = await store.readAll({ after: upTo, filter, limit: 1 }));
      calls++;
    }
    expect({ events, calls }).toMatchObject({ events: [{ stream: marker }], calls: 11 });
  });

  it('are not handed to whoever missed them, when they are too much', async () => {
    const [outcome] = await store.append([anAppend({ [long]: million - 2, [marker]: 0 }, [long])]);
    const [other] = await store.append([anAppend({ [long]: 1 }, [long])]);
    expect(missedOf(outcome)).toEqual([2, 1]);
    expect(missedOf(other)).toEqual([undefined]);
  });
});

describe('lookups', () => {
  it('know of what was appended after the first question', async () => {
    const store = createMemoryStore();
    const { lookup } = store.capabilities;
    const first = anAppend({ [alice]: 0 }, [alice, bob]);
    const next = anAppend({ [alice]: { after: 0 } }, [alice], {
      correlationId: 'trace',
      causationId: first.events[1]!.id,
    });
    expect(await lookup.byEvent(next.events[0]!.id)).toBeUndefined();
    expect(await lookup.byCorrelation('trace')).toEqual([]);
    expect(await lookup.byCausation(first.events[1]!.id)).toEqual([]);
    await store.append([first, next]);
    expect(await lookup.byEvent(next.events[0]!.id)).toMatchObject({ stream: alice, version: 2 });
    expect(await lookup.byEvent(first.events[1]!.id)).toMatchObject({ stream: bob, version: 1 });
    expect(await lookup.byCorrelation('trace')).toMatchObject([{ stream: alice, version: 2 }]);
    expect(await lookup.byCausation(first.events[1]!.id)).toMatchObject([{ stream: alice, version: 2 }]);
    expect(await lookup.byCausation(first.commandId)).toMatchObject([{ version: 1 }, { version: 1 }]);
  });
});

describe('listing', () => {
  it('goes on behind the last page, also when streams come in meanwhile', async () => {
    const store = createMemoryStore();
    const { listing } = store.capabilities;
    const keys = ['m', 'c', 'x', 'a', 'q'];
    for (const key of keys) await store.append([anAppend({ [`account-${key}`]: 0 }, [`account-${key}`])]);
    await store.append([anAppend({ 'accounting-b': 0 }, ['accounting-b'])]);
    const first = await listing.list({ prefix: 'account-', limit: 2 });
    await store.append([anAppend({ 'account-b': 0, 'account-n': 0 }, ['account-b', 'account-n', 'account-n'])]);
    const rest = await listing.list({ prefix: 'account-', after: first.at(-1)!.stream, limit: 10 });
    expect(first.map(({ stream }) => keyOf(stream))).toEqual(['a', 'c']);
    expect(rest.map(({ stream, version }) => [keyOf(stream), version])).toEqual([
      ['m', 1],
      ['n', 2],
      ['q', 1],
      ['x', 1],
    ]);
  });
});

describe('a watcher', () => {
  it('wakes for what was written, by an append or under a hold, and not for what was refused', async () => {
    const store = createMemoryStore();
    const watcher = store.watch(new AbortController().signal)[Symbol.asyncIterator]();
    let woken = 0;
    const watchOnce = () => void watcher.next().then(() => woken++);
    watchOnce();
    await store.append([anAppend({ [alice]: 7 }, [alice]), anAppend({ [alice]: 0 }, [])]);
    expect(woken).toBe(0);
    await store.append([anAppend({ [alice]: 0 }, [alice])]);
    expect(woken).toBe(1);
    watchOnce();
    await store.hold([], () => [anAppend({ [alice]: 1 }, [alice])]);
    expect(woken).toBe(2);
  });
});

describe('the clock', () => {
  it('says when a command was recorded, and never in which order', async () => {
    const times = [1_000, 1_000, 500];
    const store = createMemoryStore({ runtime: { now: () => times.shift()! } });
    for (const count of [0, 1, 2]) await store.append([anAppend({ [alice]: count }, [alice])]);
    const { events } = await store.readAll({ after: START, limit: 10 });
    expect(events.map((event) => [event.version, event.recordedAt])).toEqual([
      [1, '1970-01-01T00:00:01.000Z'],
      [2, '1970-01-01T00:00:01.000Z'],
      [3, '1970-01-01T00:00:00.500Z'],
    ]);
  });
});

describe('the settings', () => {
  it('are kept for those who execute and fold', () => {
    expect(createMemoryStore({ onUnknownEvent: 'skip', pageSize: 10 }).settings).toEqual({ onUnknownEvent: 'skip' });
  });

  it.each([0, -1, Number.NaN])('refuse a page of %d events', (pageSize) => {
    expect(() => createMemoryStore({ pageSize })).toThrow(/A page holds at least one event/);
  });
});

describe('an aborted call', () => {
  it('does nothing', async () => {
    const store = createMemoryStore();
    const signal = AbortSignal.abort();
    const call = store.append([anAppend({ [alice]: 0 }, [alice])], { signal });
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await eventsOf(store, alice)).toEqual([]);
  });
});

describe('a closed store', () => {
  it('refuses every call, and its watchers end', async () => {
    const store = createMemoryStore();
    const waiting = store.watch(new AbortController().signal)[Symbol.asyncIterator]().next();
    await store.close();
    await store.close();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });

    const { checkpoints, leases, lookup, listing, distance } = store.capabilities;
    const calls: Record<string, () => Promise<unknown>> = {
      read: () => store.read({ streams: [] }),
      append: () => store.append([]),
      readAll: () => store.readAll({ after: START, limit: 1 }),
      hold: () => store.hold([], () => []),
      load: () => checkpoints.load('balances'),
      save: () => checkpoints.save('balances', START),
      acquire: () => leases.acquire('balances', 'me', 1_000),
      renew: () => leases.renew('balances', 1, 1_000),
      release: () => leases.release('balances', 1),
      byEvent: () => lookup.byEvent('' as EventId),
      byCommand: () => lookup.byCommand('' as CommandId),
      byCorrelation: () => lookup.byCorrelation(''),
      byCausation: () => lookup.byCausation(''),
      list: () => listing.list({ prefix: '', limit: 1 }),
      distance: () => distance(START, START),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await call().catch((error: unknown) => error);
      expect([name, isEventCoreError(error, 'STORE_CLOSED')]).toEqual([name, true]);
    }
  });

  it('is what `await using` leaves behind', async () => {
    const store = createMemoryStore();
    await store[Symbol.asyncDispose]();
    await expect(store.read({ streams: [] })).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});

function anAppend(
  expected: Record<string, number | 'any' | { after: number }>,
  streams: readonly string[],
  tracing: { correlationId?: string; causationId?: string } = {},
): Append {
  return prepareAppend({
    commandId: systemRuntime.uuid(),
    fingerprint: 'Test',
    expected: new Map(
      Object.entries({ ...Object.fromEntries(streams.map((stream) => [stream, 'any' as const])), ...expected }),
    ),
    events: streams.map((stream) => ({ id: systemRuntime.uuid(), stream, type: 'Tested', data: { amount: 1 } })),
    ...tracing,
  });
}

function query(stream: StreamId): { stream: StreamId; after: ReturnType<typeof version> } {
  return { stream, after: version(0) };
}

async function eventsOf(store: MemoryStore, stream: StreamId, detail: 'lean' | 'full' = 'lean') {
  const { pages } = await store.read({ streams: [{ ...query(stream), detail }] });
  return pages[0]!.events;
}

/** How many missed events each stale stream of a conflict came with. */
function missedOf(outcome: Outcome | undefined): (number | undefined)[] {
  if (outcome?.kind !== 'conflict') throw new Error(`A conflict was expected, not ${outcome?.kind}.`);
  return outcome.stale.map((stale) => (stale.reason === 'stale' ? stale.missed?.length : undefined));
}
