import { describe, expect, it } from '@jest/globals';
import { Deposit } from './deposit.js';
import { deposited, given, opened } from './scenario.fixture.js';

describe('paying in', () => {
  it('adds to an open account', async () => {
    const bank = await given({ 'account-alice': [opened('Alice')] });
    expect(await bank.when(new Deposit({ account: 'alice', amount: 100 }))).toEqual({
      events: { 'account-alice': [deposited(100)] },
    });
  });

  it('is refused for an account that is not open', async () => {
    const bank = await given({});
    expect(await bank.when(new Deposit({ account: 'nobody', amount: 100 }))).toEqual({
      rule: 'account-not-open',
      data: { account: 'account-nobody' },
    });
  });

  it.each([0, -1, 0.5, 2 ** 53, Number.NaN])('takes whole cents and more than none: not %d', (amount) => {
    expect(() => new Deposit({ account: 'alice', amount })).toThrow('Deposit is not valid: amount: ');
  });
});
