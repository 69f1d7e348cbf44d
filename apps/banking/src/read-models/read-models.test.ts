import { describe, expect, it } from '@jest/globals';
import { execute } from '@eventcore/core';
import { given, on, rows } from '@eventcore/testing';
import { alice, bob, deposited, frozen, limit, money, opened, paid } from '../domain/accounts.fixture.js';
import { Account } from '../domain/account.js';
import { TransferMoney } from '../domain/transfer-money.js';
import { Accounts } from './accounts.js';
import { Holdings } from './holdings.js';
import { keyOfMovement, Movements, prefixOf } from './movements.js';
import { OverdraftLimits } from './overdraft-limits.js';
import { replayed } from './replay.js';

const openedAt = '2000-01-01T00:00:00.000Z';

describe('accounts', () => {
  it('are rows of what their own streams and compliance say', async () => {
    const row = {
      owner: 'alice',
      name: 'Everyday',
      currency: 'EUR' as const,
      balance: 40,
      openedAt,
      closed: false,
      frozen: true,
    };
    await given(
      opened(alice),
      deposited(alice, 100),
      opened(bob),
      ...paid(alice, bob, 60, { balances: [40, 60] }),
      frozen(alice),
    )
      .project(Accounts)
      .then(rows({ alice: row, bob: { ...row, owner: 'bob', balance: 60, frozen: false } }));
  });

  it('were opened when it was booked', async () => {
    const booked = '1999-05-05T12:00:00.000Z';
    const metadata = { user: 'bank', bookedAt: booked };
    const data = { owner: 'alice', name: 'Everyday', currency: 'EUR' } as const;
    const found = await given(on(alice, 'AccountOpened', data, { metadata })).project(Accounts);
    expect(found.get('alice')?.openedAt).toBe(booked);
  });
});

describe('movements', () => {
  it('are rows in the order of statements: by account, the newest first', async () => {
    const at = (time: string) => ({ at: `2000-01-0${time}T00:00:00.000Z` });
    const movements = await given(
      opened(alice),
      on(alice, 'MoneyDeposited', { amount: money(1), balance: 1 }, at('1')),
      on(Account.at('alic'), 'MoneyDeposited', { amount: money(9), balance: 9 }, at('2')),
      on(alice, 'MoneyDeposited', { amount: money(2), balance: 3 }, at('2')),
      on(alice, 'MoneyWithdrawn', { amount: money(3), balance: 0 }, at('2')),
    ).project(Movements);
    const inOrder = [...movements].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(inOrder.map(([key, { kind, change, balance }]) => [key.split('/')[0], kind, change, balance])).toEqual([
      ['alic', 'deposit', 9, 9],
      ['alice', 'withdrawal', -3, 0],
      ['alice', 'deposit', 2, 3],
      ['alice', 'deposit', 1, 1],
    ]);
  });

  it('begin at a day by a key', () => {
    const [early, late] = [new Date('2026-01-01T00:00:00.000Z'), new Date('2026-01-01T00:00:00.001Z')];
    const last = Number.MAX_SAFE_INTEGER;
    expect(keyOfMovement('a', late, 1) < keyOfMovement('a', early, 9)).toBe(true);
    expect(keyOfMovement('a', early, last) < keyOfMovement('a', early, 9)).toBe(true);
    expect(keyOfMovement('a', late, 0) < keyOfMovement('a', early, last)).toBe(true);
    expect(prefixOf('a') < keyOfMovement('a', late, last)).toBe(true);
  });
});

it('holdings are the accounts of each owner, in their order', async () => {
  const second = on(Account.at('second'), 'AccountOpened', { owner: 'alice', name: 'Savings', currency: 'EUR' });
  await given(opened(alice), opened(bob), second)
    .project(Holdings)
    .then(rows({ alice: { accounts: ['alice', 'second'] }, bob: { accounts: ['bob'] } }));
});

it('overdraft limits are those that were set last', async () => {
  await given(limit(5), limit(7), limit(1, 'GBP'))
    .project(OverdraftLimits)
    .then(rows({ EUR: { limit: 7 }, GBP: { limit: 1 } }));
});

it('a replay of a long stream goes through the last of its events, from the state before them', async () => {
  const deposits = Array.from({ length: 1203 }, (_, index) => deposited(alice, 1, index + 1));
  const store = await given(opened(alice), ...deposits).store();
  const { initial, steps } = await replayed(store, 'account', 'alice');
  expect(initial).toMatchObject({ balance: 703 });
  expect(steps.map(({ state }) => (state as { balance: number }).balance)).toEqual(
    Array.from({ length: 500 }, (_, index) => 704 + index),
  );
  expect(steps.map(({ event }) => event.version)).toEqual(Array.from({ length: 500 }, (_, index) => 705 + index));
});

it('a replay gives the state after each event', async () => {
  const store = await given(opened(alice), deposited(alice, 100), opened(bob)).store();
  await execute(TransferMoney.between('alice', 'bob', money(60)), store);
  const { initial, steps } = await replayed(store, 'account', 'alice');
  expect(initial).toMatchObject({ status: 'none', balance: 0 });
  expect(steps.map(({ event, state }) => [event.type, state])).toMatchObject([
    ['AccountOpened', { status: 'open', balance: 0 }],
    ['MoneyDeposited', { balance: 100 }],
    ['MoneySent', { balance: 40 }],
  ]);
});
