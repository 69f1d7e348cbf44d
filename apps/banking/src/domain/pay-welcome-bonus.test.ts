import { describe, it } from '@jest/globals';
import { given, on, rejected } from '@eventcore/testing';
import { alice, bob, money, opened } from './accounts.fixture.js';
import { Customer } from './customer.js';
import { PayWelcomeBonus } from './pay-welcome-bonus.js';

const ada = Customer.at('ada');
const pay = (account: string) => new PayWelcomeBonus({ customer: ada, account, amount: money(25) });
const granted = on(ada, 'WelcomeBonusGranted', { account: 'alice' });

describe('the welcome bonus', () => {
  it('is paid, and remembered', async () => {
    await given(opened(alice))
      .when(pay('alice'))
      .then(granted, on(alice, 'BonusReceived', { amount: money(25), balance: 25 }));
  });

  it('is paid once to a customer, whichever account it is for', async () => {
    await given(opened(alice), opened(bob), granted)
      .when(pay('bob'))
      .then(rejected({ rule: 'welcomed-already', data: { customer: ada.id } }));
  });
});
