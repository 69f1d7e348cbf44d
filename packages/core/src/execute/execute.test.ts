/** The front door, and what observers see of an execution. */
import { describe, expect, it, jest } from '@jest/globals';
import { subscribe as listen, unsubscribe } from 'node:diagnostics_channel';
import { channelName, type ExecutionHooks, type Phase } from '../observe/hooks.js';
import * as v from 'valibot';
import { defineCommand, discovers } from '../command/define-command.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { Count, CountListed, counted, Counter, CountUnless, List, listed, Look } from './counters.fixture.js';
import { noRetry } from '../command/retry-policy.js';
import { StoreUnavailable } from '../errors/store-errors.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';

const phases: readonly Phase[] = [
  'started',
  'read',
  'discovered',
  'decided',
  'appended',
  'conflicted',
  'retrying',
  'doubted',
  'ended',
];

function recording(): { readonly hooks: ExecutionHooks; readonly seen: [Phase, Record<string, unknown>][] } {
  const seen: [Phase, Record<string, unknown>][] = [];
  const hooks = Object.fromEntries(phases.map((phase) => [phase, (event: object) => seen.push([phase, { ...event }])]));
  return { hooks, seen };
}

describe('execute', () => {
  it('refuses what is no command, and says how to make one', async () => {
    for (const value of [undefined, null, {}, { handle() {} }, 'Count']) {
      await expect(execute(value as never, new FakeStore())).rejects.toMatchObject({
        code: 'DEFINITION',
        message: expect.stringMatching(/Make one with new/),
      });
    }
    await expect(execute(new FakeStore() as never, new Count({ counter: 'a', by: 1 }) as never)).rejects.toThrow(
      'execute got a store where the command goes. Swap the two: execute(command, store).',
    );
    await expect(execute(Count as never, new FakeStore())).rejects.toThrow(
      'execute needs a command object, and got the class Count. Make one: new Count({ … }).',
    );
  });

  it('refuses to do without a store', async () => {
    for (const store of [undefined, null, {}, Count]) {
      await expect(execute(new Count({ counter: 'a', by: 1 }), store as never)).rejects.toMatchObject({
        code: 'DEFINITION',
      });
    }
  });

  it('leaves errors alone that a store may raise for many calls', async () => {
    const shared = new StoreUnavailable('The server is starting up.');
    const store = new FakeStore().atNextRead(() => Promise.reject(shared));

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { retry: noRetry, correlationId: 'request-1' }),
    ).rejects.toBe(shared);
    expect(shared.context).toEqual({});
  });

  it('the same command object may be executed any number of times', async () => {
    const store = new FakeStore();
    const count = new Count({ counter: 'a', by: 1 });

    await Promise.all([execute(count, store), execute(count, store), execute(count, store)]);

    expect(store.events('counter-a')).toHaveLength(3);
  });

  it('errors carry what the executor knows, and keep what they say themselves', async () => {
    const store = new FakeStore().write('counter-a', counted(100));

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { correlationId: 'request-7' }),
    ).rejects.toMatchObject({
      context: { command: 'Count', correlationId: 'request-7', commandId: expect.any(String), attempts: 1 },
    });
  });
});

describe('observers', () => {
  it('see every phase, in order', async () => {
    const { hooks, seen } = recording();
    const store = new FakeStore().write('list-l', listed('a')).atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });

    const receipt = await execute(new CountListed({ list: 'l' }), store, { hooks, runtime: new FakeRuntime() });

    expect(seen.map(([phase, { attempt }]) => `${attempt as number} ${phase}`)).toEqual([
      '0 started',
      '1 read',
      '1 discovered',
      '1 read',
      '1 decided',
      '1 appended',
      '1 conflicted',
      '1 retrying',
      '2 decided',
      '2 appended',
      '2 ended',
    ]);
    expect(seen[0]![1]).toMatchObject({ command: 'CountListed', commandId: receipt.commandId, streams: ['list-l'] });
    expect(seen[1]![1]).toMatchObject({ streams: 1, events: 1, duration: 0 });
    expect(seen[4]![1]).toMatchObject({ verdict: 'events', events: 1 });
    expect(seen[5]![1]).toMatchObject({ outcome: 'conflict', held: false });
    expect(seen[6]![1]).toMatchObject({ stale: [{ stream: 'counter-a', expected: 0, actual: 1 }] });
    expect(seen[7]![1]).toMatchObject({ delay: 5, cause: { code: 'VERSION_CONFLICT' } });
    expect(seen[10]![1]).toMatchObject({ receipt });
  });

  it('see rejections, empty decisions, holds and doubts', async () => {
    const { hooks, seen } = recording();
    const runtime = new FakeRuntime();
    await execute(new Look({ counter: 'a' }), new FakeStore(), { hooks, runtime });
    await expect(execute(new Count({ counter: 'a', by: 101 }), new FakeStore(), { hooks, runtime })).rejects.toThrow();
    const held = new FakeStore({ holds: true }).atNextAppend((_, proceed) => {
      held.write('counter-a', counted(1));
      return proceed();
    });
    await execute(new Count({ counter: 'a', by: 1 }), held, { hooks, runtime });
    const lossy = new FakeStore().atNextAppend(() => ({
      kind: 'unknown',
      error: Object.assign(new Error('cut'), { code: 'CUT', retriable: true }),
    }));
    await execute(new Count({ counter: 'a', by: 1 }), lossy, { hooks, runtime });

    expect(seen.filter(([phase]) => phase === 'decided').map(([, { verdict }]) => verdict)).toEqual([
      'nothing',
      'rejected',
      'events',
      'events',
      'events',
    ]);
    expect(
      seen.filter(([phase]) => phase === 'appended').map(([, { outcome, held: byHold }]) => [outcome, byHold]),
    ).toEqual([
      ['conflict', false],
      ['committed', true],
      ['unknown', false],
      ['committed', false],
    ]);
    expect(seen.filter(([phase]) => phase === 'doubted')).toHaveLength(1);
    expect(seen.filter(([phase]) => phase === 'ended')[1]![1]).toMatchObject({
      error: { code: 'BUSINESS_RULE_VIOLATION' },
    });
  });

  it('are told the version of every stream that a decision rests on, discovered ones too', async () => {
    const { hooks, seen } = recording();
    const store = new FakeStore();
    store.write('list-l', listed('a'), listed('b'));
    store.write('counter-b', counted(1));
    await execute(new CountListed({ list: 'l' }), store, { hooks, runtime: new FakeRuntime() });
    await expect(execute(new CountUnless({ counter: 'a', other: 'b' }), store, { hooks })).rejects.toThrow();

    expect(seen.filter(([phase]) => phase === 'decided').map(([, { versions }]) => versions)).toEqual([
      new Map([
        ['list-l', 2],
        ['counter-a', 0],
        ['counter-b', 1],
      ]),
      new Map([
        ['counter-a', 1],
        ['counter-b', 2],
      ]),
    ]);
  });

  it('that fail never fail a command', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const failing = Object.fromEntries(
      phases.map((phase) => [
        phase,
        () => {
          throw new Error(`${phase} hook failed`);
        },
      ]),
    );

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), new FakeStore(), { hooks: failing }),
    ).resolves.toMatchObject({ attempts: 1 });
    expect(warned.mock.calls.map(([message]) => message)).toEqual(
      ['started', 'read', 'decided', 'appended', 'ended'].map(
        (phase) => `The hook "${phase}" failed: Error: ${phase} hook failed`,
      ),
    );
    warned.mockRestore();
  });

  it('may also listen on diagnostics channels', async () => {
    const heard: unknown[] = [];
    const listener = (message: unknown): void => void heard.push(message);
    listen(channelName('ended'), listener);

    const receipt = await execute(new Count({ counter: 'a', by: 1 }), new FakeStore());

    unsubscribe(channelName('ended'), listener);
    await execute(new Count({ counter: 'a', by: 1 }), new FakeStore());
    expect(heard).toMatchObject([{ command: 'Count', receipt: { commandId: receipt.commandId } }]);
  });
});

describe('a value that is refused', () => {
  const Log = defineStream('log', {
    events: { Logged: v.object({ text: v.union([v.string(), v.number()]) }) },
    state: () => ({}),
    fold: {},
  });
  const emitting = (emits: (emit: (text: unknown) => void) => void) =>
    defineCommand('Emitting', {
      streams: { log: Log },
      input: { text: v.pipe(v.string(), v.nonEmpty()) },
      // The wrong ones as well: that is what is tried here.
      handle: ({ emit }) => emits((text) => emit('log', 'Logged', { text: text as string })),
    });

  it.each<[string, (emit: (text: unknown) => void) => void]>([
    ['a payload that its own schema refuses', (emit) => emit(true)],
    ['a payload that JSON cannot hold', (emit) => emit(Infinity)],
    ['an event that is too large', (emit) => emit('x'.repeat(1_000_001))],
    ['more events than an append may hold', (emit) => new Array(10_001).fill('x').forEach(emit)],
  ])('is a fault of the command when it decided on it: %s', async (_, emits) => {
    const Emitting = emitting(emits);
    const store = new FakeStore();
    await expect(execute(new Emitting({ log: 'l', text: 'x' }), store)).rejects.toMatchObject({
      code: 'INVALID_DECISION',
      retriable: false,
      context: { command: 'Emitting', attempts: 1 },
      issues: [{ message: expect.any(String) }],
      cause: { code: 'VALIDATION' },
    });
    expect(store.appends).toEqual([]);
  });

  it('is a fault of the command when discover gave it', async () => {
    const Finding = defineCommand('Finding', {
      streams: { list: List, counters: discovers(Counter) },
      discover: () => ({ counters: ['\u0000'] }),
      handle: () => undefined,
    });
    await expect(execute(new Finding({ list: 'l' }), new FakeStore())).rejects.toMatchObject({
      code: 'INVALID_DECISION',
    });
  });

  it("is the caller's when he gave it: before anything is read", async () => {
    const store = new FakeStore();
    const Fine = emitting(() => undefined);
    expect(raised(() => new Fine({ log: 'l', text: '' }))).toMatchObject({ code: 'VALIDATION' });
    for (const options of [{ commandId: 'none' }, { metadata: 'x'.repeat(1_000_001) }, { metadata: { at: NaN } }]) {
      await expect(execute(new Fine({ log: 'l', text: 'x' }), store, options)).rejects.toMatchObject({
        code: 'VALIDATION',
      });
    }
    expect(store.reads).toEqual([]);
  });
});
