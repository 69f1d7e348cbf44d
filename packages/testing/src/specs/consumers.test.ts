import { describe, expect, it } from '@jest/globals';
import {
  Command,
  CommandLogic,
  defineCommand,
  Input,
  keyOf,
  Stream,
  type Context,
  type EventOf,
  type StreamOf,
} from '@eventcore/core';
import {
  defineProjection,
  defineReaction,
  defineReadModel,
  On,
  Projection,
  Reaction,
  remove,
  type ReactionContext,
} from '@eventcore/core/consumers';
import * as v from 'valibot';
import { Account, Customer, Deposit, Note, PayWages, Policy } from '../contract/commands/bank.js';
import { failureOf } from './failure.fixture.js';
import { given } from './given.js';
import { on } from './on.js';
import { rows } from './rows.js';
import { nthGivenId } from './spec-runtime.js';
import { nothing } from './verdict.js';

const [alice, bob] = [Account.at('alice'), Account.at('bob')];
const said = async (spec: Promise<unknown>): Promise<string[]> => (await failureOf(spec)).message.split('\n');

describe('a spec of a keyed read model', () => {
  const Balances = defineReadModel('balances', { row: () => ({ owner: '', balance: 0 }) }).from(Account, {
    Opened: (row, { data }) => ({ ...row, owner: data.owner }),
    Deposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
    Withdrawn: (row, { data }) =>
      row.balance === data.amount ? remove : { ...row, balance: row.balance - data.amount },
  });
  const history = given(
    on(alice, 'Opened', { owner: 'Alice' }),
    on(alice, 'Deposited', { amount: 100 }),
    on(bob, 'Deposited', { amount: 5 }),
    on(Policy.at('bank'), 'Closed', {}),
  );

  it('passes when it has the rows that are expected', async () => {
    await history
      .project(Balances)
      .then(rows({ alice: { owner: 'Alice', balance: 100 }, bob: { owner: '', balance: 5 } }));
    await history
      .project(Balances)
      .then(rows({ bob: expect.anything(), alice: { owner: expect.any(String), balance: 100 } }));
    await given().project(Balances).then(rows({}));
  });

  it('knows rows that were deleted', async () => {
    const ended = given(on(alice, 'Deposited', { amount: 5 }), on(alice, 'Withdrawn', { amount: 5 }));
    await ended.project(Balances).then(rows({}));
  });

  it('gives the rows to whoever awaits it', async () => {
    expect((await history.project(Balances)).get('bob')).toEqual({ owner: '', balance: 5 });
  });

  it('fails when a row differs, is missing, or is one too many', async () => {
    const failure = await failureOf(
      history
        .project(Balances)
        .then(rows({ alice: { owner: 'Alice', balance: 90 }, carol: { owner: 'Carol', balance: 0 } })),
    );
    expect(failure.message.split('\n')).toEqual([
      'balances has other rows than expected.',
      '',
      '    expected                               | actual',
      '  ≠ alice  {"owner":"Alice","balance":90}  | alice  {"owner":"Alice","balance":100}',
      '      balance: expected 90, got 100',
      '  - carol  {"owner":"Carol","balance":0}   |',
      '  +                                        | bob    {"owner":"","balance":5}',
    ]);
    expect(failure.actual).toEqual({ alice: { owner: 'Alice', balance: 100 }, bob: { owner: '', balance: 5 } });
  });

  it('wants rows, and nothing else', async () => {
    const wanted = 'then takes the rows of a read model';
    await expect(history.project(Balances).then(nothing as never)).rejects.toThrow(wanted);
    const twice = [rows({}), rows({})] as unknown as [ReturnType<typeof rows<Record<string, never>>>];
    await expect(history.project(Balances).then(...twice)).rejects.toThrow(wanted);
  });

  it('skips events that nobody knows, where the store is told to', async () => {
    const Names = defineReadModel('names', { row: () => ({ last: '' }) }).from(Customer, {
      Registered: (_, { data }) => ({ last: data.last }),
    });
    const ada = Customer.at('ada');
    const unknown = on(ada, 'Registered', {}, { schemaVersion: 9 });
    const old = on(ada, 'Registered', { name: 'Ada Lovelace' }, { schemaVersion: 1 });
    await given(old)
      .project(Names)
      .then(rows({ ada: { last: 'Lovelace' } }));
    await expect(given(old, unknown).project(Names).then(rows({}))).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    await given(old, unknown)
      .with({ onUnknownEvent: 'skip' })
      .project(Names)
      .then(rows({ ada: { last: 'Lovelace' } }));
  });
});

describe('a spec of a projection', () => {
  const Totals = defineProjection<{ readonly totals: Map<string, number> }>('totals').on(Account, {
    Deposited: ({ stream, data }, { totals }) => void totals.set(stream, (totals.get(stream) ?? 0) + data.amount),
  });

  it('hands what has happened to its handlers, with a context, and gives that back', async () => {
    const deposited = on(alice, 'Deposited', { amount: 5 });
    const totals = new Map<string, number>();
    const context = await given(deposited, deposited).project(Totals, { totals });
    expect(context.totals).toBe(totals);
    expect(totals).toEqual(new Map([['account-alice', 10]]));
  });

  it('hands it to an object with decorated handlers', async () => {
    @Projection('owners')
    class Owners {
      readonly names: string[] = [];

      @On(Account, 'Opened')
      async opened({ data, recordedAt }: EventOf<typeof Account, 'Opened'>) {
        await Promise.resolve();
        this.names.push(`${data.owner} ${recordedAt.slice(0, 4)}`);
      }
    }
    const owners = new Owners();
    await given(
      on(alice, 'Opened', { owner: 'Alice' }),
      on(bob, 'Opened', { owner: 'Bob' }, { at: '2026-01-01' }),
    ).project(owners);
    expect(owners.names).toEqual(['Alice 2000', 'Bob 2026']);
  });

  it('fails with what a handler raises', async () => {
    const Broken = defineProjection('broken').on(Account, {
      Opened: () => {
        throw new Error('no table');
      },
    });
    await expect(given(on(alice, 'Opened', { owner: 'x' })).project(Broken)).rejects.toThrow('no table');
  });

  it('needs a projection', () => {
    expect(() => given().project({})).toThrow(/@Projection/);
    expect(() => given().project(defineReaction('bonus').on(Account, { Opened: () => [] }) as object)).toThrow(
      'project takes a projection or a read model, and "bonus" is a reaction: given(…).react(…).',
    );
  });
});

describe('a spec of a reaction', () => {
  @Command()
  class Welcome extends CommandLogic<Welcome> {
    @Stream(Account) readonly account!: StreamOf<typeof Account>;
    @Stream(Policy, { optional: true }) readonly policy?: StreamOf<typeof Policy>;
    @Input(v.object({ text: v.string(), at: v.string() })) readonly letter!: { text: string; at: string };

    handle(_: Context<Welcome>) {}
  }
  @Reaction('greeter')
  class Greeter {
    greeted = 0;

    @On(Account, 'Opened')
    opened({ stream, data }: EventOf<typeof Account, 'Opened'>, { now }: ReactionContext) {
      this.greeted += 1;
      const text = `${this.greeted}: ${data.owner}`;
      return new Welcome({ account: keyOf(stream), letter: { text, at: now } });
    }
  }
  const Bonus = defineReaction('bonus').on(Account, {
    Deposited: ({ id, data }) =>
      data.amount < 100
        ? undefined
        : [new Deposit({ account: 'bonus', amount: 1 }), new Note({ audit: 'bonus', text: id })],
  });

  it('passes when it answers with the commands that are expected', async () => {
    await given(on(alice, 'Deposited', { amount: 5 }), on(alice, 'Deposited', { amount: 100 }))
      .react(Bonus)
      .then(new Deposit({ account: 'bonus', amount: 1 }), new Note({ audit: 'bonus', text: nthGivenId(2) }));
    await given(on(alice, 'Deposited', { amount: 5 }))
      .react(Bonus)
      .then(nothing);
  });

  it('compares decorated commands by the values they were made with, left out ones too', async () => {
    const opened = given(on(alice, 'Opened', { owner: 'A' }), on(bob, 'Opened', { owner: 'B' })).at('2026-01-01');
    const at = '2026-01-01T00:00:00.000Z';
    const first = new Welcome({ account: alice, letter: { text: '1: A', at } });
    const second = new Welcome({ account: bob, letter: { text: '2: B', at } });
    await opened.react(Greeter).then(first, second);
    const other = new Welcome({ account: bob, letter: { text: '2: B', at }, policy: 'x' });
    expect((await said(opened.react(Greeter).then(first, other))).at(-1)).toBe(
      '      policy: expected "policy-x", got nothing',
    );
  });

  it('fails when they differ, and shows them side by side', async () => {
    const spec = given(on(alice, 'Deposited', { amount: 100 })).react(Bonus);
    const wages = new PayWages({ employer: 'acme', employees: ['alice', 'bob'], wage: 1 });
    expect(await said(spec.then(new Deposit({ account: 'bonus', amount: 2 }), wages))).toEqual([
      'bonus gave other commands than expected.',
      '',
      '    expected                                                      | actual',
      "  ≠ new Deposit({ account: 'bonus', amount: 2 })                  | new Deposit({ account: 'bonus', amount: 1 })",
      '      amount: expected 2, got 1',
      "  - new PayWages({ employer: 'acme', employees: [ 'alice', 'bob'… |",
      "  +                                                               | new Note({ audit: 'bonus', text: '00000000-0000-7000-9000-00…",
    ]);
    await failureOf(spec.then(nothing));
    await failureOf(given().react(Bonus).then(wages));
  });

  it('gives the commands, and the options to execute them with, to whoever awaits it', async () => {
    const [first] = await given(on(alice, 'Deposited', { amount: 100 })).react(Bonus);
    expect(first?.options.causationId).toBe(nthGivenId(1));
  });

  it('wants commands', async () => {
    await expect(
      given()
        .react(Bonus)
        .then({} as never),
    ).rejects.toThrow('Object is not a command');
    await expect(
      given()
        .react(Bonus)
        .then(undefined as never),
    ).rejects.toThrow('is not a command');
    expect(() => given().react(defineCommand)).toThrow(/@Reaction/);
    const readModel: object = defineReadModel('owners', { row: () => ({}) }).from(Account, { Opened: (row) => row });
    const projection: object = defineProjection('totals').on(Account, { Opened: () => {} });
    expect(() => given().react(readModel)).toThrow(
      'react takes a reaction, and "owners" is a read model: given(…).project(…).',
    );
    expect(() => given().react(projection)).toThrow(/and "totals" is a projection: given\(…\)\.project\(…\)/);
  });
});
