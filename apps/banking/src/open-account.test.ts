import { describe, expect, it } from '@jest/globals';
import { execute, load } from '@eventcore/core';
import { given, on, rejected } from '@eventcore/testing';
import { Account } from './account.js';
import { OpenAccount } from './open-account.js';

const alice = Account.at('alice');
const open = (owner: string) => new OpenAccount({ account: alice, owner });
const alreadyOpen = { rule: 'account-already-open', data: { account: alice.id, owner: 'Alice' } };

describe('opening an account', () => {
  it('records whose it is', async () => {
    await given()
      .when(open(' Alice '))
      .then(on(alice, 'AccountOpened', { owner: 'Alice' }));
  });

  it('is possible once', async () => {
    await given(on(alice, 'AccountOpened', { owner: 'Alice' }))
      .when(open('Mallory'))
      .then(rejected(alreadyOpen));
  });

  it('is possible once for two who try at the same moment', async () => {
    const store = await given().store();
    const first = execute(open('Alice'), store);
    await expect(execute(open('Mallory'), store)).rejects.toMatchObject(alreadyOpen);
    await first;
    expect(await load(store, alice)).toMatchObject({ owner: 'Alice' });
  });

  it('needs an owner with a name', () => {
    expect(() => open('  ')).toThrow('OpenAccount is not valid: owner: ');
  });
});
