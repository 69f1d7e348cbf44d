import { describe, it } from '@jest/globals';
import { given, nothing, on } from '@eventcore/testing';
import { alice, bob, money, opened, paid } from '../domain/accounts.fixture.js';
import { Account } from '../domain/account.js';
import { FreezeAccount } from '../domain/freeze-account.js';
import { PayWelcomeBonus } from '../domain/pay-welcome-bonus.js';
import { DEMONSTRATION } from '../people.js';
import { FraudHold, SUSPICIOUS } from './fraud-hold.js';
import { WELCOME_BONUS, WelcomeBonus } from './welcome-bonus.js';

describe('the welcome bonus', () => {
  it('is offered for each account that is opened, in its currency', async () => {
    const amount = money(WELCOME_BONUS, 'GBP');
    await given(opened(alice, 'GBP'))
      .react(WelcomeBonus)
      .then(new PayWelcomeBonus({ customer: 'alice', account: 'alice', amount }));
  });

  it('is not offered to a demonstration', async () => {
    const account = Account.at('demo-1');
    await given(on(account, 'AccountOpened', { owner: DEMONSTRATION, name: 'x', currency: 'EUR' }))
      .react(WelcomeBonus)
      .then(nothing);
  });
});

describe('the fraud hold', () => {
  const hold = FreezeAccount.of('alice', 'EUR 10,000.00 left the account at once');

  it('freezes an account that a large amount has left', async () => {
    await given(...paid(alice, bob, SUSPICIOUS, { balances: [0, SUSPICIOUS] }))
      .react(FraudHold)
      .then(hold);
    await given(on(alice, 'MoneyWithdrawn', { amount: money(SUSPICIOUS), balance: 0 }))
      .react(FraudHold)
      .then(hold);
  });

  it('lets smaller amounts and wages pass', async () => {
    await given(...paid(alice, bob, SUSPICIOUS - 1, { balances: [0, 0] }))
      .react(FraudHold)
      .then(nothing);
    await given(...paid(alice, bob, SUSPICIOUS, { balances: [0, 0], purpose: 'wages' }))
      .react(FraudHold)
      .then(nothing);
  });
});
