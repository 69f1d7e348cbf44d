import { describe, expect, it } from '@jest/globals';
import {
  appends,
  Command,
  CommandLogic,
  defineCommand,
  defineStream,
  ensure,
  execute,
  Input,
  load,
  Stream,
  type Context,
  type StreamOf,
} from '@eventcore/core';
import * as v from 'valibot';
import {
  Account,
  Audit,
  Collect,
  Customer,
  Deposit,
  Household,
  Look,
  Note,
  PayWages,
  Policy,
  Transfer,
} from '../contract/commands/bank.js';
import { failureOf } from './failure.fixture.js';
import { given } from './given.js';
import { on } from './on.js';
import { nthGivenId, nthId } from './spec-runtime.js';
import { together } from './together.js';
import { failed, nothing, rejected } from './verdict.js';

const [alice, bob, carol] = [Account.at('alice'), Account.at('bob'), Account.at('carol')];
const twoAccounts = given(
  on(alice, 'Opened', { owner: 'Alice' }),
  on(alice, 'Deposited', { amount: 100 }),
  on(bob, 'Opened', { owner: 'Bob' }),
);
const transfer = (amount: number) => new Transfer({ from: alice, to: bob, amount });

@Command()
class Close extends CommandLogic<Close> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Input(v.number()) readonly fee!: number;

  initialState() {
    return { deposits: 0 };
  }
  apply(state: { readonly deposits: number }, event: { readonly type: string }) {
    return event.type === 'Deposited' ? { deposits: state.deposits + 1 } : state;
  }
  handle({ state, emit }: Context<Close>) {
    ensure(state.deposits > 1, 'too few deposits');
    emit('account', 'Withdrawn', { amount: this.fee });
  }
}

describe('a spec of a command', () => {
  it('passes when the command writes the events that are expected', async () => {
    await twoAccounts
      .when(transfer(60))
      .then(on(alice, 'Withdrawn', { amount: 60 }), on(bob, 'Deposited', { amount: 60 }));
  });

  it.each<[string, ReturnType<typeof on>[]]>([
    ['an event is missing', [on(alice, 'Withdrawn', { amount: 60 })]],
    ['data differs', [on(alice, 'Withdrawn', { amount: 60 }), on(bob, 'Deposited', { amount: 61 })]],
    ['a stream differs', [on(alice, 'Withdrawn', { amount: 60 }), on(carol, 'Deposited', { amount: 60 })]],
    ['a type differs', [on(alice, 'Withdrawn', { amount: 60 }), on(bob, 'Withdrawn', { amount: 60 })]],
    ['the order differs', [on(bob, 'Deposited', { amount: 60 }), on(alice, 'Withdrawn', { amount: 60 })]],
  ])('fails when %s', async (_, expected) => {
    const failure = await failureOf(twoAccounts.when(transfer(60)).then(...expected));
    expect(failure.name).toBe('SpecFailure');
  });

  it('passes when the command is rejected as expected: by message, pattern, or parts', async () => {
    const attempt = twoAccounts.when(transfer(101));
    await attempt.then(rejected());
    await attempt.then(rejected('insufficient funds'));
    await attempt.then(rejected(/^insufficient/));
    const remembering = /insufficient/g;
    await attempt.then(rejected(remembering));
    await attempt.then(rejected(remembering));
    await attempt.then(rejected({ rule: 'insufficient-funds', data: { balance: 100 } }));
    await attempt.then(rejected({ message: expect.stringContaining('funds'), data: { balance: expect.any(Number) } }));
  });

  it.each([
    rejected('something else'),
    rejected(/^funds/),
    rejected({ rule: 'other' }),
    rejected({ rule: 'insufficient-funds', data: { balance: 99 } }),
    rejected({ data: { balance: expect.any(String) } }),
    nothing,
    failed('VALIDATION'),
    on(alice, 'Withdrawn', { amount: 101 }),
  ])('fails when it is rejected in another way than by %j', async (expected) => {
    await failureOf(twoAccounts.when(transfer(101)).then(expected as never));
  });

  it('passes when nothing is to happen and nothing does', async () => {
    await twoAccounts.when(new Look({ account: alice })).then(nothing);
    await failureOf(twoAccounts.when(transfer(60)).then(nothing));
    await failureOf(twoAccounts.when(new Look({ account: alice })).then(rejected()));
  });

  it('passes when the command fails with the error that is expected', async () => {
    const Stray = defineCommand('Stray', {
      streams: { account: Account },
      handle: ({ emit }) => emit('elsewhere' as 'account', 'Opened', { owner: 'x' }),
    });
    const attempt = given().when(new Stray({ account: alice }));
    await attempt.then(failed('UNDECLARED_STREAM'));
    await attempt.then(failed('UNDECLARED_STREAM', /^Stream "elsewhere"/));
    await failureOf(attempt.then(failed('UNDECLARED_STREAM', 'other')));
    await failureOf(attempt.then(failed('VALIDATION')));
    await failureOf(attempt.then(rejected()));
    await failureOf(attempt.then(nothing));
  });

  it("fails when the command's own code fails, and keeps the error as its cause", async () => {
    const bug = new TypeError('x is undefined');
    const Broken = defineCommand('Broken', {
      streams: { account: Account },
      handle: () => {
        throw bug;
      },
    });
    const attempt = given().when(new Broken({ account: alice }));
    expect((await failureOf(attempt.then(nothing))).cause).toBe(bug);
    expect((await attempt).error).toBe(bug);
  });

  it('begins with an empty store where nothing is given', async () => {
    await given()
      .when(transfer(1))
      .then(rejected({ data: { balance: 0 } }));
  });

  it('executes command objects, and nothing else', () => {
    expect(() => given().when(Close as never)).toThrow('got the class Close. Make one: new Close({ … }).');
    for (const other of [{}, 'Close', undefined])
      expect(() => given().when(other as never)).toThrow('is not a command: it needs @Command(), or defineCommand.');
  });

  it("leaves what is given as it was: specs don't see each other", async () => {
    await twoAccounts
      .when(transfer(100))
      .then(on(alice, 'Withdrawn', { amount: 100 }), on(bob, 'Deposited', { amount: 100 }));
    await twoAccounts
      .when(transfer(100))
      .then(on(alice, 'Withdrawn', { amount: 100 }), on(bob, 'Deposited', { amount: 100 }));
  });
});

describe('every form of command', () => {
  it('has a spec: with decorators and a state of its own', async () => {
    const deposited = on(alice, 'Deposited', { amount: 1 });
    await given(deposited)
      .when(new Close({ account: alice, fee: 1 }))
      .then(rejected('too few deposits'));
    await given(deposited, deposited)
      .when(new Close({ account: alice, fee: 1 }))
      .then(on(alice, 'Withdrawn', { amount: 1 }));
  });

  it('has a spec: sets of streams', async () => {
    await given(on(alice, 'Deposited', { amount: 100 }))
      .when(new PayWages({ employer: alice, employees: [bob, carol], wage: 50 }))
      .then(
        on(alice, 'Withdrawn', { amount: 50 }),
        on(bob, 'Deposited', { amount: 50 }),
        on(alice, 'Withdrawn', { amount: 50 }),
        on(carol, 'Deposited', { amount: 50 }),
      );
  });

  it('has a spec: discovered streams', async () => {
    const smiths = Household.at('smiths');
    const household = [on(smiths, 'Joined', { member: 'alice' }), on(smiths, 'Joined', { member: 'bob' })];
    await given(...household, on(alice, 'Deposited', { amount: 5 }), on(bob, 'Deposited', { amount: 5 }))
      .when(new Collect({ household: smiths, each: 5 }))
      .then(on(alice, 'Withdrawn', { amount: 5 }), on(bob, 'Withdrawn', { amount: 5 }));
  });

  it('has a spec: an optional stream, given and left out', async () => {
    const closed = given(on(alice, 'Deposited', { amount: 9 }), on(Policy.at('bank'), 'Closed', {}));
    await closed
      .when(new Transfer({ from: alice, to: bob, amount: 9, policy: 'bank' }))
      .then(rejected({ rule: 'closed' }));
    await closed.when(transfer(9)).then(on(alice, 'Withdrawn', { amount: 9 }), on(bob, 'Deposited', { amount: 9 }));
  });

  it('has a spec: a blind append', async () => {
    const book = Audit.at('book');
    await given(on(book, 'Noted', { text: 'before' }))
      .when(new Note({ audit: book, text: 'now' }))
      .then(on(book, 'Noted', { text: 'now' }));
  });
});

describe('what has happened', () => {
  it('may be of an older schema version, and is upcast', async () => {
    const Rename = defineCommand('Rename', {
      streams: { customer: Customer },
      handle: ({ state, emit }) => emit('customer', 'Registered', { first: 'Ada', last: state.customer.last }),
    });
    const ada = Customer.at('ada');
    const attempt = given(on(ada, 'Registered', { name: 'Ada Lovelace' }, { schemaVersion: 1 })).when(
      new Rename({ customer: ada }),
    );
    await attempt.then(on(ada, 'Registered', { first: 'Ada', last: 'Lovelace' }));
    await attempt.then(on(ada, 'Registered', { first: 'Ada', last: 'Lovelace' }, { schemaVersion: 2 }));
    await failureOf(attempt.then(on(ada, 'Registered', { first: 'Ada', last: 'Lovelace' }, { schemaVersion: 1 })));
    await given(on(ada, 'Registered', {}, { schemaVersion: 3 }))
      .when(new Rename({ customer: ada }))
      .then(failed('UNKNOWN_EVENT_TYPE'));
  });

  it('is recorded with what is said of it, and each event is a command of its own', async () => {
    const { store } = await given(
      on(
        alice,
        'Opened',
        { owner: 'Alice' },
        { at: '2025-12-24T00:00:00Z', metadata: { by: 'x' }, correlationId: 'c', causationId: 'd' },
      ),
      on(alice, 'Deposited', { amount: 1 }),
    ).when(new Look({ account: alice }));
    const { events } = await store.readAll({ after: '' as never, limit: 10 });
    expect(events).toMatchObject([
      {
        type: 'Opened',
        recordedAt: '2025-12-24T00:00:00.000Z',
        metadata: { by: 'x' },
        correlationId: 'c',
        causationId: 'd',
      },
      { type: 'Deposited', recordedAt: '2000-01-01T00:00:00.000Z', metadata: {} },
    ]);
    expect(events[0]!.commandId).not.toBe(events[1]!.commandId);
  });

  it('is one command where it is grouped', async () => {
    const { store } = await given(
      together(on(alice, 'Opened', { owner: 'Alice' }, { metadata: { by: 'x' } }), on(bob, 'Opened', { owner: 'Bob' })),
    ).when(new Look({ account: alice }));
    const { events } = await store.readAll({ after: '' as never, limit: 10 });
    expect(events[0]!.commandId).toBe(events[1]!.commandId);
    expect(events.map(({ metadata }) => metadata)).toEqual([{ by: 'x' }, { by: 'x' }]);
  });

  it('is refused where it contradicts itself, is no event, or is not known', () => {
    const early = on(alice, 'Opened', { owner: 'A' }, { at: '2025-01-01' });
    const late = on(alice, 'Opened', { owner: 'A' }, { at: '2026-01-01' });
    expect(() => given(together(early, late))).toThrow(
      'Events that one command wrote have one at, and these say "2025-01-01T00:00:00.000Z" and "2026-01-01T00:00:00.000Z".',
    );
    expect(() => given(nothing as never)).toThrow('and nothing at all where nothing has happened');
    expect(() => given(on(alice, 'Opened', { owner: expect.any(String) }))).toThrow('holds a matcher');
    expect(() => together(nothing as never)).toThrow('together takes events');
    expect(() => (together as () => unknown)()).toThrow('together takes events');
  });
});

describe('more that has happened', () => {
  const opened = given(on(alice, 'Opened', { owner: 'Alice' })).at('2026-03-01');
  const balanceIn = async (past: typeof opened) => (await load(await past.store(), alice)).balance;

  it('comes after the rest, at the same moment, and changes nothing that is shared', async () => {
    const rich = opened.and(on(alice, 'Deposited', { amount: 60 }), on(alice, 'Deposited', { amount: 40 }));
    expect(await balanceIn(rich)).toBe(100);
    expect(await balanceIn(rich.and(on(alice, 'Withdrawn', { amount: 30 })))).toBe(70);
    expect(await balanceIn(rich.and())).toBe(100);
    expect(await balanceIn(opened)).toBe(0);
    const { events } = await rich.when(new Deposit({ account: alice, amount: 1 }));
    expect(events[0]).toMatchObject({ version: 4, recordedAt: '2026-03-01T00:00:00.000Z' });
  });

  it.each<[word: string, say: (...history: never[]) => unknown]>([
    ['given', given],
    ['and', opened.and],
  ])('is events, one by one, for %s', (word, say) => {
    const event = on(alice, 'Deposited', { amount: 60 });
    expect(() => say([event] as never)).toThrow(
      `${word} takes events one by one, and got a list of them. Spread it: ${word}(...events).`,
    );
    expect(() => say(nothing as never)).toThrow(`${word} takes events: ${word}(on(Account.at('alice')`);
  });
});

describe('a store in which this has happened', () => {
  it('is made anew for each who asks', async () => {
    const [first, second] = [await twoAccounts.store(), await twoAccounts.store()];
    await execute(transfer(60), first);
    expect([await load(first, alice), await load(second, alice)]).toMatchObject([{ balance: 40 }, { balance: 100 }]);
  });

  it('has the settings and the moment of the spec', async () => {
    const metadata = v.object({ user: v.string() });
    const store = await given().at('2026-01-01').with({ metadata }).store();
    const { events } = await execute(new Note({ audit: 'book', text: 'x' }), store, { metadata: { user: 'u' } });
    expect(events[0]?.recordedAt).toBe('2026-01-01T00:00:00.000Z');
    expect(store.settings.metadata).toBe(metadata);
  });
});

describe('time and ids', () => {
  const Order = defineStream('order', {
    events: { Placed: v.object({ at: v.string(), payment: v.string() }) },
    state: () => ({}),
    fold: {},
  });
  const Place = defineCommand('Place', {
    streams: { order: appends(Order) },
    handle: ({ now, id, emit }) => emit('order', 'Placed', { at: now, payment: id() }),
  });
  const order = Order.at('1');
  const place = new Place({ order });

  it('are fixed', async () => {
    await given()
      .when(place)
      .then(on(order, 'Placed', { at: '2000-01-01T00:00:00.000Z', payment: nthId(2) }));
    await given()
      .at('2026-03-01T00:00:00Z')
      .when(place)
      .then(on(order, 'Placed', { at: '2026-03-01T00:00:00.000Z', payment: nthId(2) }, { at: '2026-03-01' }));
  });

  it("don't depend on what has happened", async () => {
    await given(on(order, 'Placed', { at: 'x', payment: 'y' }, { at: '2027-01-01' }))
      .when(place)
      .then(on(order, 'Placed', { at: '2000-01-01T00:00:00.000Z', payment: nthId(2) }, { at: '2000-01-01' }));
    expect([nthId(12), nthGivenId(12)]).toEqual([
      '00000000-0000-7000-8000-000000000012',
      '00000000-0000-7000-9000-000000000012',
    ]);
  });

  it('may be matched instead', async () => {
    const { any } = expect;
    await given()
      .when(place)
      .then(on(order, 'Placed', { at: any(String) as never, payment: any(String) as never }));
    await failureOf(
      given()
        .when(place)
        .then(on(order, 'Placed', { at: any(Number) as never, payment: any(String) as never })),
    );
  });

  it('have to be times', () => {
    expect(() => given().at('tomorrow')).toThrow('"tomorrow" is no moment: write it as');
  });
});

describe('options of execute', () => {
  const note = new Note({ audit: 'book', text: 'x' });
  const commandId = '0192f0c1-8f2e-7cc3-98c4-dc0c0c07398f';

  it('go in with the command, and only what is stated of the events is compared', async () => {
    const attempt = given().when(note, { commandId, correlationId: 'c', metadata: { user: 'u', tags: [1] } });
    const noted = (details: object) => on(Audit.at('book'), 'Noted', { text: 'x' }, details);
    await attempt.then(noted({}));
    await attempt.then(noted({ metadata: { user: 'u', tags: [1] }, correlationId: 'c', causationId: commandId }));
    await attempt.then(noted({ metadata: { user: expect.any(String), tags: [1] } }));
    await failureOf(attempt.then(noted({ metadata: { user: 'u' } })));
    await failureOf(attempt.then(noted({ correlationId: 'd' })));
    await failureOf(attempt.then(noted({ causationId: 'd' })));
    await failureOf(attempt.then(noted({ at: '2001-01-01' })));
  });

  it("are checked by the store's settings", async () => {
    const bank = given().with({ metadata: v.object({ user: v.string() }) });
    await bank.when(note, { metadata: { user: 'u' } }).then(on(Audit.at('book'), 'Noted', { text: 'x' }));
    await bank.when(note, { metadata: {} as never }).then(failed('VALIDATION', /user/));
  });
});

describe('the outcome', () => {
  it('is given to whoever awaits a spec, and the store with it', async () => {
    const { events, receipt, rejection, error, store } = await twoAccounts.when(transfer(60));
    expect(events.map(({ type }) => type)).toEqual(['Withdrawn', 'Deposited']);
    expect(receipt).toMatchObject({ commandId: nthId(1), attempts: 1 });
    expect([rejection, error]).toEqual([undefined, undefined]);
    expect(await load(store, alice)).toMatchObject({ balance: 40 });
  });

  it('has the rejection', async () => {
    const { events, receipt, rejection } = await twoAccounts.when(transfer(101));
    expect(rejection).toMatchObject({ rule: 'insufficient-funds', data: { balance: 100 } });
    expect([events, receipt]).toEqual([[], undefined]);
  });

  it('is decided once: there is nobody to compete with', async () => {
    let decided = 0;
    const Counted = defineCommand('Counted', {
      streams: { account: Account },
      handle: () => {
        decided += 1;
      },
    });
    const attempt = given().when(new Counted({ account: alice }));
    await attempt;
    await attempt.then(nothing);
    expect(decided).toBe(1);
    await given()
      .when(new Deposit({ account: alice, amount: 1 }))
      .then(on(alice, 'Deposited', { amount: 1 }));
  });
});
