import { describe, expect, it } from '@jest/globals';
import { execute, load } from '@eventcore/core';
import { given, on, rejected } from '@eventcore/testing';
import { alice, opened } from './accounts.fixture.js';
import { OpenAccount } from './open-account.js';

const open = (owner: string, name = ' Everyday ') => new OpenAccount({ account: alice, owner, name, currency: 'EUR' });
const alreadyOpened = { rule: 'account-already-opened', data: { account: alice.id, owner: 'alice' } };

describe('opening an account', () => {
  it('records whose it is, what it is called and what it holds', async () => {
    await given()
      .when(open('alice'))
      .then(on(alice, 'AccountOpened', { owner: 'alice', name: 'Everyday', currency: 'EUR' }));
  });

  it('is possible once, also after it was closed', async () => {
    await given(opened(alice)).when(open('mallory')).then(rejected(alreadyOpened));
    await given(opened(alice), on(alice, 'AccountClosed', {}))
      .when(open('mallory'))
      .then(rejected(alreadyOpened));
  });

  it('is possible once for two who try at the same moment', async () => {
    const store = await given().store();
    const first = execute(open('alice'), store);
    await expect(execute(open('mallory'), store)).rejects.toMatchObject(alreadyOpened);
    await first;
    expect(await load(store, alice)).toMatchObject({ owner: 'alice' });
  });

  it('needs a name and an owner', () => {
    expect(() => open('alice', '  ')).toThrow('OpenAccount is not valid: name: ');
    expect(() => open('')).toThrow('OpenAccount is not valid: owner: ');
  });
});
