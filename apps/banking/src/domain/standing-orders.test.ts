import { describe, expect, it } from '@jest/globals';
import { execute, load, type Receipt } from '@eventcore/core';
import { given, on, rejected } from '@eventcore/testing';
import { alice, bob, carol, deposited, frozen, money, opened, paid } from './accounts.fixture.js';
import { CarryOutStandingOrders } from './carry-out-standing-orders.js';
import { SetStandingOrders } from './set-standing-orders.js';

const order = (to: string, cents: number) => ({ to, amount: money(cents) });
const set = (...orders: ReturnType<typeof order>[]) => new SetStandingOrders({ account: 'alice', orders });
const ordered = (...orders: ReturnType<typeof order>[]) => on(alice, 'StandingOrdersSet', { orders });
const carryOut = CarryOutStandingOrders.of('alice', 'EUR');
const past = [opened(alice), deposited(alice, 100), opened(bob), opened(carol)] as const;

describe('standing orders', () => {
  it('replace those that were there', async () => {
    await given(opened(alice), ordered(order('bob', 1)))
      .when(set(order('carol', 2)))
      .then(ordered(order('carol', 2)));
  });

  it('pay others, and each of them once', async () => {
    const refused = rejected({ rule: 'payees-differ' });
    await given(opened(alice))
      .when(set(order('bob', 1), order('bob', 2)))
      .then(refused);
    await given(opened(alice))
      .when(set(order('alice', 1)))
      .then(refused);
  });
});

describe('carrying standing orders out', () => {
  it('pays those whom the account names', async () => {
    await given(...past, ordered(order('bob', 60), order('carol', 40)))
      .when(carryOut)
      .then(
        ...paid(alice, bob, 60, { balances: [40, 60], purpose: 'standing-order' }),
        ...paid(alice, carol, 40, { balances: [0, 40], purpose: 'standing-order' }),
      );
  });

  it('pays nobody when it does not reach for all, or when one can not be paid', async () => {
    await given(...past, ordered(order('bob', 60), order('carol', 41)))
      .when(carryOut)
      .then(rejected({ rule: 'insufficient-funds' }));
    await given(...past, ordered(order('bob', 60), order('nobody', 1)))
      .when(carryOut)
      .then(rejected({ rule: 'account-not-open' }));
    await given(...past, frozen(carol), ordered(order('bob', 60), order('carol', 1)))
      .when(carryOut)
      .then(rejected({ rule: 'payee-frozen', data: { account: carol.id } }));
  });

  it('has something to do', async () => {
    await given(opened(alice))
      .when(carryOut)
      .then(rejected({ rule: 'no-standing-orders' }));
  });

  it('pays by the orders that there are when it is decided, although they change meanwhile', async () => {
    const store = await given(...past, ordered(order('bob', 60))).store();
    let changed: Promise<Receipt> | undefined;
    // Begun between the reading of the account and that of its payees, the change is there before anybody is paid.
    const read = () => void (changed ??= execute(set(order('carol', 10)), store));
    const { attempts } = await execute(carryOut, store, { hooks: { read } });
    await changed;
    expect(attempts).toBe(2);
    expect([await load(store, bob), await load(store, carol)]).toMatchObject([{ balance: 0 }, { balance: 10 }]);
  });
});
