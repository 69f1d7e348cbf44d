import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Policy, Transfer } from '../bank.fixture.js';
import type { CommandMethods } from '../command/compiled-command.js';
import { partsOf } from '../command/command-logic.js';
import { appends, defineCommand, discovers, many, optional, reads, writes } from '../command/define-command.js';
import type { EventCoreError } from '../errors/event-core-error.js';
import type { StreamId } from '../event/stream-id.js';
import { execute } from '../execute/execute.js';
import { FakeRuntime, FakeStore } from '../execute/fake-store.fixture.js';
import { issuesOf, raised } from '../raised.fixture.js';
import type { NewEvent } from '../store/append.js';
import { defineStream } from '../stream/define-stream.js';
import { event } from '../stream/event-schema.js';
import type { AnyReference } from '../stream/stream-reference.js';
import { decide, type DecisionInput } from './decision.js';

/** What `handle` is given, to a caller without a compiler. */
interface Untyped {
  readonly state: unknown;
  readonly input: unknown;
  readonly streams: Record<string, AnyReference>;
  readonly now: string;
  emit(stream: unknown, type?: unknown, data?: unknown): void;
  id(): string;
}
type Handle = (context: Untyped) => unknown;

const streams = {
  account: Account,
  heir: optional(Account),
  policy: reads(Policy),
  audit: appends(Audit),
  note: optional(appends(Audit)),
  payees: many(Account),
  found: discovers(Account),
};
const given = { account: 'a', policy: 'p', audit: 'x', payees: ['b', 'c'] };
const opened = { owner: 'Ada' };

/** Runs `handle` once, as the executor does; with account-d discovered. */
function decided(handle: Handle, changes: Partial<DecisionInput> & { readonly given?: object } = {}) {
  const Tried = defineCommand('Tried', { streams, discover: () => ({ found: [] }), handle: handle as never });
  const command = new Tried({ ...given, ...changes.given } as never);
  let ids = 0;
  const d = Account.at('d');
  return decide({
    ...partsOf(command)!,
    command: command as unknown as CommandMethods,
    state: {},
    discovered: new Map([['found', new Map<StreamId, AnyReference>([[d.id, d]])]]),
    now: () => '2026-01-01T00:00:00.000Z',
    uuid: () => `id-${(ids += 1)}`,
    ...changes,
  });
}
const events = (handle: Handle, changes?: Parameters<typeof decided>[1]) =>
  decided(handle, changes) as readonly NewEvent[];
const targets = (handle: Handle, changes?: Parameters<typeof decided>[1]) =>
  events(handle, changes).map(({ stream }) => stream);
const refusal = (handle: Handle): EventCoreError => raised(() => decided(handle));

describe('what a decision gives', () => {
  it('is the events that were emitted, in their order, ready to be appended', () => {
    const result = events(({ emit }) => {
      emit('account', 'AccountOpened', opened);
      emit('audit', 'Noted', { text: 'opened' });
    });
    expect(result).toEqual([
      { id: 'id-1', stream: 'account-a', type: 'AccountOpened', schemaVersion: 1, data: opened },
      { id: 'id-2', stream: 'audit-x', type: 'Noted', schemaVersion: 1, data: { text: 'opened' } },
    ]);
  });

  it('is empty when nothing was emitted', () => {
    expect(events(() => undefined)).toEqual([]);
  });

  it('is whatever handle throws, as it is', () => {
    const oops = new RangeError('oops');
    expect(() =>
      decided(() => {
        throw oops;
      }),
    ).toThrow(oops);
  });

  it('has the schema version of each event', () => {
    const Versioned = defineStream('versioned', {
      events: { Happened: event(v.object({}), { version: 2, upcast: { 1: (data: object) => data } }) },
      state: () => ({}),
      fold: {},
    });
    const Happen = defineCommand('Happen', {
      streams: { it: Versioned },
      handle: ({ emit }) => emit('it', 'Happened', {}),
    });
    const command = new Happen({ it: 'a' });
    const input = { ...partsOf(command)!, command: command as never, state: {}, discovered: new Map() };
    expect(decide({ ...input, now: () => '', uuid: () => 'id' })).toMatchObject([{ schemaVersion: 2 }]);
  });

  it('has each event in the version that is written', () => {
    const Versioned = defineStream('versioned', {
      events: {
        Happened: event(v.object({ count: v.number() }), {
          version: 2,
          upcast: { 1: ({ text }: { text: string }) => ({ count: Number(text) }) },
          writes: 1,
          downcast: { 2: ({ count }) => ({ text: String(count) }) },
        }),
      },
      state: () => ({}),
      fold: {},
    });
    const Happen = defineCommand('Happen', {
      streams: { it: Versioned },
      handle: ({ emit }) => emit('it', 'Happened', { count: 5 }),
    });
    const command = new Happen({ it: 'a' });
    const input = { ...partsOf(command)!, command: command as never, state: {}, discovered: new Map() };
    expect(decide({ ...input, now: () => '', uuid: () => 'id' })).toMatchObject([
      { schemaVersion: 1, data: { text: '5' } },
    ]);
  });

  it('is the same through the door with decorators: handle is a method of the command', async () => {
    const store = new FakeStore()
      .write('account-a', { type: 'MoneyDeposited', data: { amount: 5 } })
      .write('account-b', { type: 'AccountOpened', data: opened });
    const transfer = new Transfer({ from: 'a', to: 'b', amount: 5 });
    await execute(transfer, store, { runtime: new FakeRuntime() });
    expect(store.appends[0]?.events.map(({ stream, type }) => [stream, type])).toEqual([
      ['account-a', 'MoneyWithdrawn'],
      ['account-b', 'MoneyDeposited'],
    ]);
  });
});

describe('emitting', () => {
  const open =
    (stream: unknown): Handle =>
    ({ emit }) =>
      emit(stream, 'AccountOpened', opened);

  it('goes to single streams by the name of their field', () => {
    expect(targets(open('account'))).toEqual(['account-a']);
    expect(targets(open('heir'), { given: { heir: 'h' } })).toEqual(['account-h']);
    expect(targets(({ emit }) => emit('audit', 'Noted', { text: '' }))).toEqual(['audit-x']);
  });

  it.each([
    ['reference', Account.at('b')],
    ['id', 'account-b'],
    ['reference of another copy of the package', { id: 'account-b' }],
  ])('goes to members of a set by %s', (_, member) => {
    expect(targets(open(member))).toEqual(['account-b']);
  });

  it('goes to discovered streams by reference and by id', () => {
    expect(targets(open(Account.at('d')))).toEqual(['account-d']);
    expect(targets(open('account-d'))).toEqual(['account-d']);
  });

  it('may be destructured, and passed on', () => {
    expect(
      targets(({ emit }) => ['account', 'account-b'].forEach((stream) => open(stream)({ emit } as Untyped))),
    ).toEqual(['account-a', 'account-b']);
  });

  it.each([
    ['a field that there is not', 'acount', '"acount"'],
    ['an input of the context', 'input', '"input"'],
    ['what every object has', 'constructor', '"constructor"'],
    ['nothing', undefined, '"undefined"'],
    ['null', null, '"null"'],
    ['a number', 5, '"5"'],
    ['an object that is no reference', { key: 'b' }, `"{ key: 'b' }"`],
    ['the key of a member', 'b', '"b"'],
  ])('to %s is refused, with what is declared and what to add', (_, stream, shown) => {
    const error = refusal(open(stream));
    expect(error.code).toBe('UNDECLARED_STREAM');
    expect(error.context).toEqual({ command: 'Tried', stream: JSON.parse(shown) });
    expect(error.message).toContain(`Stream ${shown} is not declared by Tried`);
    expect(error.message).toContain('account, heir, policy, audit, note, payees, found');
    expect(error.message).toContain('Decorate a field with @Stream(StreamType), or list it under streams.');
  });

  it.each([
    ['a stream that no field names', Account.at('z')],
    ['an id that no field names', 'account-z'],
    ['a stream of another type', Policy.at('b')],
  ])('to %s is refused, with where it is not', (_, stream) => {
    const error = refusal(open(stream));
    const id = typeof stream === 'string' ? stream : stream.id;
    expect(error.code).toBe('UNDECLARED_STREAM');
    expect(error.context).toEqual({ command: 'Tried', stream: id });
    expect(error.message).toMatch(new RegExp(`^Stream "${id}" is not declared by Tried: .*sets.*discover`));
  });

  it('to a single stream by its reference is refused, with how it is written', () => {
    for (const stream of [Account.at('a'), 'account-a']) {
      const error = refusal(open(stream));
      expect(error.code).toBe('UNDECLARED_STREAM');
      expect(error.context).toEqual({ command: 'Tried', stream: 'account-a' });
      expect(error.message).toContain('"account-a" is Tried.account');
      expect(error.message).toContain("emit('account', …)");
    }
  });

  it('to a stream that is only read is refused, also by its reference', () => {
    const error = refusal(open(Policy.at('p')));
    expect(error.code).toBe('UNDECLARED_STREAM');
    expect(error.message).toMatch(/^Tried\.policy is only read: declare it with @Stream/);
  });

  it.each([
    ['policy', 'is only read: declare it with @Stream, or without reads(…), to write to it.'],
    ['payees', 'is a set of streams: emit to one of its members, by reference.'],
    ['found', 'are discovered streams: emit to one of them, by reference or by its id in the state.'],
    ['heir', 'was left out.'],
    ['note', 'was left out.'],
  ])('to the field %s is refused: it %s', (field, why) => {
    const error = refusal(open(field));
    expect(error.code).toBe('UNDECLARED_STREAM');
    expect(error.context).toEqual({ command: 'Tried', field });
    expect(error.message).toBe(`Tried.${field} ${why}`);
  });

  it('to a stream that is read by one field and written by another is allowed by the name of the latter', () => {
    const Both = defineCommand('Both', {
      streams: { seen: reads(Account, { mayEqual: true }), account: writes(Account, { mayEqual: true }) },
      handle: ({ emit }) => emit('account', 'AccountOpened', opened),
    });
    const command = new Both({ seen: 'a', account: 'a' });
    const input = { ...partsOf(command)!, command: command as never, state: {}, discovered: new Map() };
    expect(decide({ ...input, now: () => '', uuid: () => 'id' })).toMatchObject([{ stream: 'account-a' }]);
  });

  it('to what another attempt has discovered is refused', () => {
    const discovered = new Map([['found', new Map()]]);
    expect(() => decided(open('account-d'), { discovered })).toThrow("discover didn't name it");
    expect(() => decided(open('account-d'), { discovered: new Map() })).toThrow('is not declared by Tried');
  });
});

describe('an event', () => {
  it.each(['Opened', 'Noted', '', 'constructor', undefined, null, 5])(
    'of a name that the stream type does not have is refused, with those that it has: %p',
    (type) => {
      const emitting = () => decided(({ emit }) => emit('account', type, {}));
      expect(issuesOf(emitting)).toHaveLength(1);
      const { message } = raised(emitting);
      for (const part of ['Tried', String(JSON.stringify(type)), 'stream type "account"'])
        expect(message).toContain(part);
      expect(message).toContain('AccountOpened, MoneyDeposited, MoneyWithdrawn');
    },
  );

  it('is parsed by its schema, and kept in the form in which it is read', () => {
    const data = { text: 'a', unknown: 1 };
    const [noted] = events(({ emit }) => emit('audit', 'Noted', data));
    expect(noted?.data).toStrictEqual({ text: 'a' });
    expect(Object.isFrozen(noted?.data)).toBe(true);
    expect(data).toEqual({ text: 'a', unknown: 1 });
  });

  it('is not changed by what happens to its data after it was emitted', () => {
    const Any = defineStream('any', { events: { Happened: v.any() }, state: () => ({}), fold: {} });
    const Happen = defineCommand('Happen', {
      streams: { it: Any },
      handle: ({ emit }) => {
        const data = { zero: -0, list: [1] };
        emit('it', 'Happened', data);
        data.list.push(2);
      },
    });
    const command = new Happen({ it: 'a' });
    const input = { ...partsOf(command)!, command: command as never, state: {}, discovered: new Map() };
    const [happened] = decide({ ...input, now: () => '', uuid: () => 'id' }) as readonly NewEvent[];
    expect(happened?.data).toStrictEqual({ zero: 0, list: [1] });
  });

  it('with data that its schema refuses is refused, with the path', () => {
    const emitting = (data: unknown) => () => decided(({ emit }) => emit('account', 'MoneyDeposited', data));
    expect(issuesOf(emitting({ amount: 'much' }))).toMatchObject([{ path: ['amount'] }]);
    expect(raised(emitting({})).message).toMatch(/^event MoneyDeposited is not valid: amount: /);
    expect(raised(emitting(undefined))).toMatchObject({ code: 'INVALID_DECISION', subject: 'event MoneyDeposited' });
  });

  it('without data is refused, also where its schema allows that', () => {
    const Any = defineStream('any', { events: { Happened: v.any() }, state: () => ({}), fold: {} });
    const Happen = defineCommand('Happen', {
      streams: { it: Any },
      handle: ({ emit }) => emit('it', 'Happened', undefined),
    });
    const command = new Happen({ it: 'a' });
    const input = { ...partsOf(command)!, command: command as never, state: {}, discovered: new Map() };
    expect(raised(() => decide({ ...input, now: () => '', uuid: () => 'id' })).message).toBe(
      'event Happened is not valid: has no data; an event without any has {}',
    );
  });
});

describe('emitting too late', () => {
  const late = 'Tried emitted AccountOpened after its handle had returned. Await what handle starts.';

  it('is refused after a synchronous handle', () => {
    let kept: Untyped | undefined;
    const result = events((context) => {
      kept = context;
    });
    const error = raised(() => kept?.emit('account', 'AccountOpened', opened));
    expect([error.code, error.message]).toEqual(['DEFINITION', late]);
    expect(result).toEqual([]);
  });

  it('is refused after an asynchronous one', async () => {
    let kept: Untyped | undefined;
    const result = await decided(async (context) => {
      kept = context;
      await Promise.resolve();
      context.emit('account', 'AccountOpened', opened);
    });
    expect(result).toHaveLength(1);
    expect(raised(() => kept?.emit('account', 'AccountOpened', opened)).message).toBe(late);
    expect(result).toHaveLength(1);
  });

  it('is refused after an asynchronous one that has failed', async () => {
    let kept: Untyped | undefined;
    const oops = new Error('oops');
    const result = decided(async (context) => {
      kept = context;
      throw oops;
    });
    await expect(result).rejects.toBe(oops);
    expect(() => kept?.emit('account', 'AccountOpened', opened)).toThrow(late);
  });

  it('is what a handle does that does not await what it starts', async () => {
    let started: Promise<void> | undefined;
    const result = await decided(async ({ emit }) => {
      started = Promise.resolve()
        .then(() => undefined)
        .then(() => undefined)
        .then(() => undefined)
        .then(() => emit('account', 'AccountOpened', opened));
    });
    expect(result).toEqual([]);
    await expect(started).rejects.toMatchObject({ code: 'DEFINITION' });
  });
});

describe('an asynchronous handle', () => {
  it('is awaited, and its events are kept in the order in which they were emitted', async () => {
    const result = decided(async ({ emit }) => {
      emit('account', 'AccountOpened', opened);
      await Promise.resolve();
      emit('audit', 'Noted', { text: 'later' });
    });
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toMatchObject([{ type: 'AccountOpened' }, { type: 'Noted' }]);
  });

  it('may give anything that has a then', async () => {
    const thenable = { then: (resolve: (value: unknown) => void) => resolve(undefined) };
    expect(await decided(() => thenable)).toEqual([]);
  });
});

describe('the context', () => {
  it('takes time and ids from outside, and from nowhere else', () => {
    const seen: unknown[] = [];
    events(({ now, id }) => void seen.push(now, id(), id()), { now: () => '1999-12-31T23:59:59.000Z' });
    expect(seen).toEqual(['1999-12-31T23:59:59.000Z', 'id-1', 'id-2']);
  });

  it('looks at the clock only when somebody asks what time it is', () => {
    let asked = 0;
    const now = () => String((asked += 1));
    events(({ emit }) => emit('account', 'AccountOpened', opened), { now });
    expect(asked).toBe(0);
  });

  it('has the state that the decision rests on', () => {
    const state = { account: { balance: 5 } };
    let seen: unknown;
    events((context) => void (seen = context.state), { state });
    expect(seen).toBe(state);
  });
});

describe('the time of an attempt', () => {
  it('is fixed, however long it takes; another attempt has its own', async () => {
    const store = new FakeStore();
    const runtime = new FakeRuntime();
    const times: string[] = [];
    const Watch = defineCommand('Watch', {
      streams: { account: Account },
      handle: (context) => {
        times.push(context.now);
        runtime.time += 1000;
        times.push(context.now);
        context.emit('account', 'AccountOpened', opened);
      },
    });
    store.atNextAppend((_, proceed) => {
      store.write('account-a', { type: 'AccountOpened', data: opened });
      return proceed();
    });
    await execute(new Watch({ account: 'a' }), store, { runtime, retry: { attempts: 2, delay: () => 0 } });
    expect(times).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:01.000Z',
      '2026-01-01T00:00:01.000Z',
    ]);
  });
});

describe('a handle that gives something back', () => {
  const message = 'Tried.handle gave something back. It gives nothing: events are emitted with emit(…).';

  it.each<[string, Handle]>([
    ['events', () => [{ type: 'AccountOpened', data: opened }]],
    ['null', () => null],
    [
      'a generator, which has not even begun',
      function* ({ emit }) {
        yield emit('account', 'AccountOpened', opened);
      },
    ],
    [
      'an asynchronous generator',
      async function* ({ emit }) {
        yield emit('account', 'AccountOpened', opened);
      },
    ],
  ])('is refused: %s', (_, handle) => {
    const error = refusal(handle);
    expect([error.code, error.message]).toEqual(['DEFINITION', message]);
  });

  it('is refused also after an await', async () => {
    const handled = decided(async ({ emit }) => {
      await Promise.resolve();
      emit('account', 'AccountOpened', opened);
      return 'done';
    });
    await expect(handled).rejects.toMatchObject({ code: 'DEFINITION', message });
  });
});

describe('emitting what has no text', () => {
  it('is refused like anything else that was not declared', () => {
    expect(refusal(({ emit }) => emit(Object.create(null), 'AccountOpened', opened)).message).toMatch(
      /^Stream "\[Object: null prototype\] \{\}" is not declared by Tried/,
    );
    expect(issuesOf(() => decided(({ emit }) => emit('account', 10n, opened)))[0]?.message).toMatch(
      /^10n is no event of stream type "account"/,
    );
  });
});
