import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { Account, Audit, Policy, Transfer, TransferMoney } from '../bank.fixture.js';
import { issuesOf, pathsOf, raised } from '../raised.fixture.js';
import { partsOf } from './command-logic.js';
import { appends, defineCommand, discovers, many, optional, reads, writes } from './define-command.js';

const valuesOf = (command: unknown) => partsOf(command)!.values;
const handle = (): void => undefined;

// As plain JavaScript would call them: what they are given here is what the types refuse.
describe.each([
  [
    'with decorators',
    TransferMoney as unknown as new (properties: unknown) => object,
    'Decorate the field: @Input(schema) for data, @Stream(StreamType) for a stream',
  ],
  [
    'by defineCommand',
    Transfer as unknown as new (properties: unknown) => object,
    'List it under input, with a schema, or under streams, with a stream type',
  ],
])('constructing a command %s', (_, Command, advice) => {
  it('takes streams by key and by reference, and plain values where the schema brands them', () => {
    const { from, to, amount } = valuesOf(new Command({ from: 'alice', to: Account.at('bob'), amount: 60 }));
    expect(from).toEqual(Account.at('alice'));
    expect(to).toEqual(Account.at('bob'));
    expect(amount).toBe(60);
  });

  it('takes a key as it is, also one that looks like an id', () => {
    expect(valuesOf(new Command({ from: 'account-alice', to: 'bob', amount: 60 }))['from']).toEqual(
      Account.at('account-alice'),
    );
  });

  it('takes a reference that another copy of the package has made, by its id', () => {
    const { from } = valuesOf(new Command({ from: { id: 'account-alice', key: 'alice' }, to: 'bob', amount: 60 }));
    expect(from).toEqual(Account.at('alice'));
    expect(Object.getPrototypeOf(from)).toBe(Object.getPrototypeOf(Account.at('alice')));
  });

  it('collects everything that is wrong, each with its path', () => {
    expect(pathsOf(() => new Command({ from: 5, amount: 'x', extra: 1 }))).toEqual([
      ['from'],
      ['to'],
      ['amount'],
      ['extra'],
    ]);
    expect(raised(() => new Command({ from: 'alice', amount: 'much' })).message).toBe(
      'TransferMoney is not valid: ' +
        'to: must be a "account" stream: its key, or a reference such as Account.at(\'…\'); ' +
        'amount: Invalid type: Expected number but received "much"',
    );
  });

  it('says what is missing', () => {
    expect(pathsOf(() => new Command({}))).toEqual([['from'], ['to'], ['amount']]);
  });

  it('refuses what is not declared, with what to add', () => {
    expect(issuesOf(() => new Command({ from: 'alice', to: 'bob', amount: 60, memo: 'rent' }))).toEqual([
      {
        path: ['memo'],
        message: `is not declared by TransferMoney. ${advice}`,
      },
    ]);
  });

  it.each(['__proto__', 'constructor', 'handle', 'toString'])(
    'refuses %s like anything that is not declared',
    (key) => {
      const properties = JSON.parse(`{"from":"alice","to":"bob","amount":60,"${key}":{}}`) as object;
      expect(pathsOf(() => new Command(properties))).toEqual([[key]]);
    },
  );

  it.each([undefined, null, 'alice', 5, true])('needs an object, and not %p', (properties) => {
    expect(issuesOf(() => new Command(properties))).toEqual([
      { path: [], message: 'needs an object with from, to, amount' },
    ]);
  });

  it.each([undefined, null, 5, {}, [], { id: 5 }, true, new Map()])('refuses %p for a stream', (from) => {
    expect(issuesOf(() => new Command({ from, to: 'bob', amount: 60 }))).toEqual([
      { path: ['from'], message: 'must be a "account" stream: its key, or a reference such as Account.at(\'…\')' },
    ]);
  });

  it('refuses a key that can be none, with what is wrong with it', () => {
    expect(issuesOf(() => new Command({ from: '', to: 'a\u0000', amount: 60 }))).toEqual([
      { path: ['from'], message: 'must not be empty' },
      { path: ['to'], message: 'must not hold control characters' },
    ]);
  });

  it('refuses a stream of another type', () => {
    expect(issuesOf(() => new Command({ from: Policy.at('x'), to: { id: 'nonsense' }, amount: 60 }))).toEqual([
      { path: ['from'], message: 'must be a stream of type "account", and "policy-x" is not' },
      { path: ['to'], message: expect.stringMatching(/^must be "type-key", such as "account-alice"/) },
    ]);
  });

  it('refuses two fields that name the same stream, however each one names it', () => {
    for (const to of ['alice', Account.at('alice'), { id: 'account-alice' }]) {
      expect(issuesOf(() => new Command({ from: 'alice', to, amount: 60 }))).toEqual([
        {
          path: ['to'],
          message:
            '"account-alice" must be named once, and from and to both name it. Where that is meant, say { mayEqual: true } on each field',
        },
      ]);
    }
  });

  it('is the work of a ValidationError that names the command', () => {
    const error = raised(() => new Command({}));
    expect(error).toMatchObject({ code: 'VALIDATION', subject: 'TransferMoney', retriable: false });
  });
});

describe('an input', () => {
  const Order = defineCommand('Order', {
    streams: { account: Account },
    input: {
      lines: v.array(v.object({ price: v.number(), note: v.optional(v.string(), 'none') })),
      memo: v.optional(v.string()),
      source: v.optional(v.pipe(v.string(), v.trim()), 'cash'),
    },
    handle,
  });

  it('is what its schema makes of it: defaults filled in, texts trimmed, what is unknown dropped', () => {
    const order = new Order({ account: 'a', lines: [{ price: 1, more: 2 } as never], source: ' card ' });
    expect(order.input).toEqual({ lines: [{ price: 1, note: 'none' }], memo: undefined, source: 'card' });
    expect(new Order({ account: 'a', lines: [] }).input.source).toBe('cash');
  });

  it('is refused with the path into it', () => {
    expect(pathsOf(() => new Order({ account: 'a', lines: [{ price: 1 }, { price: 'x' as never }] }))).toEqual([
      ['lines', 1, 'price'],
    ]);
  });

  it('is refused when its schema gives what JSON cannot hold, with the path into that', () => {
    const At = defineCommand('At', {
      streams: { account: Account },
      input: { when: v.object({ at: v.date() }) as never },
      handle,
    });
    expect(issuesOf(() => new At({ account: 'a', when: { at: new Date(0) } } as never))).toEqual([
      { path: ['when', 'at'], message: expect.stringMatching(/is a Date; keep an ISO string/) },
    ]);
  });

  it('is a frozen copy: what was given stays as it is, and may change afterwards', () => {
    const lines = [{ price: 1, note: 'a' }];
    const order = new Order({ account: 'a', lines });
    lines[0]!.price = 2;
    lines.push({ price: 3, note: 'b' });
    expect(order.input.lines).toEqual([{ price: 1, note: 'a' }]);
    expect(Object.isFrozen(order.input.lines) && Object.isFrozen(order.input.lines[0])).toBe(true);
  });

  it('may be parsed again: its output is valid input', () => {
    const first = new Order({ account: 'a', lines: [{ price: 1 }] });
    expect(new Order({ account: 'a', ...first.input } as never).input).toEqual(first.input);
  });

  it('is refused with everything that is wrong with it, however much that is', () => {
    const Tried = defineCommand('Tried', {
      streams: { account: Account },
      input: { list: v.array(v.number()) },
      handle: () => undefined,
    });
    const list = Array.from({ length: 200_000 }, () => 'x');
    const issues = issuesOf(() => new Tried({ account: 'a', list: list as never }));
    expect(issues).toHaveLength(200_000);
    expect(issues[199_999]?.path).toEqual(['list', 199_999]);
  });

  it('is refused by a DefinitionError when its schema is asynchronous', () => {
    const Later = defineCommand('Later', {
      streams: { account: Account },
      input: {
        x: v.pipeAsync(
          v.string(),
          v.checkAsync(async () => true),
        ) as never,
      },
      handle,
    });
    expect(raised(() => new Later({ account: 'a', x: 'x' } as never)).message).toMatch(/is asynchronous/);
  });
});

describe('an optional stream', () => {
  const Close = defineCommand('Close', {
    streams: { account: Account, heir: optional(Account), policy: optional(reads(Policy)) },
    handle,
  });

  it('may be left out, or be undefined', () => {
    expect(new Close({ account: 'a' }).streams).toEqual({
      account: Account.at('a'),
      heir: undefined,
      policy: undefined,
    });
    expect(new Close({ account: 'a', heir: undefined }).streams.heir).toBeUndefined();
  });

  it('is a stream like any other when it is given', () => {
    expect(new Close({ account: 'a', heir: 'b' }).streams.heir).toEqual(Account.at('b'));
    expect(pathsOf(() => new Close({ account: 'a', heir: 'a' }))).toEqual([['heir']]);
  });

  it('is not null', () => {
    expect(pathsOf(() => new Close({ account: 'a', heir: null as never }))).toEqual([['heir']]);
  });
});

describe('streams that may be equal', () => {
  it('say so on each field', () => {
    const Both = defineCommand('Both', {
      streams: { a: writes(Account, { mayEqual: true }), b: reads(Account, { mayEqual: true }), c: Account },
      handle,
    });
    expect(new Both({ a: 'x', b: 'x', c: 'y' }).streams.b).toEqual(Account.at('x'));
    expect(issuesOf(() => new Both({ a: 'x', b: 'y', c: 'x' }))).toMatchObject([
      { path: ['c'], message: expect.stringMatching(/a and c both name it/) },
    ]);
  });

  it('may have the same key without it, in streams of different types', () => {
    const Mixed = defineCommand('Mixed', { streams: { a: Account, p: reads(Policy), n: appends(Audit) }, handle });
    expect(new Mixed({ a: 'x', p: 'x', n: 'x' }).streams.p).toEqual(Policy.at('x'));
  });
});

describe('a set of streams', () => {
  const Pay = defineCommand('Pay', { streams: { payer: Account, payees: many(Account) }, handle });

  it('is given as an array of keys and references, and frozen', () => {
    const { payees } = new Pay({ payer: 'p', payees: ['a', Account.at('b')] }).streams;
    expect(payees).toEqual([Account.at('a'), Account.at('b')]);
    expect(Object.isFrozen(payees)).toBe(true);
  });

  it('may be empty, but not be left out', () => {
    expect(new Pay({ payer: 'p', payees: [] }).streams.payees).toEqual([]);
    expect(issuesOf(() => new Pay({ payer: 'p' } as never))).toEqual([
      { path: ['payees'], message: 'must be an array of "account" streams' },
    ]);
  });

  it.each(['a', Account.at('a'), new Set(['a']), { 0: 'a', length: 1 }, null])('is no %p', (payees) => {
    expect(pathsOf(() => new Pay({ payer: 'p', payees: payees as never }))).toEqual([['payees']]);
  });

  it('is refused with the path to each member that can be none', () => {
    expect(pathsOf(() => new Pay({ payer: 'p', payees: ['a', 5 as never, '', Policy.at('x') as never] }))).toEqual([
      ['payees', 1],
      ['payees', 2],
      ['payees', 3],
    ]);
  });

  it('names no stream twice, nor one that another field names', () => {
    expect(issuesOf(() => new Pay({ payer: 'p', payees: ['a', Account.at('a')] }))).toEqual([
      {
        path: ['payees'],
        message: expect.stringMatching(/^"account-a" must be named once, and payees names it twice\./),
      },
    ]);
    expect(issuesOf(() => new Pay({ payer: 'p', payees: ['a', 'p'] }))).toEqual([
      { path: ['payees'], message: expect.stringMatching(/payer and payees both name it/) },
    ]);
  });

  it('may name one twice where it says so', () => {
    const Share = defineCommand('Share', { streams: { payees: many(Account, { mayEqual: true }) }, handle });
    expect(new Share({ payees: ['a', 'a'] }).streams.payees).toHaveLength(2);
  });
});

describe('discovered streams', () => {
  it('are not given', () => {
    const Sweep = defineCommand('Sweep', {
      streams: { account: Account, found: discovers(Account) },
      discover: () => ({ found: [] }),
      handle,
    });
    expect(new Sweep({ account: 'a' }).streams.account).toEqual(Account.at('a'));
    expect(issuesOf(() => new Sweep({ account: 'a', found: ['b'] } as never))).toEqual([
      { path: ['found'], message: 'is discovered while the command runs, and not given' },
    ]);
  });
});

describe('properties that are inherited', () => {
  it('are taken, or said to be missing: nothing is refused without a word', () => {
    class Request {
      get from() {
        return 'alice';
      }
      get to() {
        return 'bob';
      }
      get amount() {
        return 60;
      }
    }
    let issues: readonly unknown[] = ['none: it was taken'];
    try {
      expect(new Transfer(new Request()).input).toEqual({ amount: 60 });
    } catch (error) {
      issues = (error as { issues: readonly unknown[] }).issues;
    }
    expect(issues).not.toEqual([]);
  });

  it('are not taken for fields that bear the name of something that every object has', () => {
    const Odd = defineCommand('Odd', {
      streams: { account: Account },
      input: { toString: v.optional(v.string()) } as { text?: never },
      handle,
    });
    expect(new Odd({ account: 'a' }).input).toEqual({ toString: undefined });
  });
});
