// Specs under every compiler: the two meanings of `then`, told apart by each TypeScript's types and at run time.

import assert from 'node:assert/strict';
import { given, on, rejected, type SpecOutcome } from '@eventcore/testing';
import { Account, TransferMoney } from './transfer.js';

const [alice, bob] = [Account.at('alice'), Account.at('bob')];
const twoAccounts = given(
  on(alice, 'AccountOpened', { owner: 'Alice' }),
  on(alice, 'MoneyDeposited', { amount: 100 }),
  on(bob, 'AccountOpened', { owner: 'Bob' }),
);

export async function demonstrateSpecs() {
  const withdrawn = on(alice, 'MoneyWithdrawn', { amount: 60 });
  const attempt = twoAccounts.when(TransferMoney.sixty('alice', 'bob'));
  const checked: SpecOutcome = await attempt.then(withdrawn, on(bob, 'MoneyDeposited', { amount: 60 }));
  const awaited: SpecOutcome = await attempt;
  assert.equal(awaited, checked);

  await assert.rejects(attempt.then(withdrawn), /^SpecFailure: TransferMoney wrote other events than expected\./);
  await given().when(TransferMoney.sixty('alice', 'bob')).then(rejected('the receiving account is not open'));
}
