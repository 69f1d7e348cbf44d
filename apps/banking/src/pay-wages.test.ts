import { describe, expect, it } from '@jest/globals';
import { PayWages } from './pay-wages.js';
import { deposited, given, opened, withdrawn } from './scenario.fixture.js';

const company = {
  'account-acme': [opened('Acme Ltd'), deposited(100)],
  'account-alice': [opened('Alice')],
  'account-bob': [opened('Bob')],
};

describe('paying wages', () => {
  it('pays every employee', async () => {
    const bank = await given(company);
    expect(await bank.when(new PayWages({ employer: 'acme', employees: ['alice', 'bob'], wage: 50 }))).toEqual({
      events: {
        'account-acme': [withdrawn(50), withdrawn(50)],
        'account-alice': [deposited(50)],
        'account-bob': [deposited(50)],
      },
    });
  });

  it('pays nobody when the money does not reach for all', async () => {
    const bank = await given(company);
    expect(await bank.when(new PayWages({ employer: 'acme', employees: ['alice', 'bob'], wage: 51 }))).toEqual({
      rule: 'insufficient-funds',
      data: { account: 'account-acme', balance: 100, overdraft: 0, missing: 2 },
    });
  });

  it('pays nobody when one of the accounts is not open', async () => {
    const bank = await given(company);
    expect(await bank.when(new PayWages({ employer: 'acme', employees: ['alice', 'nobody'], wage: 10 }))).toEqual({
      rule: 'account-not-open',
      data: { account: 'account-nobody' },
    });
  });

  it('pays an employee once', () => {
    expect(() => new PayWages({ employer: 'acme', employees: ['alice', 'alice'], wage: 10 })).toThrow(
      'employees names it twice',
    );
  });
});
