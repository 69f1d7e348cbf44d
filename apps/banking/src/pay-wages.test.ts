import { describe, expect, it } from '@jest/globals';
import { given, on, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { PayWages } from './pay-wages.js';

const [acme, alice, bob] = [Account.at('acme'), Account.at('alice'), Account.at('bob')];
const company = given(
  on(acme, 'AccountOpened', { owner: 'Acme Ltd' }),
  on(acme, 'MoneyDeposited', { amount: 100 }),
  on(alice, 'AccountOpened', { owner: 'Alice' }),
  on(bob, 'AccountOpened', { owner: 'Bob' }),
);

describe('paying wages', () => {
  it('pays every employee', async () => {
    await company
      .when(new PayWages({ employer: acme, employees: [alice, bob], wage: 50 }))
      .then(
        on(acme, 'MoneyWithdrawn', { amount: 50 }),
        on(alice, 'MoneyDeposited', { amount: 50 }),
        on(acme, 'MoneyWithdrawn', { amount: 50 }),
        on(bob, 'MoneyDeposited', { amount: 50 }),
      );
  });

  it('pays nobody when the money does not reach for all', async () => {
    await company
      .when(new PayWages({ employer: acme, employees: [alice, bob], wage: 51 }))
      .then(
        rejected({ rule: 'insufficient-funds', data: { account: acme.id, balance: 100, overdraft: 0, missing: 2 } }),
      );
  });

  it('pays nobody when one of the accounts is not open', async () => {
    await company
      .when(new PayWages({ employer: acme, employees: [alice, 'nobody'], wage: 10 }))
      .then(rejected({ rule: 'account-not-open', data: { account: 'account-nobody' } }));
  });

  it('pays an employee once', () => {
    expect(() => new PayWages({ employer: acme, employees: [alice, alice], wage: 10 })).toThrow(
      'employees names it twice',
    );
  });
});
