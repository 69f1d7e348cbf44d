import { describe, expect, it } from '@jest/globals';
import { given, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { alice, bob, deposited, frozen, opened, paid } from './accounts.fixture.js';
import { PayMany } from './pay-many.js';

const acme = Account.at('acme');
const past = [opened(acme), deposited(acme, 100), opened(alice), opened(bob)] as const;
const insufficient = { account: acme.id, balance: 100, overdraft: 0, available: 100, missing: 1, currency: 'EUR' };
const company = given(...past);
const pay = (payments: Record<string, number>) =>
  PayMany.from(
    'acme',
    Object.entries(payments).map(([to, cents]) => ({ to, cents })),
    { currency: 'EUR', purpose: 'wages', memo: 'November' },
  );
const wages = { purpose: 'wages', memo: 'November' } as const;

describe('paying many', () => {
  it('pays each of them, one after the other', async () => {
    await company
      .when(pay({ alice: 60, bob: 40 }))
      .then(
        ...paid(acme, alice, 60, { balances: [40, 60], ...wages }),
        ...paid(acme, bob, 40, { balances: [0, 40], ...wages }),
      );
  });

  it('pays nobody when the money does not reach for all', async () => {
    await company.when(pay({ alice: 60, bob: 41 })).then(rejected({ rule: 'insufficient-funds', data: insufficient }));
  });

  it('pays nobody when one of the accounts is not open, holds another currency, or is frozen', async () => {
    await company
      .when(pay({ alice: 10, nobody: 10 }))
      .then(rejected({ rule: 'account-not-open', data: { account: 'account-nobody' } }));
    await given(...past, opened(Account.at('pounds'), 'GBP'))
      .when(pay({ alice: 10, pounds: 10 }))
      .then(rejected({ rule: 'currency-mismatch' }));
    await given(...past, frozen(bob))
      .when(pay({ alice: 10, bob: 10 }))
      .then(rejected({ rule: 'payee-frozen', data: { account: bob.id } }));
  });

  it('pays nobody from an account that is frozen', async () => {
    await given(...past, frozen(acme))
      .when(pay({ alice: 10 }))
      .then(rejected({ rule: 'account-frozen' }));
  });

  it('pays nobody twice, nor the payer', () => {
    const twice = [
      { to: 'alice', cents: 1 },
      { to: 'alice', cents: 2 },
    ];
    expect(() => PayMany.from('acme', twice, { currency: 'EUR' })).toThrow('names it twice');
    expect(() => pay({ acme: 1 })).toThrow('"account-acme" must be named once');
  });
});
