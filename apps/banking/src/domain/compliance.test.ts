import { describe, it } from '@jest/globals';
import { given, on, rejected } from '@eventcore/testing';
import { alice, frozen, opened } from './accounts.fixture.js';
import { Compliance } from './compliance.js';
import { FreezeAccount } from './freeze-account.js';
import { UnfreezeAccount } from './unfreeze-account.js';

const freeze = FreezeAccount.of('alice', 'a court order');
const unfreeze = new UnfreezeAccount({ compliance: 'alice', reason: 'all is well' });

describe('freezing an account', () => {
  it('is recorded in a stream beside the account', async () => {
    await given(opened(alice)).when(freeze).then(frozen(alice));
  });

  it('needs an open account that is not frozen', async () => {
    await given()
      .when(freeze)
      .then(rejected({ rule: 'account-not-open' }));
    await given(opened(alice), frozen(alice))
      .when(freeze)
      .then(rejected({ rule: 'account-frozen' }));
  });
});

describe('unfreezing an account', () => {
  it('needs one that is frozen', async () => {
    await given(opened(alice))
      .when(unfreeze)
      .then(rejected({ rule: 'account-not-frozen', data: { account: alice.id } }));
    await given(opened(alice), frozen(alice))
      .when(unfreeze)
      .then(on(Compliance.at('alice'), 'AccountUnfrozen', { reason: 'all is well' }));
  });
});
