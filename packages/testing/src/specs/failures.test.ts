import { describe, expect, it } from '@jest/globals';
import { defineCommand } from '@eventcore/core';
import { Account, Collect, Household, Look, PayWages, Transfer } from '../contract/commands/bank.js';
import { failureOf } from './failure.fixture.js';
import { given } from './given.js';
import { on } from './on.js';
import { failed, nothing, rejected } from './verdict.js';

const [alice, bob] = [Account.at('alice'), Account.at('bob')];
const rich = given(on(alice, 'Opened', { owner: 'Alice' }), on(alice, 'Deposited', { amount: 100 }));
const transfer = (amount: number) => new Transfer({ from: alice, to: bob, amount });

/** What a spec says that fails, line by line, so that it reads here as it does on a terminal. */
const said = async (spec: Promise<unknown>): Promise<string[]> => (await failureOf(spec)).message.split('\n');

describe('a spec that fails because of the events', () => {
  it('shows both lists side by side, and below a line what differs in it', async () => {
    const spec = rich.when(transfer(60));
    expect(await said(spec.then(on(alice, 'Withdrawn', { amount: 60 }), on(bob, 'Deposited', { amount: 50 })))).toEqual(
      [
        'Transfer wrote other events than expected.',
        '',
        '    expected                                | actual',
        '    account-alice  Withdrawn  {"amount":60} | account-alice  Withdrawn  {"amount":60}',
        '  ≠ account-bob    Deposited  {"amount":50} | account-bob    Deposited  {"amount":60}',
        '      amount: expected 50, got 60',
      ],
    );
  });

  it('marks what is missing and what is superfluous, and goes on with what agrees', async () => {
    const spec = rich.when(transfer(60));
    expect(await said(spec.then(on(alice, 'Opened', { owner: 'A' }), on(bob, 'Deposited', { amount: 60 })))).toEqual([
      'Transfer wrote other events than expected.',
      '',
      '    expected                                | actual',
      '  ≠ account-alice  Opened     {"owner":"A"} | account-alice  Withdrawn  {"amount":60}',
      '      (type): expected "Opened", got "Withdrawn"',
      '    account-bob    Deposited  {"amount":60} | account-bob    Deposited  {"amount":60}',
    ]);
    expect(await said(spec.then(on(bob, 'Deposited', { amount: 60 })))).toEqual([
      'Transfer wrote other events than expected.',
      '',
      '    expected                                | actual',
      '  +                                         | account-alice  Withdrawn  {"amount":60}',
      '    account-bob    Deposited  {"amount":60} | account-bob    Deposited  {"amount":60}',
    ]);
    expect(await said(rich.when(new Look({ account: alice })).then(on(alice, 'Opened', { owner: 'A' })))).toEqual([
      'Look wrote other events than expected.',
      '',
      '    expected                             | actual',
      '  - account-alice  Opened  {"owner":"A"} |',
    ]);
  });

  it('says so when only the order differs', async () => {
    const spec = rich.when(transfer(60));
    expect(await said(spec.then(on(bob, 'Deposited', { amount: 60 }), on(alice, 'Withdrawn', { amount: 60 })))).toEqual(
      [
        'Transfer wrote other events than expected.',
        '',
        'The events are the expected ones, in another order.',
        '',
        '    expected                                | actual',
        '  - account-bob    Deposited  {"amount":60} |',
        '    account-alice  Withdrawn  {"amount":60} | account-alice  Withdrawn  {"amount":60}',
        '  +                                         | account-bob    Deposited  {"amount":60}',
      ],
    );
  });

  it('names matchers, and what was stated besides the data', async () => {
    const details = { metadata: { user: 'u' }, correlationId: 'c' };
    const withdrawn = on(alice, 'Withdrawn', { amount: expect.any(String) }, details);
    expect(await said(rich.when(transfer(60)).then(withdrawn, on(bob, 'Deposited', { amount: 60 })))).toEqual([
      'Transfer wrote other events than expected.',
      '',
      '    expected                                         | actual',
      '  ≠ account-alice  Withdrawn  {"amount":Any<String>} | account-alice  Withdrawn  {"amount":60}',
      '      amount: expected Any<String>, got 60',
      '      (metadata).user: expected "u", got nothing',
      '      (correlationId): expected "c", got "00000000-0000-7000-8000-000000000001"',
      '    account-bob    Deposited  {"amount":60}          | account-bob    Deposited  {"amount":60}',
    ]);
  });

  it('leaves out what agrees far from a difference', async () => {
    const wages = new PayWages({
      employer: alice,
      employees: Array.from({ length: 9 }, (_, index) => `e${index}`),
      wage: 1,
    });
    const expected = wages.streams.employees.flatMap((employee, index) => [
      on(alice, 'Withdrawn', { amount: 1 }),
      on(employee, 'Deposited', { amount: index === 4 ? 2 : 1 }),
    ]);
    expect((await said(rich.when(wages).then(...expected))).slice(3)).toEqual([
      '      … 6 more that agree',
      '    account-alice  Withdrawn  {"amount":1} | account-alice  Withdrawn  {"amount":1}',
      '    account-e3     Deposited  {"amount":1} | account-e3     Deposited  {"amount":1}',
      '    account-alice  Withdrawn  {"amount":1} | account-alice  Withdrawn  {"amount":1}',
      '  ≠ account-e4     Deposited  {"amount":2} | account-e4     Deposited  {"amount":1}',
      '      amount: expected 2, got 1',
      '    account-alice  Withdrawn  {"amount":1} | account-alice  Withdrawn  {"amount":1}',
      '    account-e5     Deposited  {"amount":1} | account-e5     Deposited  {"amount":1}',
      '    account-alice  Withdrawn  {"amount":1} | account-alice  Withdrawn  {"amount":1}',
      '      … 5 more that agree',
    ]);
  });

  it('cuts long data, and tells the difference whole', async () => {
    const Sign = defineCommand('Sign', {
      streams: { account: Account },
      handle: ({ emit }) => emit('account', 'Opened', { owner: 'x'.repeat(99) }),
    });
    expect(
      await said(
        given()
          .when(new Sign({ account: alice }))
          .then(on(alice, 'Opened', { owner: 'y'.repeat(99) })),
      ),
    ).toEqual([
      'Sign wrote other events than expected.',
      '',
      '    expected                                                      | actual',
      '  ≠ account-alice  Opened  {"owner":"yyyyyyyyyyyyyyyyyyyyyyyyyyy… | account-alice  Opened  {"owner":"xxxxxxxxxxxxxxxxxxxxxxxxxxx…',
      `      owner: expected "${'y'.repeat(99)}", got "${'x'.repeat(99)}"`,
    ]);
  });
});

describe('a spec that fails because of a rejection', () => {
  it('shows it, and the state that the command decided on', async () => {
    const spec = rich.when(transfer(160));
    expect(
      await said(spec.then(on(alice, 'Withdrawn', { amount: 160 }), on(bob, 'Deposited', { amount: 160 }))),
    ).toEqual([
      'Transfer was rejected.',
      '',
      '  message: "insufficient funds"',
      '  rule:    "insufficient-funds"',
      '  data:    {"balance":100}',
      '',
      '  expected: these events',
      '    account-alice  Withdrawn  {"amount":160}',
      '    account-bob    Deposited  {"amount":160}',
      '',
      '  It decided on:',
      '    from    {"open":true,"balance":100}',
      '    to      {"open":false,"balance":0}',
      '    policy  (left out)',
    ]);
  });

  it('suspects that a message is the name of the rule', async () => {
    const lines = await said(rich.when(transfer(160)).then(rejected('insufficient-funds')));
    expect(lines).toContain(
      `  "insufficient-funds" is the name of the rule: did you mean rejected({ rule: 'insufficient-funds' })?`,
    );
    for (const other of ['closed', { message: 'closed' }, { message: 'insufficient-funds', rule: 'closed' }]) {
      const message = (await said(rich.when(transfer(160)).then(rejected(other)))).join('\n');
      expect(message).not.toContain('did you mean');
    }
  });

  it.each<[what: unknown, told: RegExp]>([
    [{ rul: 'closed' }, /^rejected takes .*there is no "rul" to compare: rejected\(\{ rule: /],
    [7, /^rejected takes a message, or some of rule, message and data: /],
    [null, /^rejected takes a message/],
  ])('refuses to compare what a rejection doesn\u2019t have: %j', (rule, told) => {
    expect(() => rejected(rule as never)).toThrow(told);
  });

  it('shows what differs from the rejection that was expected', async () => {
    const expected = rejected({ rule: 'closed', message: /closed/, data: { balance: 5 } });
    expect(await said(rich.when(transfer(160)).then(expected))).toEqual([
      'Transfer was rejected in another way.',
      '',
      '  ≠ message: expected /closed/, got "insufficient funds"',
      '  ≠ rule: expected "closed", got "insufficient-funds"',
      '  ≠ data.balance: expected 5, got 100',
      '',
      '  message: "insufficient funds"',
      '  rule:    "insufficient-funds"',
      '  data:    {"balance":100}',
      '',
      '  It decided on:',
      '    from    {"open":true,"balance":100}',
      '    to      {"open":false,"balance":0}',
      '    policy  (left out)',
    ]);
  });

  it('shows what was written where a rejection was expected, and the state before that', async () => {
    expect(await said(rich.when(transfer(60)).then(rejected({ rule: 'closed', message: /closed/ })))).toEqual([
      'Transfer succeeded.',
      '',
      '  expected: that it is rejected',
      '    rule: "closed"',
      '    message: /closed/',
      '',
      '  It wrote:',
      '    account-alice  Withdrawn  {"amount":60}',
      '    account-bob    Deposited  {"amount":60}',
      '',
      '  It decided on:',
      '    from    {"open":true,"balance":100}',
      '    to      {"open":false,"balance":0}',
      '    policy  (left out)',
    ]);
  });

  it('shows sets and discovered streams one by one', async () => {
    const wages = new PayWages({ employer: alice, employees: [bob, 'carol'], wage: 60 });
    expect((await said(rich.when(wages).then(nothing))).slice(-5)).toEqual([
      '  It decided on:',
      '    employer   {"open":true,"balance":100}',
      '    employees',
      '      account-bob    {"open":false,"balance":0}',
      '      account-carol  {"open":false,"balance":0}',
    ]);
    const smiths = Household.at('smiths');
    const collect = new Collect({ household: smiths, each: 60 });
    expect(
      (
        await said(
          given(on(smiths, 'Joined', { member: 'bob' }))
            .when(collect)
            .then(nothing),
        )
      ).slice(-4),
    ).toEqual([
      '  It decided on:',
      '    household  {"members":["bob"]}',
      '    accounts',
      '      account-bob  {"open":false,"balance":0}',
    ]);
  });

  it("shows a command's own state", async () => {
    const Own = defineCommand('Own', {
      streams: { account: Account },
      initialState: () => ({ seen: 0 }),
      apply: ({ seen }) => ({ seen: seen + 1 }),
      handle: () => undefined,
    });
    expect((await said(rich.when(new Own({ account: alice })).then(rejected()))).slice(-2)).toEqual([
      '  It decided on:',
      '    seen  2',
    ]);
  });
});

describe('a spec that fails because of another error', () => {
  it('is not for rules that say no', () => {
    expect(() => failed('BUSINESS_RULE_VIOLATION' as never)).toThrow(
      'failed is for other errors than a rule that says no. Write rejected(…).',
    );
  });

  it('shows it', async () => {
    const Broken = defineCommand('Broken', {
      streams: { account: Account },
      handle: () => {
        throw new TypeError('x is undefined');
      },
    });
    expect(
      await said(
        given()
          .when(new Broken({ account: alice }))
          .then(nothing),
      ),
    ).toEqual(['Broken failed.', '', '  TypeError: x is undefined', '', '  expected: that it writes nothing']);
  });

  it('shows what differs from the error that was expected', async () => {
    const note = given().with({
      metadata: { '~standard': { version: 1, vendor: 'x', validate: () => ({ issues: [{ message: 'no' }] }) } },
    });
    const spec = note.when(new Look({ account: alice }));
    expect(await said(spec.then(failed('UNDECLARED_STREAM', 'x')))).toEqual([
      'Look failed with another error.',
      '',
      '  ≠ code: expected "UNDECLARED_STREAM", got "VALIDATION"',
      '  ≠ message: expected "x", got "metadata is not valid: no"',
      '',
      '  ValidationError: metadata is not valid: no',
      '  code:    VALIDATION',
    ]);
  });
});

describe('a spec that fails because something happened', () => {
  it('shows what', async () => {
    expect((await said(rich.when(transfer(60)).then(nothing))).slice(0, 6)).toEqual([
      'Transfer was to write nothing.',
      '',
      '  It wrote:',
      '    account-alice  Withdrawn  {"amount":60}',
      '    account-bob    Deposited  {"amount":60}',
      '',
    ]);
    expect((await said(rich.when(transfer(60)).then(failed('VALIDATION', /x/)))).slice(0, 3)).toEqual([
      'Transfer succeeded.',
      '',
      '  expected: that it fails with VALIDATION: /x/',
    ]);
  });
});
