import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Policy, Transfer, TransferMoney } from '../bank.fixture.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from '../stream/define-stream.js';
import { definitionOf } from './command-definition.js';
import { appends, defineCommand, discovers, many, optional, reads, writes } from './define-command.js';

const handle = (): void => undefined;
/** As a caller without a compiler would define a command. */
const define = (spec: object): object =>
  defineCommand('Tried', { streams: { account: Account }, handle, ...spec } as never);

const Everything = defineCommand('Everything', {
  streams: {
    account: Account,
    twin: writes(Account, { mayEqual: true }),
    policy: reads(Policy),
    heir: optional(Account),
    limit: optional(reads(Policy, { mayEqual: true })),
    audit: appends(Audit),
    payees: many(Account),
    found: discovers(Account),
  },
  input: { amount: v.number() },
  discover: () => ({ found: [] }),
  handle,
});

describe('the definition of a command', () => {
  it.each([
    ['with decorators', TransferMoney],
    ['by defineCommand', Transfer],
  ])('is the same through both doors: %s', (_, commandClass) => {
    const definition = definitionOf(commandClass);
    expect(definition.name).toBe('TransferMoney');
    expect(definition.fields.map(({ name, role }) => [name, role])).toEqual([
      ['from', 'stream'],
      ['to', 'stream'],
      ['amount', 'input'],
    ]);
    expect(definition.fields.map(({ streamType }) => streamType)).toEqual(['account', 'account', undefined]);
    expect(definition).toMatchObject({ detail: 'lean', customState: false, discovers: false });
  });

  it('is one value, which holds names and facts and nothing of what the library works with', () => {
    expect(definitionOf(Everything)).toBe(definitionOf(Everything));
    expect(JSON.parse(JSON.stringify(definitionOf(Transfer)))).toEqual({
      name: 'TransferMoney',
      fields: [
        { name: 'from', role: 'stream', streamType: 'account', mayEqual: false, optional: false },
        { name: 'to', role: 'stream', streamType: 'account', mayEqual: false, optional: false },
        { name: 'amount', role: 'input' },
      ],
      detail: 'lean',
      customState: false,
      discovers: false,
    });
  });

  it('reads as one would say it', () => {
    expect(String(definitionOf(Everything))).toBe(
      [
        'command Everything',
        '  account  writes account',
        '  twin     writes account (may equal another)',
        '  policy   only reads policy',
        '  heir     writes account (optional)',
        '  limit    only reads policy (optional, may equal another)',
        '  audit    appends blindly to audit',
        '  payees   writes any number of account',
        '  found    discovers account',
        '  amount   input',
      ].join('\n'),
    );
  });

  it('is shown like that by inspect and console.log, too', () => {
    expect(inspect(definitionOf(TransferMoney))).toBe(String(definitionOf(TransferMoney)));
  });

  it('says when the command has a state of its own', () => {
    const Own = define({ initialState: () => 0, apply: (state: number) => state });
    expect(String(definitionOf(Own))).toMatch(/^command Tried, with a state of its own\n/);
    expect(definitionOf(Own).customState).toBe(true);
  });

  it('is frozen at every depth', () => {
    const definition = definitionOf(Everything);
    for (const part of [definition, definition.fields, ...definition.fields]) expect(Object.isFrozen(part)).toBe(true);
    expect(() => {
      (definition as { name: string }).name = 'Other';
    }).toThrow(TypeError);
  });

  it.each([class Plain {}, () => undefined, {}, new Transfer({ from: 'a', to: 'b', amount: 1 })])(
    'is there for no class but a finished command: %p',
    (value) => {
      const error = raised(() => definitionOf(value));
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toMatch(/^(Plain|This) is not a command: it needs @Command\(\), or defineCommand\.$/);
    },
  );
});

describe('what makes no command', () => {
  const message = (spec: object): string => {
    const error = raised(() => define(spec));
    expect(error.code).toBe('DEFINITION');
    return error.message;
  };

  it('is a command without a stream', () => {
    expect(message({ streams: {} })).toBe('Tried declares no stream. List one under streams: { account: Account }.');
    expect(message({ streams: undefined })).toMatch(/^Tried declares no stream\./);
  });

  it.each(['', 'a-b', 'a b', '1a', 'a.b', 'handle', 'apply', 'initialState', 'discover', 'constructor'])(
    'is a field named %j',
    (name) => {
      const advice = `Tried: ${JSON.stringify(name)} can't name a field of a command.`;
      expect(message({ streams: { [name]: Account } })).toBe(advice);
      expect(message({ input: { [name]: v.string() } })).toBe(advice);
    },
  );

  it('is a field named __proto__', () => {
    expect(message({ input: { ['__proto__']: v.string() } })).toMatch(/"__proto__" can't name a field/);
  });

  it.each(['größe', '_x', '$x', 'toString', 'state', '数量'])('is not a field named %j', (name) => {
    expect(() => define({ streams: { [name]: Account } })).not.toThrow();
  });

  it('is two stream types of one name', () => {
    const Other = defineStream('account', { events: {}, state: () => ({}), fold: {} });
    expect(message({ streams: { from: Account, to: Other } })).toBe(
      'Tried uses two stream types that are both named "account". One stream type, one defineStream.',
    );
  });

  it.each([undefined, null, 'account', {}, { name: 'account' }, { use: 'read', type: undefined, options: {} }])(
    'is a stream that is no stream type: %p',
    (account) => {
      expect(message({ streams: { account } })).toBe(
        "Tried.account needs a stream type: what defineStream('name', { … }) gives.",
      );
    },
  );

  it('is an input without a schema', () => {
    expect(message({ input: { amount: undefined } })).toMatch(/^Tried\.amount needs a schema of a library/);
    expect(message({ input: { amount: Number } })).toMatch(/^Tried\.amount needs a schema/);
  });

  it.each([undefined, null, 'handle', {}])('is a handle that is no function: %p', (value) => {
    expect(message({ handle: value })).toBe('Tried has no handle(context). It is where a command decides.');
  });

  it('is apply without initialState, or the other way round', () => {
    expect(message({ apply: (state: unknown) => state })).toBe(
      'Tried has apply and no initialState. They come together.',
    );
    expect(message({ initialState: () => 0 })).toBe('Tried has initialState and no apply. They come together.');
  });

  it('is asking for whole records that nobody would see', () => {
    expect(message({ detail: 'full' })).toBe(
      'Tried asks for whole records, which only its own apply would see: give it initialState and apply.',
    );
    expect(() => define({ detail: 'full', initialState: () => 0, apply: (state: unknown) => state })).not.toThrow();
  });

  it('is a name for a stream and an input at once', () => {
    expect(message({ input: { account: v.string() } })).toBe(
      'Tried.account stands under streams and under input. Give one of the two another name.',
    );
  });

  it('is a part that no command has: it would never be heard', () => {
    expect(message({ inputs: {} })).toBe(
      'Tried has "inputs", which is no part of a command: streams, input, detail, retry, initialState, apply, discover, handle.',
    );
  });

  it('is a discovered field without discover, or the other way round', () => {
    expect(message({ streams: { found: discovers(Account) } })).toBe(
      'Tried discovers streams and has no discover(state), which gives their keys.',
    );
    expect(message({ discover: () => ({}) })).toBe(
      'Tried has discover(state), and no field that it could fill: add one with discovers(StreamType).',
    );
  });
});
