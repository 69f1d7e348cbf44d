import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Money, Policy, Transfer } from '../bank.fixture.js';
import { execute } from '../execute/execute.js';
import { FakeRuntime, FakeStore } from '../execute/fake-store.fixture.js';
import { raised } from '../raised.fixture.js';
import { definitionOf } from './command-definition.js';
import { finishedDefinition } from './compiled-command.js';
import { CommandLogic } from './command-logic.js';
import { appends, defineCommand, discovers, many, optional, reads, writes } from './define-command.js';

const handle = (): void => undefined;

describe('a command without decorators', () => {
  it('is a class that bears its name', () => {
    expect(Transfer.name).toBe('TransferMoney');
    expect(Transfer.commandName).toBe('TransferMoney');
    expect(new Transfer({ from: 'a', to: 'b', amount: 1 })).toBeInstanceOf(CommandLogic);
  });

  it('gives objects that show what they were given, parsed', () => {
    const command = new Transfer({ from: 'a', to: Account.at('b'), amount: 1 });
    expect(command.command).toBe('TransferMoney');
    expect(command.streams).toEqual({ from: Account.at('a'), to: Account.at('b') });
    expect(command.input).toEqual({ amount: 1 });
  });

  it('gives frozen objects', () => {
    const command = new Transfer({ from: 'a', to: 'b', amount: 1 });
    for (const part of [command, command.streams, command.input]) expect(Object.isFrozen(part)).toBe(true);
    expect(() => {
      (command.input as { amount: number }).amount = 2;
    }).toThrow(TypeError);
    expect(() => {
      (command as { input: unknown }).input = {};
    }).toThrow(TypeError);
  });

  it('is given its input, its streams and its state where it decides, and the time and ids', async () => {
    const seen: unknown[] = [];
    const Note = defineCommand('Note', {
      streams: { account: Account, audit: appends(Audit) },
      input: { text: v.string() },
      handle: ({ input, streams, state, now, id, emit }) => {
        seen.push(input, streams, state, now, typeof id());
        emit('audit', 'Noted', { text: input.text });
      },
    });
    await execute(new Note({ account: 'a', audit: 'x', text: 'hello' }), new FakeStore(), {
      runtime: new FakeRuntime(),
    });
    expect(seen).toEqual([
      { text: 'hello' },
      { account: Account.at('a'), audit: Audit.at('x') },
      { account: { open: false, balance: 0 } },
      '2026-01-01T00:00:00.000Z',
      'string',
    ]);
  });

  it('may have a state of its own', async () => {
    const store = new FakeStore().write('account-a', { type: 'MoneyDeposited', data: { amount: 5 } });
    let seen: unknown;
    const Own = defineCommand('Own', {
      streams: { account: Account },
      initialState: () => ({ types: [] as readonly string[] }),
      apply: ({ types }, { type }, at) => ({ types: [...types, `${at}:${type}`] }),
      handle: ({ state }) => {
        seen = state;
      },
    });
    await execute(new Own({ account: 'a' }), store, { runtime: new FakeRuntime() });
    expect(seen).toEqual({ types: ['account:MoneyDeposited'] });
  });

  it('keeps the retry policy that it was defined with', () => {
    const retry = { attempts: 3, delay: () => 0 };
    const Tried = defineCommand('Tried', { streams: { account: Account }, retry, handle });
    expect(finishedDefinition(Tried)?.retry).toBe(retry);
  });

  it('forms no hierarchy: a class that extends it is refused when it is constructed', () => {
    class Sub extends (Transfer as unknown as new (properties: object) => object) {}
    const error = raised(() => new Sub({ from: 'a', to: 'b', amount: 1 }));
    expect(error.code).toBe('DEFINITION');
    expect(error.message).toBe(
      'Sub extends the command TransferMoney. Commands form no inheritance hierarchy: extend CommandLogic<Sub>, and share code by functions.',
    );
  });

  it.each(['', undefined, 5, { name: 'Tried' }])('needs a name, and not %p', (name) => {
    expect(raised(() => defineCommand(name as never, { streams: { account: Account }, handle })).message).toBe(
      "defineCommand needs a name: defineCommand('Deposit', { … }).",
    );
  });

  it.each([undefined, null, 5])('needs a specification, and not %p', (spec) => {
    const error = raised(() => defineCommand('Tried', spec as never));
    expect([error.code, error.message]).toEqual([
      'DEFINITION',
      "Tried needs a specification: defineCommand('Tried', { streams, input, handle }).",
    ]);
    expect(raised(() => defineCommand('Tried', { streams: null, input: null, handle } as never)).message).toMatch(
      /^Tried declares no stream\./,
    );
  });

  it('is made with new', () => {
    expect(() => (Transfer as unknown as (properties: object) => unknown)({ from: 'a', to: 'b', amount: 1 })).toThrow(
      TypeError,
    );
  });
});

describe('how a command uses a stream type', () => {
  const roles = (streams: object): unknown => {
    const Tried = defineCommand('Tried', {
      streams: streams as { account: typeof Account },
      handle,
      ...('found' in streams && { discover: () => ({}) }),
    });
    return definitionOf(Tried).fields.map(({ name, role, optional: left, mayEqual }) => [name, role, left, mayEqual]);
  };

  it('is reading and writing, unless it says otherwise', () => {
    expect(roles({ account: Account, other: writes(Account, { mayEqual: true }) })).toEqual([
      ['account', 'stream', false, false],
      ['other', 'stream', false, true],
    ]);
  });

  it('is reading, appending, a set of streams, or discovering', () => {
    expect(
      roles({
        policy: reads(Policy),
        audit: appends(Audit),
        payees: many(Account, { mayEqual: true }),
        found: discovers(Account),
      }),
    ).toEqual([
      ['policy', 'read', false, false],
      ['audit', 'append', false, false],
      ['payees', 'set', false, true],
      ['found', 'discovered', false, false],
    ]);
  });

  it('may be optional, in each form of a single stream', () => {
    expect(
      roles({
        account: optional(Account),
        written: optional(writes(Account)),
        policy: optional(reads(Policy, { mayEqual: true })),
        audit: optional(appends(Audit)),
      }),
    ).toEqual([
      ['account', 'stream', true, false],
      ['written', 'stream', true, false],
      ['policy', 'read', true, true],
      ['audit', 'append', true, false],
    ]);
  });
});

describe('inputs', () => {
  it('may be branded, and given plain', () => {
    const Deposit = defineCommand('Deposit', { streams: { account: Account }, input: { amount: Money }, handle });
    const { amount } = new Deposit({ account: 'a', amount: 60 }).input;
    const money: Money = amount;
    expect(money).toBe(60);
  });

  it('may be none', () => {
    const Touch = defineCommand('Touch', { streams: { account: Account }, handle });
    expect(new Touch({ account: 'a' }).input).toEqual({});
  });
});
