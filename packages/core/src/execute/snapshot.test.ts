/** Rules 1 to 3 of an execution: what is read, what is checked, and what a decision rests on. */
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { appends, defineCommand, discovers, many, reads } from '../command/define-command.js';
import { defineStream } from '../stream/define-stream.js';
import { Count, CountListed, counted, Counter, CountUnless, List, listed, Look, Move } from './counters.fixture.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';

const run = (command: Parameters<typeof execute>[0], store: FakeStore, options = {}) =>
  execute(command, store, { runtime: new FakeRuntime(), ...options });

describe('reading', () => {
  it('reads every declared stream in one call, and sends one append', async () => {
    const store = new FakeStore().write('counter-a', counted(5));

    await run(new Move({ from: 'a', to: 'b', by: 2 }), store);

    expect(store.reads).toEqual([
      {
        streams: [
          { stream: 'counter-a', after: 0 },
          { stream: 'counter-b', after: 0 },
        ],
      },
    ]);
    expect(store.appends).toHaveLength(1);
  });

  it('goes on with pages that end early, up to the version of the snapshot', async () => {
    const store = new FakeStore().write('counter-a', counted(1), counted(2), counted(3), counted(4));
    store.pageSize = 2;
    store.atNextRead((_, proceed) => {
      const result = proceed();
      store.write('counter-a', counted(10)); // after the snapshot: the next pages must not show it
      return result;
    });

    await expect(
      run(new Count({ counter: 'a', by: 91, most: 100 }), store, { retry: { attempts: 1, delay: () => 0 } }),
    ).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
      data: { total: 10 },
    });
    expect(store.reads.map(({ streams }) => streams)).toEqual([
      [{ stream: 'counter-a', after: 0 }],
      [{ stream: 'counter-a', after: 2, upTo: 4 }],
    ]);
  });

  it('reads nothing for a command that only appends blindly', async () => {
    const store = new FakeStore().write('counter-a', counted(1));
    const Note = defineCommand('Note', {
      streams: { counter: appends(Counter) },
      handle: ({ emit }) => emit('counter', 'Counted', { by: 1 }),
    });

    await run(new Note({ counter: 'a' }), store);

    expect(store.reads).toEqual([]);
    expect([...store.appends[0]!.expected]).toEqual([['counter-a', 'any']]);
  });

  it('says so when a store gives an empty page of a stream that has more', async () => {
    const store = new FakeStore().write('counter-a', counted(1));
    store.pageSize = 0;

    await expect(run(new Count({ counter: 'a', by: 1 }), store)).rejects.toMatchObject({
      code: 'STORE_CONTRACT_BROKEN',
    });
  });

  it('says so when a version has become smaller', async () => {
    const store = new FakeStore().write('counter-a', counted(1), counted(1));
    store
      .atNextAppend(() => ({
        kind: 'conflict',
        stale: [{ stream: 'counter-a' as never, reason: 'stale', expected: 2 as never, actual: 1 as never }],
      }))
      .atNextRead((_, proceed) => proceed())
      .atNextRead(() => ({ pages: [{ stream: 'counter-a' as never, version: 1 as never, events: [] }], recorded: [] }));

    await expect(run(new Count({ counter: 'a', by: 1 }), store)).rejects.toThrow(/Versions only grow/);
  });
});

describe('the version check', () => {
  it('takes in every stream that was read: written or not, existing or not', async () => {
    const store = new FakeStore().write('counter-b', counted(0), counted(0));

    await run(new CountUnless({ counter: 'a', other: 'b' }), store);

    expect([...store.appends[0]!.expected]).toEqual([
      ['counter-a', 0],
      ['counter-b', 2],
    ]);
  });

  it('finds a stream that is only read and has moved', async () => {
    const store = new FakeStore();
    store.atNextAppend((_, proceed) => {
      store.write('counter-b', counted(1));
      return proceed();
    });

    await expect(run(new CountUnless({ counter: 'a', other: 'b' }), store)).rejects.toThrow(
      'the other one has counted',
    );
    expect(store.events('counter-a')).toEqual([]);
  });

  it('has one expectation for a stream that two fields name', async () => {
    const Twice = defineCommand('Twice', {
      streams: { one: many(Counter, { mayEqual: true }), other: reads(Counter, { mayEqual: true }) },
      handle: ({ streams, state, emit }) => {
        expect(state.other).toEqual({ total: 7 });
        expect([...state.one]).toEqual([['counter-a', { total: 7 }]]);
        emit(streams.one[0]!, 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('counter-a', counted(7));

    await run(new Twice({ one: ['a', 'a'], other: 'a' }), store);

    expect([...store.appends[0]!.expected]).toEqual([['counter-a', 1]]);
    expect(store.reads[0]!.streams).toHaveLength(1);
  });

  it('a blind field and a read one of the same stream: what was read is checked', async () => {
    const Both = defineCommand('Both', {
      streams: { seen: reads(Counter, { mayEqual: true }), log: appends(Counter, { mayEqual: true }) },
      handle: ({ emit }) => emit('log', 'Counted', { by: 1 }),
    });
    const store = new FakeStore().write('counter-a', counted(7));

    await run(new Both({ seen: 'a', log: 'a' }), store);

    expect([...store.appends[0]!.expected]).toEqual([['counter-a', 1]]);
  });
});

describe('discovery', () => {
  it('reads what is new whole and what is known after its version, in one call', async () => {
    const store = new FakeStore().write('list-l', listed('a'), listed('b')).write('counter-a', counted(1));

    await run(new CountListed({ list: 'l' }), store);

    expect(store.reads.map(({ streams }) => streams)).toEqual([
      [{ stream: 'list-l', after: 0 }],
      [
        { stream: 'list-l', after: 2 },
        { stream: 'counter-a', after: 0 },
        { stream: 'counter-b', after: 0 },
      ],
    ]);
    expect([...store.appends[0]!.expected]).toEqual([
      ['list-l', 2],
      ['counter-a', 1],
      ['counter-b', 0],
    ]);
    expect(store.appends[0]!.events.map(({ stream }) => stream)).toEqual(['counter-a', 'counter-b']);
  });

  it('asks anew when a known stream has moved meanwhile, and then no longer expects what it no longer names', async () => {
    const First = defineCommand('First', {
      streams: { list: List, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: list.counters.slice(-1) }),
      handle: ({ state, emit }) => {
        for (const id of state.counters.keys()) emit(id, 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('list-l', listed('a'));
    store
      .atNextRead((_, proceed) => proceed())
      .atNextRead((_, proceed) => {
        store.write('list-l', listed('b'));
        return proceed();
      });

    await run(new First({ list: 'l' }), store);

    expect([...store.appends[0]!.expected.keys()]).toEqual(['list-l', 'counter-b']);
    expect(store.appends[0]!.events.map(({ stream }) => stream)).toEqual(['counter-b']);
    expect(store.reads).toHaveLength(3);
  });

  it('asks anew when a stream that did not exist is created meanwhile: it was read, too', async () => {
    const First = defineCommand('First', {
      streams: { list: List, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: [list.counters.at(-1) ?? 'default'] }),
      handle: ({ state, emit }) => {
        for (const id of state.counters.keys()) emit(id, 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore();
    store
      .atNextRead((_, proceed) => proceed())
      .atNextRead((_, proceed) => {
        store.write('list-l', listed('b'));
        return proceed();
      });

    await run(new First({ list: 'l' }), store);

    expect([...store.appends[0]!.expected.keys()]).toEqual(['list-l', 'counter-b']);
    expect(store.appends[0]!.events.map(({ stream }) => stream)).toEqual(['counter-b']);
  });

  it('asks anew when a discovered stream that did not exist is created between two later rounds', async () => {
    const Chain = defineStream('chain', {
      events: { Linked: v.object({ next: v.string() }) },
      state: () => ({ next: 'end' }),
      fold: { Linked: (_, { next }) => ({ next }) },
    });
    const Follow = defineCommand('Follow', {
      streams: { first: Chain, rest: discovers(Chain) },
      discover: ({ first, rest }) => ({ rest: [first.next, ...Array.from(rest.values(), ({ next }) => next)] }),
      handle: ({ state, emit }) => emit('first', 'Linked', { next: [...state.rest.keys()].join() }),
    });
    const store = new FakeStore().write('chain-a', { type: 'Linked', data: { next: 'b' } });
    store
      .atNextRead((_, proceed) => proceed())
      .atNextRead((_, proceed) => proceed())
      .atNextRead((_, proceed) => {
        store.write('chain-b', { type: 'Linked', data: { next: 'c' } });
        return proceed();
      });

    await run(new Follow({ first: 'a' }), store);

    expect(store.events('chain-a').at(-1)!.data).toEqual({ next: 'chain-b,chain-c,chain-end' });
    expect([...store.appends[0]!.expected.keys()]).toEqual(['chain-a', 'chain-b', 'chain-c', 'chain-end']);
  });

  it('may need several rounds, and gives each one what was found so far', async () => {
    const Chain = defineStream('chain', {
      events: { Linked: v.object({ next: v.string() }) },
      state: () => ({ next: '' }),
      fold: { Linked: (_, { next }) => ({ next }) },
    });
    const Follow = defineCommand('Follow', {
      streams: { first: Chain, rest: discovers(Chain) },
      // Names only what is next: what was named before stays.
      discover: ({ first, rest }) => {
        const last = [...rest.values()].at(-1) ?? first;
        return { rest: last.next === '' ? [] : [last.next] };
      },
      handle: ({ state, emit }) => emit('first', 'Linked', { next: [...state.rest.keys()].join() }),
    });
    const linked = (next: string) => ({ type: 'Linked', data: { next } });
    const store = new FakeStore()
      .write('chain-1', linked('2'))
      .write('chain-2', linked('3'))
      .write('chain-3', linked('4'));

    await run(new Follow({ first: '1' }), store);

    expect(store.appends[0]!.events[0]!.data).toEqual({ next: 'chain-2,chain-3,chain-4' });
    expect([...store.appends[0]!.expected.values()]).toEqual([1, 1, 1, 0]);
  });

  it('reads a stream once that is also declared, and has one expectation for it', async () => {
    const Joined = defineCommand('Joined', {
      streams: { list: List, own: Counter, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: list.counters }),
      handle: ({ state, emit }) => {
        expect(state.own).toEqual({ total: 3 });
        expect([...state.counters]).toEqual([['counter-a', { total: 3 }]]);
        emit('own', 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('list-l', listed('a')).write('counter-a', counted(3));

    await run(new Joined({ list: 'l', own: 'a' }), store);

    expect(store.reads).toHaveLength(1);
    expect([...store.appends[0]!.expected]).toEqual([
      ['list-l', 1],
      ['counter-a', 1],
    ]);
  });

  it('checks a discovered stream that was only looked at', async () => {
    const Guarded = defineCommand('Guarded', {
      streams: { list: List, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: list.counters }),
      handle: ({ state, emit }) => {
        if ([...state.counters.values()].every(({ total }) => total === 0)) emit('list', 'Listed', { counter: 'z' });
      },
    });
    const store = new FakeStore().write('list-l', listed('a'));
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });

    const receipt = await run(new Guarded({ list: 'l' }), store);

    expect(receipt).toMatchObject({ attempts: 2, events: [] });
    expect(store.events('list-l')).toHaveLength(1);
  });

  it('gives up on a command that never stops naming new streams', async () => {
    const Endless = defineCommand('Endless', {
      streams: { first: Counter, rest: discovers(Counter) },
      discover: ({ rest }) => ({ rest: [String(rest.size)] }),
      handle: () => undefined,
    });

    const store = new FakeStore();

    await expect(run(new Endless({ first: 'x' }), store)).rejects.toMatchObject({ code: 'DISCOVERY_LIMIT' });
    expect(store.reads).toHaveLength(11);
  });

  it('gives up on a command over more than a thousand streams', async () => {
    const Huge = defineCommand('Huge', {
      streams: { first: Counter, rest: discovers(Counter) },
      discover: () => ({ rest: Array.from({ length: 1000 }, (_, index) => String(index)) }),
      handle: () => undefined,
    });

    await expect(run(new Huge({ first: 'x' }), new FakeStore())).rejects.toMatchObject({ code: 'DISCOVERY_LIMIT' });
  });

  it('refuses an answer without a field, or with a stream of another type', async () => {
    const Wrong = (answer: unknown) =>
      defineCommand('Wrong', {
        streams: { first: Counter, rest: discovers(Counter) },
        discover: () => answer as never,
        handle: () => undefined,
      });

    for (const answer of [undefined, {}, { rest: 'not a list' }, { rest: [7] }, { rest: [List.at('l')] }]) {
      const ends = run(new (Wrong(answer))({ first: 'x' }), new FakeStore());
      await expect(ends).rejects.toMatchObject({ code: expect.stringMatching(/^(DEFINITION|INVALID_DECISION)$/) });
    }
  });
});

describe('what a decision rests on', () => {
  it('a rejection and an empty decision are not sent to the store', async () => {
    const store = new FakeStore().write('counter-a', counted(100));

    await expect(run(new Count({ counter: 'a', by: 1 }), store)).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
      rule: 'limit',
      data: { total: 100 },
      context: { command: 'Count', attempts: 1 },
    });
    await expect(run(new Look({ counter: 'a' }), store)).resolves.toMatchObject({
      events: [],
      position: '',
      duplicate: false,
    });
    expect(store.appends).toEqual([]);
  });

  it('folds what a conflict says was missed, and reads nothing again', async () => {
    const store = new FakeStore().write('counter-a', counted(1));
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(98));
      return proceed();
    });

    const receipt = await run(new Count({ counter: 'a', by: 1 }), store);

    expect(receipt.attempts).toBe(2);
    expect(store.reads).toHaveLength(1);
    expect([...store.appends[1]!.expected]).toEqual([['counter-a', 2]]);
  });

  it('does not take a part of what was missed for all of it', async () => {
    const store = new FakeStore().atNextAppend(() => {
      store.write('counter-a', counted(50), counted(50));
      const [first] = store.events('counter-a');
      return {
        kind: 'conflict',
        stale: [{ stream: first!.stream, reason: 'stale', expected: 0 as never, actual: 2 as never, missed: [first!] }],
      };
    });

    await expect(run(new Count({ counter: 'a', by: 1 }), store)).rejects.toMatchObject({ data: { total: 100 } });
    expect(store.appends).toHaveLength(1);
  });

  it('reads all streams in one call when a conflict leaves out what was missed of one', async () => {
    const store = new FakeStore().write('counter-a', counted(1));
    store.missedAtMost = 0;
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });

    await run(new Move({ from: 'a', to: 'b', by: 1 }), store);

    expect(store.reads[1]).toEqual({
      streams: [
        { stream: 'counter-a', after: 1 },
        { stream: 'counter-b', after: 0 },
      ],
    });
  });

  it('never decides on a discovered stream that the refused append said nothing of', async () => {
    // Attempt 1 discovers a, attempt 2 discovers b, attempt 3 discovers a again. What is known of a is from attempt 1:
    // the conflict of attempt 2 didn't look at it, so it has to be read before anything is decided on it.
    const Latest = defineCommand('Latest', {
      streams: { list: List, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: list.counters.slice(-1) }),
      handle: ({ state, emit }) => {
        const [[id, { total }]] = [...state.counters] as [
          [typeof state.counters extends ReadonlyMap<infer K, unknown> ? K : never, { total: number }],
        ];
        if (total === 0) emit(id, 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('list-l', listed('a'));
    store
      .atNextAppend((_, proceed) => {
        store.write('list-l', listed('b'));
        return proceed();
      })
      .atNextAppend((_, proceed) => {
        store.write('counter-a', counted(5)).write('list-l', listed('a'));
        return proceed();
      });

    const receipt = await run(new Latest({ list: 'l' }), store);

    expect(receipt).toMatchObject({ attempts: 3, events: [] });
    // What only an earlier attempt has read is not expected.
    expect(store.appends.map(({ expected }) => [...expected.keys()])).toEqual([
      ['list-l', 'counter-a'],
      ['list-l', 'counter-b'],
    ]);
  });

  it('folds a command into its own state from the start on every attempt, streams in their order, each event read once', async () => {
    const seen: string[][] = [];
    const Own = defineCommand('Own', {
      streams: { one: Counter, other: reads(Counter) },
      initialState: () => ({ log: [] as readonly string[] }),
      apply: ({ log }, event, at) => ({
        log: [...log, `${at} ${event.stream}@${event.version} ${event.type} ${event.data.by}`],
      }),
      handle: ({ state, emit }) => {
        seen.push([...state.log]);
        emit('one', 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('counter-b', counted(1), counted(4)).write('counter-a', counted(2));
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(3), counted(5));
      return proceed();
    });

    await run(new Own({ one: 'a', other: 'b' }), store);

    expect(seen).toEqual([
      ['one counter-a@1 Counted 2', 'other counter-b@1 Counted 1', 'other counter-b@2 Counted 4'],
      [
        'one counter-a@1 Counted 2',
        'one counter-a@2 Counted 3',
        'one counter-a@3 Counted 5',
        'other counter-b@1 Counted 1',
        'other counter-b@2 Counted 4',
      ],
    ]);
    expect(store.reads).toHaveLength(1);
  });

  it('gives whole records to a command that asks for them', async () => {
    const Own = defineCommand('Own', {
      streams: { counter: Counter },
      detail: 'full',
      initialState: () => ({ ids: [] as readonly (string | undefined)[] }),
      apply: ({ ids }, { recorded }) => ({ ids: [...ids, recorded?.id] }),
      handle: ({ state, emit }) => {
        expect(state.ids).toEqual(['counter-a/1', 'counter-a/2'].slice(0, state.ids.length));
        expect(state.ids.length).toBeGreaterThan(0);
        emit('counter', 'Counted', { by: 1 });
      },
    });
    const store = new FakeStore().write('counter-a', counted(1));
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });

    await run(new Own({ counter: 'a' }), store);

    expect(store.reads.map(({ streams }) => streams[0])).toEqual([
      { stream: 'counter-a', after: 0, detail: 'full' },
      // What a conflict carries is lean, so it is read.
      { stream: 'counter-a', after: 1, detail: 'full' },
    ]);
  });

  it('refuses an apply that gives nothing back', async () => {
    const Own = defineCommand('Own', {
      streams: { counter: Counter },
      initialState: () => ({ total: 0 }),
      apply: (() => undefined) as never,
      handle: () => undefined,
    });

    await expect(run(new Own({ counter: 'a' }), new FakeStore().write('counter-a', counted(1)))).rejects.toThrow(
      /Own\.apply gave nothing back/,
    );
  });

  it('what handle gets is frozen, so that a write to it is found', async () => {
    const Rude = defineCommand('Rude', {
      streams: { counter: Counter },
      handle: ({ state }) => {
        (state.counter as { total: number }).total = 1000;
      },
    });

    await expect(run(new Rude({ counter: 'a' }), new FakeStore())).rejects.toThrow(TypeError);
  });

  it('an event that the stream type does not know ends the execution, or is skipped where the store says so', async () => {
    const unknown = { type: 'Renamed', data: {} };

    await expect(
      run(new Count({ counter: 'a', by: 1 }), new FakeStore().write('counter-a', unknown)),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
      context: { stream: 'counter-a', event: 'Renamed', command: 'Count' },
    });
    const skipping = new FakeStore({ settings: { onUnknownEvent: 'skip' } }).write('counter-a', unknown);
    await run(new Count({ counter: 'a', by: 1 }), skipping);
    expect([...skipping.appends[0]!.expected]).toEqual([['counter-a', 1]]);
  });
});
