import { describe, it } from '@jest/globals';
import { given, on, rejected } from '@eventcore/testing';
import { alice, deposited, frozen, money, opened } from './accounts.fixture.js';
import { CloseAccount } from './close-account.js';

const close = CloseAccount.of('alice');

describe('closing an account', () => {
  it('needs one that holds nothing', async () => {
    await given(opened(alice), deposited(alice, 5))
      .when(close)
      .then(rejected({ rule: 'not-empty', data: { account: alice.id, balance: 5, currency: 'EUR' } }));
  });

  it('needs one that owes nothing', async () => {
    await given(opened(alice), on(alice, 'MoneyWithdrawn', { amount: money(5), balance: -5 }))
      .when(close)
      .then(rejected({ rule: 'not-empty', data: { account: alice.id, balance: -5, currency: 'EUR' } }));
  });

  it('needs one that is not frozen', async () => {
    await given(opened(alice), frozen(alice))
      .when(close)
      .then(rejected({ rule: 'account-frozen', data: { account: alice.id, reason: 'a court order' } }));
  });

  it('is possible when everything was taken out, and once', async () => {
    const empty = given(
      opened(alice),
      deposited(alice, 5),
      on(alice, 'MoneyWithdrawn', { amount: money(5), balance: 0 }),
    );
    await empty.when(close).then(on(alice, 'AccountClosed', {}));
    await given(opened(alice), on(alice, 'AccountClosed', {}))
      .when(close)
      .then(rejected({ rule: 'account-not-open', data: { account: alice.id } }));
  });
});
