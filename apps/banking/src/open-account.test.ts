import { describe, expect, it } from '@jest/globals';
import { OpenAccount } from './open-account.js';
import { given, opened } from './scenario.fixture.js';

describe('opening an account', () => {
  it('records whose it is', async () => {
    const bank = await given({});
    expect(await bank.when(new OpenAccount({ account: 'alice', owner: ' Alice ' }))).toEqual({
      events: { 'account-alice': [opened('Alice')] },
    });
  });

  it('is possible once', async () => {
    const bank = await given({ 'account-alice': [opened('Alice')] });
    expect(await bank.when(new OpenAccount({ account: 'alice', owner: 'Mallory' }))).toEqual({
      rule: 'account-already-open',
      data: { account: 'account-alice', owner: 'Alice' },
    });
  });

  it('is possible once for two who try at the same moment', async () => {
    const bank = await given({});
    const verdicts = await Promise.all([
      bank.when(new OpenAccount({ account: 'alice', owner: 'Alice' })),
      bank.when(new OpenAccount({ account: 'alice', owner: 'Mallory' })),
    ]);
    expect(verdicts).toEqual([
      { events: { 'account-alice': [opened('Alice')] } },
      { rule: 'account-already-open', data: { account: 'account-alice', owner: 'Alice' } },
    ]);
  });

  it('needs an owner with a name', () => {
    expect(() => new OpenAccount({ account: 'alice', owner: '  ' })).toThrow('OpenAccount is not valid: owner: ');
  });
});
