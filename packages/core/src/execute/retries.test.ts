/** Rule 4 of an execution: what is tried again, when, and what ends it. */
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { appends, defineCommand, discovers, reads, writes } from '../command/define-command.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import { StoreUnavailable } from '../errors/store-errors.js';
import type { Outcome } from '../store/outcome.js';
import { Count, CountLater, CountListed, counted, Counter, List, listed, Move } from './counters.fixture.js';
import { execute, type AnyCommand } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';
import { fixedDelay, exponentialBackoff, noRetry } from '../command/retry-policy.js';

/** Somebody else counts just before the append arrives: so many times. */
function contend(store: FakeStore, times: number, stream = 'counter-a'): FakeStore {
  for (let time = 0; time < times; time++) {
    store.atNextAppend((_, proceed) => {
      store.write(stream, counted(1));
      return proceed();
    });
  }
  return store;
}

const unavailable = () => new StoreUnavailable('The server is starting up.');
const failed =
  (error: Error): (() => Outcome) =>
  () => ({ kind: 'failed', error: error as never });

describe('retries', () => {
  it('a conflict is decided again, after a delay that the policy gives', async () => {
    const store = contend(new FakeStore(), 3);
    const runtime = new FakeRuntime();

    const receipt = await execute(new Count({ counter: 'a', by: 1 }), store, { runtime });

    expect(receipt.attempts).toBe(4);
    // Full jitter of 5, 10, 20 ms, with the largest chance.
    expect(runtime.sleeps).toEqual([5, 10, 20]);
  });

  it('is bounded: the default is ten attempts, and what was stale is told', async () => {
    const store = contend(new FakeStore(), 100);

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      code: 'RETRIES_EXHAUSTED',
      retriable: true,
      context: { command: 'Count', attempts: 10 },
      stale: [{ stream: 'counter-a', reason: 'stale', expected: 9, actual: 10 }],
      cause: { code: 'VERSION_CONFLICT' },
    });
    expect(store.appends).toHaveLength(10);
  });

  it('without retries a conflict is the error itself, with every stale stream', async () => {
    const store = new FakeStore();
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1)).write('counter-b', counted(1));
      return proceed();
    });

    await expect(execute(new Move({ from: 'a', to: 'b', by: 1 }), store, { retry: noRetry })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      stale: [
        { stream: 'counter-a', expected: 0, actual: 1 },
        { stream: 'counter-b', expected: 0, actual: 1 },
      ],
      context: { streams: ['counter-a', 'counter-b'], attempts: 1 },
    });
  });

  it('a rule that says no on the newer state is the answer', async () => {
    const store = contend(new FakeStore().write('counter-a', counted(99)), 1);

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
      context: { attempts: 2 },
    });
  });

  it("a policy may hang on the call, or on the command; the call's wins", async () => {
    const Patient = defineCommand('Patient', {
      streams: { counter: Counter },
      retry: fixedDelay({ attempts: 3, delay: 7 }),
      handle: ({ emit }) => emit('counter', 'Counted', { by: 1 }),
    });
    const runtime = new FakeRuntime();

    await expect(
      execute(new Patient({ counter: 'a' }), contend(new FakeStore(), 5), { runtime }),
    ).rejects.toMatchObject({
      context: { attempts: 3 },
    });
    expect(runtime.sleeps).toEqual([7, 7]);
    await expect(
      execute(new Patient({ counter: 'a' }), contend(new FakeStore(), 5), { retry: noRetry }),
    ).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
  });

  it('the delay doubles up to a cap, and chance takes anything between nothing and that', () => {
    const policy = exponentialBackoff({ attempts: 20, base: 10, cap: 100 });

    expect([1, 2, 3, 4, 5, 15].map((failedSoFar) => policy.delay(failedSoFar, () => 1))).toEqual([
      10, 20, 40, 80, 100, 100,
    ]);
    expect(policy.delay(5, () => 0)).toBe(0);
    expect(policy.delay(5, () => 0.5)).toBe(50);
  });

  it('a policy has one attempt at least', () => {
    for (const attempts of [0, -1, 1.5, NaN]) expect(() => exponentialBackoff({ attempts })).toThrow(RangeError);
  });

  it('a policy that is none is refused before anything is read', async () => {
    const store = new FakeStore();
    for (const retry of [{ attempts: NaN, delay: () => 0 }, { attempts: 3 }, {}, null]) {
      await expect(execute(new Count({ counter: 'a', by: 1 }), store, { retry: retry as never })).rejects.toMatchObject(
        { code: 'DEFINITION' },
      );
    }
    expect(store.reads).toEqual([]);
  });

  it('transient failures of the store are tried again: of a read, of an append that was not applied, of one that was not sent', async () => {
    const store = new FakeStore()
      .atNextRead(() => Promise.reject(unavailable()))
      .atNextAppend(failed(unavailable()))
      .atNextAppend(() => Promise.reject(unavailable()));

    const receipt = await execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() });

    expect(receipt.attempts).toBe(4);
    expect(store.events('counter-a')).toHaveLength(1);
  });

  it('after a failure everything is looked at again before it is decided on', async () => {
    const store = new FakeStore().write('counter-a', counted(99)).atNextAppend(() => {
      store.write('counter-a', counted(1));
      return { kind: 'failed', error: unavailable() };
    });

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
    });
    expect(store.reads[1]).toEqual({ streams: [{ stream: 'counter-a', after: 1 }] });
  });

  it('failures that will not pass are not tried again', async () => {
    const broken = Object.assign(new Error('disk on fire'), { code: 'BROKEN', retriable: false });

    for (const store of [
      new FakeStore().atNextRead(() => Promise.reject(broken)),
      new FakeStore().atNextAppend(failed(broken)),
      new FakeStore().atNextAppend(() => Promise.reject(broken)),
    ]) {
      await expect(execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() })).rejects.toBe(
        broken,
      );
    }
  });

  it('transient failures end as RetriesExhausted with the last one as cause; without retries as themselves', async () => {
    const down = () => {
      const store = new FakeStore();
      for (let time = 0; time < 20; time++) store.atNextRead(() => Promise.reject(unavailable()));
      return store;
    };

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), down(), { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      code: 'RETRIES_EXHAUSTED',
      cause: { code: 'STORE_UNAVAILABLE' },
      stale: [],
    });
    await expect(execute(new Count({ counter: 'a', by: 1 }), down(), { retry: noRetry })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it("what a command's own code throws is not tried again", async () => {
    const bug = new TypeError('undefined is not a function');
    const Buggy = defineCommand('Buggy', {
      streams: { counter: Counter },
      handle: () => {
        throw bug;
      },
    });

    await expect(execute(new Buggy({ counter: 'a' }), new FakeStore())).rejects.toBe(bug);
  });
});

describe("an error of the user's own that says it is retriable", () => {
  class Mine extends Error {
    readonly code = 'MINE';
    readonly retriable = true;
  }
  const mine = new Mine('my own');
  /** Counts how often it is called, and throws: nothing of a command's code runs twice because of what it throws. */
  const throwing = () => {
    let calls = 0;
    return {
      calls: () => calls,
      fails: (): never => {
        calls += 1;
        throw mine;
      },
    };
  };
  type Fails = () => never;
  const schema = (fails: Fails) => v.pipe(v.object({ by: v.number() }), v.check(fails));
  const streamType = (fails: Partial<Record<'state' | 'fold' | 'upcast', Fails>>) =>
    defineStream('counter', {
      events: {
        Counted: event(v.object({ by: v.number() }), {
          version: 2,
          upcast: { 1: fails.upcast ?? ((old) => old as never) },
        }),
      },
      state: fails.state ?? (() => ({ total: 0 })),
      fold: { Counted: fails.fold ?? ((state) => state) },
    });
  const lookingAt = (type: ReturnType<typeof streamType>) =>
    defineCommand('Looks', { streams: { counter: type }, handle: () => undefined });
  const ownState = (fails: Partial<Record<'initialState' | 'apply', Fails>>) =>
    defineCommand('Own', {
      streams: { counter: Counter },
      initialState: fails.initialState ?? (() => ({ total: 0 })),
      apply: fails.apply ?? ((state) => state),
      handle: () => undefined,
    });

  const commands: readonly [string, (fails: Fails) => AnyCommand][] = [
    [
      'discover',
      (fails) => {
        const Finds = defineCommand('Finds', {
          streams: { counter: Counter, found: discovers(Counter) },
          discover: fails,
          handle: () => undefined,
        });
        return new Finds({ counter: 'a' });
      },
    ],
    ['the state of a stream type', (fails) => new (lookingAt(streamType({ state: fails })))({ counter: 'a' })],
    ['a fold', (fails) => new (lookingAt(streamType({ fold: fails })))({ counter: 'a' })],
    ['an upcaster', (fails) => new (lookingAt(streamType({ upcast: fails })))({ counter: 'a' })],
    ['initialState', (fails) => new (ownState({ initialState: fails }))({ counter: 'a' })],
    ['apply', (fails) => new (ownState({ apply: fails }))({ counter: 'a' })],
    [
      'handle',
      (fails) => new (defineCommand('Handles', { streams: { counter: Counter }, handle: fails }))({ counter: 'a' }),
    ],
    [
      'an asynchronous handle',
      (fails) => {
        const handle = async (): Promise<void> => fails();
        return new (defineCommand('Handles', { streams: { counter: Counter }, handle }))({ counter: 'a' });
      },
    ],
    [
      "an event's schema",
      (fails) => {
        const Strict = defineStream('strict', { events: { Done: schema(fails) }, state: () => ({}), fold: {} });
        const Emits = defineCommand('Emits', {
          streams: { strict: Strict },
          handle: ({ emit }) => emit('strict', 'Done', { by: 1 }),
        });
        return new Emits({ strict: 'a' });
      },
    ],
  ];

  it.each(commands)("is the user's, and not tried again, when it comes from %s", async (_, make) => {
    const { calls, fails } = throwing();
    const store = new FakeStore().write('counter-a', counted(1));
    const ended = async (): Promise<unknown> => execute(make(fails), store, { runtime: new FakeRuntime() });
    await expect(ended()).rejects.toBe(mine);
    expect(calls()).toBe(1);
  });

  it('is the same under a hold, and in what is folded after a conflict', async () => {
    for (const holds of [true, false]) {
      const { calls, fails } = throwing();
      const Looks = defineCommand('Looks', {
        streams: { counter: Counter },
        initialState: () => ({ total: 0 }),
        apply: (state, { data }) => (data.by === 13 ? fails() : { total: state.total + data.by }),
        handle: ({ emit }) => emit('counter', 'Counted', { by: 1 }),
      });
      const store = new FakeStore({ holds }).atNextAppend((_, proceed) => {
        store.write('counter-a', counted(13));
        return proceed();
      });

      await expect(execute(new Looks({ counter: 'a' }), store, { runtime: new FakeRuntime() })).rejects.toBe(mine);
      expect(calls()).toBe(1);
    }
  });
});

describe('the hold', () => {
  it('comes after the first conflict, without waiting, from the versions that are known by then', async () => {
    const store = contend(new FakeStore({ holds: true }), 1);
    const runtime = new FakeRuntime();

    const receipt = await execute(new Move({ from: 'a', to: 'b', by: 1 }), store, { runtime });

    expect(receipt.attempts).toBe(2);
    expect(runtime.sleeps).toEqual([]);
    expect(store.holds).toEqual([
      [
        { stream: 'counter-a', after: 1, mode: 'write', detail: 'lean' },
        { stream: 'counter-b', after: 0, mode: 'write', detail: 'lean' },
      ],
    ]);
    expect(store.appends).toHaveLength(1);
  });

  it('decides on what moved until the locks were granted', async () => {
    const store = contend(new FakeStore({ holds: true }).write('counter-a', counted(97)), 1);
    const { hold } = store;
    store.hold = (...call) => {
      store.write('counter-a', counted(2));
      return hold!(...call);
    };

    await expect(execute(new Count({ counter: 'a', by: 1 }), store)).rejects.toMatchObject({ data: { total: 100 } });
  });

  it('is not taken where handle is asynchronous, nor for a command that appends blindly', async () => {
    const later = contend(new FakeStore({ holds: true }), 1);
    await execute(new CountLater({ counter: 'a' }), later, { runtime: new FakeRuntime() });
    expect(later.holds).toEqual([]);
    expect(later.appends).toHaveLength(2);

    const Noting = defineCommand('Noting', {
      streams: { counter: Counter, log: appends(Counter) },
      handle: ({ emit }) => emit('log', 'Counted', { by: 1 }),
    });
    const noting = contend(new FakeStore({ holds: true }), 1);
    await execute(new Noting({ counter: 'a', log: 'b' }), noting, { runtime: new FakeRuntime() });
    expect(noting.holds).toEqual([]);
  });

  it('is let go by a command that discovers further streams, which goes on freely', async () => {
    const store = new FakeStore({ holds: true }).write('list-l', listed('a'));
    store.atNextAppend((_, proceed) => {
      store.write('list-l', listed('b'));
      return proceed();
    });

    const receipt = await execute(new CountListed({ list: 'l' }), store, { runtime: new FakeRuntime() });

    expect(store.holds).toHaveLength(1);
    expect(receipt.attempts).toBe(2);
    expect([...store.appends[1]!.expected.keys()]).toEqual(['list-l', 'counter-a', 'counter-b']);
  });

  it('is let go by a handle that turns out to be asynchronous', async () => {
    let runs = 0;
    const Sometimes = defineCommand('Sometimes', {
      streams: { counter: Counter },
      handle: ({ emit }) => {
        runs += 1;
        emit('counter', 'Counted', { by: runs });
        return runs === 1 ? undefined : Promise.resolve();
      },
    });
    const store = contend(new FakeStore({ holds: true }), 1);

    await execute(new Sometimes({ counter: 'a' }), store, { runtime: new FakeRuntime() });

    expect(store.holds).toHaveLength(1);
    expect(store.events('counter-a').map(({ data }) => data)).toEqual([{ by: 1 }, { by: 2 }]);
  });

  it('is let go when its pages end early, and the rest is read', async () => {
    const store = contend(new FakeStore({ holds: true }), 1);
    const { hold } = store;
    store.hold = (...call) => {
      store.write('counter-a', counted(30), counted(30), counted(30));
      store.pageSize = 2;
      return hold!(...call);
    };

    await expect(
      execute(new Count({ counter: 'a', by: 10 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      data: { total: 91 },
    });
    expect(store.reads[1]).toEqual({ streams: [{ stream: 'counter-a', after: 3, upTo: 4 }] });
  });

  it('locks for writing what may be written: also what two fields name, and what may be discovered', async () => {
    const Both = defineCommand('Both', {
      streams: {
        seen: reads(Counter, { mayEqual: true }),
        counter: writes(Counter, { mayEqual: true }),
        other: reads(List),
      },
      handle: ({ emit }) => emit('counter', 'Counted', { by: 1 }),
    });
    const both = contend(new FakeStore({ holds: true }), 1);
    await execute(new Both({ seen: 'a', counter: 'a', other: 'l' }), both, { runtime: new FakeRuntime() });
    expect(both.holds[0]!.map(({ stream, mode }) => [stream, mode])).toEqual([
      ['counter-a', 'write'],
      ['list-l', 'read'],
    ]);

    const Found = defineCommand('Found', {
      streams: { seen: reads(Counter), counters: discovers(Counter) },
      discover: () => ({ counters: ['a'] }),
      handle: ({ state, emit }) => {
        for (const id of state.counters.keys()) emit(id, 'Counted', { by: 1 });
      },
    });
    const found = contend(new FakeStore({ holds: true }), 1);
    await execute(new Found({ seen: 'a' }), found, { runtime: new FakeRuntime() });
    expect(found.holds[0]!.map(({ stream, mode }) => [stream, mode])).toEqual([['counter-a', 'write']]);
  });

  it('that is granted twice decides once', async () => {
    let runs = 0;
    const Counting = defineCommand('Counting', {
      streams: { counter: Counter },
      handle: ({ emit }) => {
        runs += 1;
        emit('counter', 'Counted', { by: 1 });
      },
    });
    const store = contend(new FakeStore({ holds: true }), 1);
    const { hold } = store;
    store.hold = async (queries, decide) => {
      await hold!(queries, (pages) => (decide(pages), []));
      return hold!(queries, decide);
    };

    await execute(new Counting({ counter: 'a' }), store, { runtime: new FakeRuntime() });
    expect(runs).toBe(2);
    expect(store.events('counter-a')).toHaveLength(2);
  });

  it('that was let go is not decided on when the rest could not be read: the next attempt looks at everything again', async () => {
    const store = contend(new FakeStore({ holds: true }).write('counter-a', counted(10)), 1);
    const { hold } = store;
    store.hold = (...call) => {
      store.write('counter-a', counted(40), counted(40));
      store.pageSize = 1;
      return hold!(...call);
    };
    store.atNextRead((_, proceed) => proceed()).atNextRead(() => Promise.reject(unavailable()));

    await expect(
      execute(new Count({ counter: 'a', by: 20 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      data: { total: 91 },
    });
  });

  it('follows a pause when it is not the first', async () => {
    const store = new FakeStore({ holds: true }).write('list-l', listed('a'));
    const { hold } = store;
    for (const counter of ['b', 'c']) {
      store.atNextAppend((_, proceed) => {
        store.write('list-l', listed(counter));
        return proceed();
      });
    }
    const runtime = new FakeRuntime();

    await execute(new CountListed({ list: 'l' }), store, { runtime });

    expect(hold).toBeDefined();
    expect(runtime.sleeps).toEqual([10]);
  });

  it('a rejection under it is the answer, and an error of the command too; nothing is written', async () => {
    const bug = new TypeError('undefined is not a function');
    let runs = 0;
    const Buggy = defineCommand('Buggy', {
      streams: { counter: Counter },
      handle: ({ emit }) => {
        runs += 1;
        if (runs > 1) throw bug;
        emit('counter', 'Counted', { by: 1 });
      },
    });
    const store = contend(new FakeStore({ holds: true }), 1);

    await expect(execute(new Buggy({ counter: 'a' }), store)).rejects.toBe(bug);
    expect(store.events('counter-a')).toHaveLength(1);
  });

  it('one that the store could not take is tried again', async () => {
    const store = contend(new FakeStore({ holds: true }), 1);
    const { hold } = store;
    let first = true;
    store.hold = (...call) => {
      if (!first) return hold!(...call);
      first = false;
      return Promise.reject(unavailable());
    };

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).resolves.toMatchObject({ attempts: 3 });
  });

  it('one whose answer was lost leaves a doubt, which the same append ends', async () => {
    const store = contend(new FakeStore({ holds: true }), 1);
    const { hold } = store;
    store.hold = async (...call) => {
      await hold!(...call);
      return [{ kind: 'unknown', error: unavailable() }];
    };

    const receipt = await execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() });

    expect(receipt.duplicate).toBe(true);
    expect(store.events('counter-a')).toHaveLength(2);
  });
});

describe('signals and deadlines', () => {
  it('a signal that is aborted already ends the execution before anything is read', async () => {
    const store = new FakeStore();
    const signal = AbortSignal.abort(new Error('the user left'));

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { signal })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: { message: 'the user left' },
    });
    expect(store.reads).toEqual([]);
  });

  it('a signal ends a read that never answers', async () => {
    const caller = new AbortController();
    const store = new FakeStore().atNextRead(() => {
      queueMicrotask(() => caller.abort());
      return new Promise(() => undefined);
    });

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { signal: caller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('a deadline ends an execution that could go on retrying', async () => {
    const runtime = new FakeRuntime();
    const store = contend(new FakeStore(), 100);

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime, deadline: runtime.time + 30 }),
    ).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      context: { command: 'Count' },
    });
    expect(store.events('counter-a').every(({ commandId }) => commandId === 'somebody else')).toBe(true);
  });

  it('a deadline may be a Date', async () => {
    const runtime = new FakeRuntime();

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), new FakeStore(), { runtime, deadline: new Date(runtime.time) }),
    ).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('once the append was sent, a signal only ends the waiting, and the end is not known', async () => {
    const caller = new AbortController();
    const store = new FakeStore().atNextAppend((_, proceed) => {
      proceed();
      queueMicrotask(() => caller.abort());
      return new Promise(() => undefined);
    });

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { signal: caller.signal })).rejects.toMatchObject({
      code: 'INDETERMINATE',
      commandId: store.appends[0]?.commandId ?? expect.any(String),
    });
    expect(store.events('counter-a')).toHaveLength(1);
  });

  it('after an append was answered by a conflict nothing is in doubt, and a signal ends the execution as before', async () => {
    const caller = new AbortController();
    const store = contend(new FakeStore(), 1);
    const runtime = new FakeRuntime();
    runtime.sleep = async () => caller.abort();

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { signal: caller.signal, runtime }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('a hold that is granted after the caller was told that nothing was sent writes nothing', async () => {
    const caller = new AbortController();
    const store = contend(new FakeStore({ holds: true }), 1);
    const { hold } = store;
    let granted: Promise<unknown> = Promise.resolve();
    store.hold = (...call) => {
      granted = new Promise((resolve) => setTimeout(resolve, 5)).then(() => hold!(...call));
      caller.abort();
      return granted as never;
    };

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { signal: caller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await granted;
    expect(store.events('counter-a').map(({ commandId }) => commandId)).toEqual(['somebody else']);
  });

  it('what is no signal, or no deadline, is refused before anything is read', async () => {
    const store = new FakeStore();
    for (const deadline of [NaN, new Date('someday'), '2030-01-01', {}, null]) {
      await expect(
        execute(new Count({ counter: 'a', by: 1 }), store, { deadline: deadline as never }),
      ).rejects.toMatchObject({
        code: 'VALIDATION',
        message: expect.stringMatching(/^The deadline is not valid: must be a Date/),
      });
    }
    for (const signal of [new AbortController(), {}, null]) {
      await expect(
        execute(new Count({ counter: 'a', by: 1 }), store, { signal: signal as never }),
      ).rejects.toMatchObject({
        code: 'VALIDATION',
        message: expect.stringMatching(/^The signal is not valid/),
      });
    }
    expect(store.reads).toEqual([]);
    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { deadline: Infinity })).resolves.toMatchObject({
      attempts: 1,
    });
  });

  it('nobody is left asleep when an execution is over, and no listener stays on the signal', async () => {
    const caller = new AbortController();
    let listeners = 0;
    const { signal } = caller;
    const listen = signal.addEventListener.bind(signal);
    signal.addEventListener = (...call: Parameters<typeof listen>) => {
      const options = call[2] as { readonly signal?: AbortSignal };
      listeners += 1;
      options.signal?.addEventListener('abort', () => (listeners -= 1));
      listen(...call);
    };
    const asleep = new Set<AbortSignal | undefined>();
    const runtime = new FakeRuntime();
    runtime.sleep = (_, until) => {
      asleep.add(until);
      return new Promise((resolve) =>
        until?.addEventListener('abort', () => {
          asleep.delete(until);
          resolve();
        }),
      );
    };

    await execute(new Count({ counter: 'a', by: 1 }), new FakeStore(), {
      signal,
      runtime,
      deadline: runtime.time + 1e9,
    });
    const rash = new FakeStore();
    rash.read = () => {
      throw new TypeError('at once');
    };
    await expect(
      execute(new Count({ counter: 'a', by: 1 }), rash, { signal, runtime, deadline: runtime.time + 1e9 }),
    ).rejects.toThrow('at once');
    const backingOff = execute(new Count({ counter: 'a', by: 1 }), contend(new FakeStore(), 9), { signal, runtime });
    await new Promise((resolve) => setImmediate(resolve));
    expect(asleep.size).toBe(1);
    caller.abort();
    await expect(backingOff).rejects.toMatchObject({ code: 'ABORTED' });

    expect(asleep).toEqual(new Set());
    expect(listeners).toBe(0);
  });

  it('a far deadline is slept towards in steps that timers can take', async () => {
    const runtime = new FakeRuntime();
    const slept: number[] = [];
    const { sleep } = runtime;
    runtime.sleep = (milliseconds, done) => {
      slept.push(milliseconds);
      return sleep.call(runtime, milliseconds, done);
    };

    await execute(new Count({ counter: 'a', by: 1 }), new FakeStore(), { runtime, deadline: runtime.time + 1e12 });

    expect(Math.max(...slept)).toBe(2 ** 31 - 1);
  });

  it('a signal between the decision and the append means that nothing was sent', async () => {
    const caller = new AbortController();
    const Leaving = defineCommand('Leaving', {
      streams: { counter: Counter },
      handle: ({ emit }) => {
        emit('counter', 'Counted', { by: 1 });
        caller.abort();
      },
    });
    const store = new FakeStore();

    await expect(execute(new Leaving({ counter: 'a' }), store, { signal: caller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(store.appends).toEqual([]);
  });

  it('a handle that fails after its caller has left disturbs nobody', async () => {
    const caller = new AbortController();
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    const Late = defineCommand('Late', {
      streams: { counter: Counter },
      handle: () => {
        caller.abort();
        return Promise.reject(new Error('too late'));
      },
    });
    await expect(execute(new Late({ counter: 'a' }), new FakeStore(), { signal: caller.signal })).rejects.toMatchObject(
      { code: 'ABORTED' },
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });

  it('passes the signal and the deadline on to the store', async () => {
    const runtime = new FakeRuntime();
    const { signal } = new AbortController();
    const deadline = runtime.time + 1e12;
    const store = new FakeStore();

    await execute(new Count({ counter: 'a', by: 1 }), store, { runtime, signal, deadline });

    expect(store.patience.map((options) => [options?.signal === signal, options?.deadline])).toEqual([
      [true, deadline],
      [true, deadline],
    ]);
  });
});
