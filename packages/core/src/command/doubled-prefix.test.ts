import { afterEach, describe, expect, it, jest } from '@jest/globals';
import * as v from 'valibot';
import { Account } from '../bank.fixture.js';
import { defineCommand, many } from './define-command.js';

const warnings = () => jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
const define = () =>
  defineCommand('Touch', {
    streams: { account: Account, others: many(Account) },
    input: { note: v.string() },
    handle: () => undefined,
  });
afterEach(() => void jest.restoreAllMocks());

describe('a key that begins with the prefix of its own type', () => {
  it('is taken as it is, and warned of, once a field', () => {
    const warned = warnings();
    const Touch = define();
    for (const others of [['account-carol'], ['account-dave', 'account-eve']]) {
      const { streams } = new Touch({ account: 'account-alice', others, note: 'account-x' });
      expect(streams.account.id).toBe('account-account-alice');
    }
    const code = { type: 'EventCoreWarning', code: 'EVENTCORE_DOUBLED_PREFIX' };
    expect(warned.mock.calls).toEqual([
      [
        'Touch.account was given the key "account-alice", which leads to the stream "account-account-alice". ' +
          'If that is an id already, give its key, keyOf(id), or a reference.',
        code,
      ],
      [expect.stringMatching(/^Touch\.others was given the key "account-carol"/), code],
    ]);
  });

  it('is warned of only where it is one, and given as a key', () => {
    const warned = warnings();
    const Touch = define();
    for (const account of ['alice', 'accounts-1', 'account', 'accountant', 'a-account-1', Account.at('account-1')])
      new Touch({ account, others: [], note: '' });
    expect(warned).not.toHaveBeenCalled();
  });

  it('is nobody\u2019s business in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    jest.resetModules();
    try {
      const { warnOfDoubledPrefix } = await import('./doubled-prefix.js');
      const warned = warnings();
      warnOfDoubledPrefix({ where: 'Touch.account', type: { name: 'account' } } as never, 'account-alice');
      expect(warned).not.toHaveBeenCalled();
    } finally {
      process.env['NODE_ENV'] = before;
      jest.resetModules();
    }
  });
});
