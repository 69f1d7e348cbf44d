/** Rules 5 to 7 of an execution: ids that stay, doubts that are resolved, receipts. */
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { commandIdFrom } from '../command/command-id.js';
import { defineCommand, discovers, many } from '../command/define-command.js';
import { ensure } from '../decide/rules.js';
import { BusinessRuleViolation } from '../errors/input-errors.js';
import { StoreClosed, StoreMisconfigured, StoreUnavailable } from '../errors/store-errors.js';
import { Count, CountListed, counted, Counter, List, listed, Look, Move } from './counters.fixture.js';
import { MAX_DOUBT } from '../store/doubt.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';

const unavailable = () => new StoreUnavailable('The connection was cut.');
const lost = { kind: 'unknown', error: unavailable() } as const;
const commandId = commandIdFrom('tests', 'one intent');

describe('command ids', () => {
  it('one that the caller gave is looked up in the same call as the first read', async () => {
    const store = new FakeStore();

    await execute(new Count({ counter: 'a', by: 1 }), store, { commandId });

    expect(store.reads).toEqual([{ streams: [{ stream: 'counter-a', after: 0 }], commands: [commandId] }]);
  });

  it('one of our own is not looked up: nobody can have used it before', async () => {
    const store = new FakeStore();

    await execute(new Count({ counter: 'a', by: 1 }), store);

    expect(store.reads[0]).not.toHaveProperty('commands');
  });

  it('a command that was applied gives the recorded receipt, and nothing is decided', async () => {
    const store = new FakeStore();
    const first = await execute(new Count({ counter: 'a', by: 60 }), store, { commandId });

    // Decided anew, it would be rejected: 60 + 60 is too much.
    const again = await execute(new Count({ counter: 'a', by: 60 }), store, { commandId });

    expect(again).toEqual({ ...first, duplicate: true });
    expect(store.appends).toHaveLength(1);
  });

  it('the receipt of one that was applied names the correlation of its events, whoever asks again', async () => {
    for (const plan of ['looked up', 'met by the append'] as const) {
      const store = new FakeStore();
      const command = new Count({ counter: 'a', by: 1 });
      if (plan === 'looked up') await execute(command, store, { commandId, correlationId: 'first' });
      else
        store.atNextAppend(async (_, proceed) => {
          await execute(command, store, { commandId, correlationId: 'first' });
          return proceed();
        });

      const again = await execute(command, store, { commandId, correlationId: 'second' });

      expect(again).toMatchObject({ duplicate: true, correlationId: 'first' });
    }
  });

  it('one that was used for other inputs, or for another command, is refused', async () => {
    const store = new FakeStore();
    await execute(new Count({ counter: 'a', by: 1 }), store, { commandId });

    for (const other of [
      new Count({ counter: 'a', by: 2 }),
      new Count({ counter: 'b', by: 1 }),
      new Move({ from: 'a', to: 'b', by: 1 }),
    ]) {
      await expect(execute(other, store, { commandId })).rejects.toMatchObject({
        code: 'COMMAND_ID_REUSED',
        context: { commandId },
        message: expect.stringMatching(/Use a new id for a new intent/),
      });
    }
  });

  it('what is sent again is the same, with a set in another order, and in a release that has more inputs or fewer', async () => {
    const sets = { streams: { set: many(Counter) } };
    const older = { ...sets, input: { by: v.number() } };
    const newer = { ...sets, input: { by: v.number(), note: v.optional(v.string(), '') } };
    const releases = [older, newer].map((spec) =>
      defineCommand('CountAll', {
        ...spec,
        handle: ({ streams, input, emit }) => {
          for (const counter of streams.set) emit(counter, 'Counted', { by: input.by });
        },
      }),
    );
    for (const [First, Second] of [releases, releases.toReversed()] as const) {
      const store = new FakeStore();
      const first = await execute(new First!({ set: ['a', 'b'], by: 1 }), store, { commandId });
      const again = await execute(new Second!({ set: ['b', 'a'], by: 1 }), store, { commandId });
      expect(again).toEqual({ ...first, duplicate: true });
    }
  });

  it('a derived id matches whatever is executed under it, and whatever was', async () => {
    const plain = new FakeStore();
    await execute(new Count({ counter: 'a', by: 1 }), plain, { commandId });
    await expect(
      execute(new Count({ counter: 'a', by: 2 }), plain, { commandId, anyFingerprint: true }),
    ).resolves.toMatchObject({ duplicate: true });

    const store = new FakeStore();
    const first = await execute(new Count({ counter: 'a', by: 1 }), store, { commandId, anyFingerprint: true });

    await expect(
      execute(new Count({ counter: 'a', by: 2 }), store, { commandId, anyFingerprint: true }),
    ).resolves.toEqual({ ...first, duplicate: true });
  });

  it('the append has the last word on an id that was used meanwhile', async () => {
    const store = new FakeStore();
    const racing = (by: number) => execute(new Count({ counter: 'a', by }), store, { commandId });

    const [one, other] = await Promise.all([racing(1), racing(1)]);
    expect([one.duplicate, other.duplicate].sort()).toEqual([false, true]);

    const [, refused] = await Promise.allSettled([
      execute(new Count({ counter: 'b', by: 1 }), store, { commandId: commandIdFrom('tests', 'two') }),
      execute(new Count({ counter: 'b', by: 2 }), store, { commandId: commandIdFrom('tests', 'two') }),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'COMMAND_ID_REUSED' } });
  });

  it('a command that wrote nothing leaves no record, and is decided anew', async () => {
    const store = new FakeStore();
    await execute(new Look({ counter: 'a' }), store, { commandId });

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { commandId })).resolves.toMatchObject({
      duplicate: false,
    });
  });

  it('command, correlation and causation id stay the same over all attempts', async () => {
    const store = new FakeStore().atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });

    await execute(new Count({ counter: 'a', by: 1 }), store, {
      correlationId: 'request-7',
      causationId: 'click-3',
      runtime: new FakeRuntime(),
    });

    expect(store.appends).toHaveLength(2);
    expect(new Set(store.appends.map((append) => append.commandId)).size).toBe(1);
    for (const append of store.appends)
      expect(append).toMatchObject({ correlationId: 'request-7', causationId: 'click-3' });
  });

  it('correlation and causation are the command id unless given', async () => {
    const store = new FakeStore();

    const receipt = await execute(new Count({ counter: 'a', by: 1 }), store);

    expect(store.appends[0]).toMatchObject({ correlationId: receipt.commandId, causationId: receipt.commandId });
    expect(receipt.correlationId).toBe(receipt.commandId);
  });

  it('ids that are none are refused before anything is read', async () => {
    const store = new FakeStore();

    for (const options of [
      { commandId: 'rent-november' },
      { correlationId: '' },
      { causationId: 'a\u0000b' },
      { correlationId: 'x'.repeat(256) },
    ]) {
      await expect(execute(new Count({ counter: 'a', by: 1 }), store, options)).rejects.toMatchObject({
        code: 'VALIDATION',
      });
    }
    expect(store.reads).toEqual([]);
  });
});

describe('the same command id, sent twice at once', () => {
  // Each time the twin commits where this execution is about to look again: what it sees then are its own events, and
  // decided on, they would have it rejected although it was applied.
  const twin = (by: number) => new Count({ counter: 'a', by });

  it('is told as applied when the twin commits before a conflict is looked into', async () => {
    const store = new FakeStore();
    store.missedAtMost = 0;
    store
      .atNextAppend((_, proceed) => {
        store.write('counter-a', counted(1));
        return proceed();
      })
      .atNextRead((_, proceed) => proceed())
      .atNextRead(async (_, proceed) => {
        await execute(twin(60), store, { commandId });
        return proceed();
      });

    await expect(execute(twin(60), store, { commandId, runtime: new FakeRuntime() })).resolves.toMatchObject({
      duplicate: true,
    });
    expect(store.events('counter-a')).toHaveLength(2);
  });

  it.each([
    ['synchronously', Count],
    [
      'asynchronously at last',
      defineCommand('Count', {
        streams: { counter: Counter },
        input: { by: v.number(), most: v.optional(v.number(), 100) },
        handle: ({ state, input, emit }) => {
          if (state.counter.total + input.by > 100)
            return Promise.reject(new BusinessRuleViolation('that is too much'));
          emit('counter', 'Counted', { by: input.by });
        },
      }),
    ],
  ])('is told as applied when the twin commits before a hold is granted that rejects %s', async (_, Counting) => {
    const store = new FakeStore({ holds: true });
    const { hold } = store;
    store.atNextAppend((__, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });
    store.hold = async (...call) => {
      store.hold = hold!;
      await execute(twin(60), store, { commandId });
      return hold!(...call);
    };

    await expect(
      execute(new Counting({ counter: 'a', by: 60 }), store, { commandId, runtime: new FakeRuntime() }),
    ).resolves.toMatchObject({
      duplicate: true,
    });
    expect(store.events('counter-a')).toHaveLength(2);
  });

  it('is told as applied when the twin commits before a hold is granted that finds nothing to do', async () => {
    const Once = defineCommand('Once', {
      streams: { counter: Counter },
      handle: ({ state, emit }) => {
        if (state.counter.total < 5) emit('counter', 'Counted', { by: 5 });
      },
    });
    const store = new FakeStore({ holds: true });
    const { hold } = store;
    store.atNextAppend((_, proceed) => {
      store.write('counter-a', counted(1));
      return proceed();
    });
    store.hold = async (...call) => {
      store.hold = hold!;
      await execute(new Once({ counter: 'a' }), store, { commandId });
      return hold!(...call);
    };

    const receipt = await execute(new Once({ counter: 'a' }), store, { commandId, runtime: new FakeRuntime() });
    expect(receipt).toMatchObject({ duplicate: true, events: [{ version: 2 }] });
  });

  it('is told as applied when the twin commits between two rounds of discovery', async () => {
    const Once = defineCommand('Once', {
      streams: { list: List, counters: discovers(Counter) },
      discover: ({ list }) => ({ counters: list.counters }),
      handle: ({ state, emit }) => {
        for (const [id, { total }] of state.counters) {
          ensure(total === 0, 'it has counted already');
          emit(id, 'Counted', { by: 1 });
        }
      },
    });
    const store = new FakeStore().write('list-l', listed('a'));
    store
      .atNextRead((_, proceed) => proceed())
      .atNextRead(async (_, proceed) => {
        await execute(new Once({ list: 'l' }), store, { commandId });
        return proceed();
      });

    await expect(execute(new Once({ list: 'l' }), store, { commandId })).resolves.toMatchObject({ duplicate: true });
  });

  it('asks again when that question fails in passing', async () => {
    const store = new FakeStore({ holds: true }).write('counter-a', counted(99));
    store
      .atNextAppend((_, proceed) => {
        store.write('counter-a', counted(1));
        return proceed();
      })
      .atNextRead((_, proceed) => proceed())
      .atNextRead(() => Promise.reject(unavailable()));

    await expect(execute(twin(1), store, { commandId, runtime: new FakeRuntime() })).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
      context: { attempts: 3 },
    });
  });
});

describe('metadata', () => {
  it('goes with the append, in its JSON form', async () => {
    const store = new FakeStore();

    await execute(new Count({ counter: 'a', by: 1 }), store, { metadata: { user: 'ann', nothing: undefined } });

    expect(store.appends[0]!.metadata).toEqual({ user: 'ann' });
  });

  it("is parsed by the store's schema, before anything is read", async () => {
    const settings = { metadata: v.object({ user: v.pipe(v.string(), v.toLowerCase()) }) };
    const store = new FakeStore({ settings });

    await execute(new Count({ counter: 'a', by: 1 }), store, { metadata: { user: 'ANN' } });
    expect(store.appends[0]!.metadata).toEqual({ user: 'ann' });

    for (const metadata of [undefined, { user: 7 }]) {
      const refused = new FakeStore({ settings });
      await expect(execute(new Count({ counter: 'a', by: 1 }), refused, { metadata })).rejects.toMatchObject({
        code: 'VALIDATION',
        subject: 'metadata',
      });
      expect(refused.reads).toEqual([]);
    }
  });
});

describe('doubt', () => {
  it('an append whose answer was lost is sent again, whole and unchanged, until it is answered', async () => {
    const store = new FakeStore()
      .atNextAppend((_, proceed) => {
        proceed();
        return lost;
      })
      .atNextAppend(() => lost);

    const receipt = await execute(new Count({ counter: 'a', by: 60 }), store, { runtime: new FakeRuntime() });

    expect(receipt).toMatchObject({ duplicate: true, attempts: 1 });
    expect(store.appends).toHaveLength(3);
    expect(store.appends[1]).toBe(store.appends[0]);
    expect(store.appends[2]).toBe(store.appends[0]);
    expect(store.events('counter-a')).toHaveLength(1);
  });

  /** The append was applied, and the answer was lost. */
  const doubted = (store = new FakeStore()): FakeStore =>
    store.atNextAppend((_, proceed) => {
      proceed();
      return lost;
    });

  it('is not ended by a failure that may pass, nor by an append that could not be sent', async () => {
    const passing = Object.assign(new Error('starting up'), { code: 'BROKEN', retriable: true });
    const store = doubted()
      .atNextAppend(() => ({ kind: 'failed', error: passing }))
      .atNextAppend(() => Promise.reject(passing))
      // A driver's error says nothing of that.
      .atNextAppend(() => Promise.reject(new Error('read ECONNRESET')));

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).resolves.toMatchObject({ duplicate: true, attempts: 1 });
    expect(store.appends).toHaveLength(5);
  });

  describe.each([
    new StoreMisconfigured('Somebody has taken the rights away.'),
    new StoreClosed('The store is closed.'),
    Object.assign(new Error('refused by an adapter'), { code: 'BROKEN', retriable: false }),
  ])('ends at once as indeterminate', (final) => {
    const indeterminate = { code: 'INDETERMINATE', retriable: true, cause: final };

    it(`when the store fails for good: ${final.name}`, async () => {
      const store = doubted().atNextAppend(() => ({ kind: 'failed', error: final }));

      await expect(
        execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
      ).rejects.toMatchObject(indeterminate);
      expect(store.appends).toHaveLength(2);
    });

    it(`when the store takes no append for good: ${final.name}`, async () => {
      const store = doubted().atNextAppend(() => Promise.reject(final));

      await expect(
        execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
      ).rejects.toMatchObject(indeterminate);
      expect(store.appends).toHaveLength(2);
    });

    it(`when it was a hold whose answer was lost: ${final.name}`, async () => {
      const store = new FakeStore({ holds: true })
        .atNextAppend((_, proceed) => {
          store.write('counter-a', counted(1));
          return proceed();
        })
        .atNextAppend(() => Promise.reject(final));
      const { hold } = store;
      store.hold = async (...call) => {
        await hold!(...call);
        return [lost];
      };

      await expect(
        execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
      ).rejects.toMatchObject(indeterminate);
      expect(store.appends).toHaveLength(2);
    });
  });

  it('is ended by a conflict: the append was not applied, and the command is decided again', async () => {
    const store = new FakeStore()
      .atNextAppend(() => lost)
      .atNextAppend((_, proceed) => {
        store.write('counter-a', counted(98));
        return proceed();
      });

    await expect(
      execute(new Count({ counter: 'a', by: 3 }), store, { runtime: new FakeRuntime() }),
    ).rejects.toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
    });
    expect(store.events('counter-a')).toHaveLength(1);
  });

  it('that lasts is told as such, with the command id to ask again by', async () => {
    const runtime = new FakeRuntime();
    const store = new FakeStore();
    for (let time = 0; time < 1000; time++) store.atNextAppend(() => lost);
    const began = runtime.time;

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { runtime, commandId })).rejects.toMatchObject({
      code: 'INDETERMINATE',
      commandId,
      retriable: true,
      cause: { code: 'STORE_UNAVAILABLE' },
      message: expect.stringContaining(`{ commandId: '${commandId}' }`),
    });
    expect(runtime.time - began).toBeGreaterThanOrEqual(MAX_DOUBT);
    expect(runtime.time - began).toBeLessThan(MAX_DOUBT + 2000);
  });

  it('lasts no longer when the store never answers the second time', async () => {
    const runtime = new FakeRuntime();
    const store = new FakeStore().atNextAppend(() => lost).atNextAppend(() => new Promise(() => undefined));
    const began = runtime.time;

    await expect(execute(new Count({ counter: 'a', by: 1 }), store, { runtime })).rejects.toMatchObject({
      code: 'INDETERMINATE',
      cause: { code: 'STORE_UNAVAILABLE' },
    });
    expect(runtime.time - began).toBe(MAX_DOUBT);
  });

  it('is ended by the deadline as Indeterminate, never as a failure', async () => {
    const runtime = new FakeRuntime();
    const store = new FakeStore().atNextAppend((_, proceed) => {
      proceed();
      runtime.time += 10_000;
      return lost;
    });

    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime, deadline: runtime.time + 5000 }),
    ).rejects.toMatchObject({
      code: 'INDETERMINATE',
    });
  });

  it.each([
    undefined,
    [],
    [undefined],
    [{ kind: 'committed' }],
    [{ kind: 'duplicate', receipt: null }],
    [{ kind: 'conflict' }],
    [{ kind: 'failed' }],
    [{ kind: 'excellent' }],
  ])('is what an answer leaves that is none: %j', async (answer) => {
    const store = new FakeStore();
    const { append } = store;
    let calls = 0;
    store.append = async (appended) => {
      calls += 1;
      const outcomes = await append.call(store, appended);
      return calls === 1 ? (answer as never) : outcomes;
    };
    await expect(
      execute(new Count({ counter: 'a', by: 1 }), store, { runtime: new FakeRuntime() }),
    ).resolves.toMatchObject({
      duplicate: true,
    });

    const holding = new FakeStore({ holds: true });
    const { hold } = holding;
    holding.hold = async (...call) => {
      await hold!(...call);
      return answer as never;
    };
    holding.atNextAppend((_, proceed) => {
      holding.write('counter-a', counted(1));
      return proceed();
    });
    await expect(
      execute(new Count({ counter: 'a', by: 1 }), holding, { runtime: new FakeRuntime() }),
    ).resolves.toMatchObject({
      duplicate: true,
      attempts: 2,
    });
  });
});

describe('receipts', () => {
  it('say what was recorded, and where', async () => {
    const store = new FakeStore().write('counter-a', counted(1));

    const receipt = await execute(new Move({ from: 'a', to: 'b', by: 2 }), store);

    expect(receipt).toMatchObject({
      commandId: store.appends[0]!.commandId,
      attempts: 1,
      duplicate: false,
      versions: new Map([
        ['counter-a', 2],
        ['counter-b', 1],
      ]),
      events: [
        { stream: 'counter-a', version: 2, type: 'Counted' },
        { stream: 'counter-b', version: 1, type: 'Counted' },
      ],
    });
    expect(receipt.position).toBe(receipt.events[1]!.position);
  });

  it('discovered streams are in them like all others', async () => {
    const store = new FakeStore().write('list-l', listed('a'));

    await expect(execute(new CountListed({ list: 'l' }), store)).resolves.toMatchObject({
      versions: new Map([['counter-a', 1]]),
    });
  });
});
