import { describe, expect, it } from '@jest/globals';
import { match } from './match.js';

describe('a route', () => {
  it('names the parts of a path', () => {
    expect(match('/accounts/:account', '/accounts/a%20b')).toEqual({ account: 'a b' });
    expect(match('/explorer/streams/:stream', '/explorer/streams/account-1.2/')).toEqual({ stream: 'account-1.2' });
    expect(match('/', '/')).toEqual({});
  });

  it.each([
    ['/accounts/:account', '/accounts'],
    ['/accounts/:account', '/accounts/'],
    ['/accounts/:account', '/accounts/a/b'],
    ['/accounts/:account', '/account/a'],
    ['/accounts/:account', '/accounts/%'],
  ])('%s is not %s', (pattern, path) => expect(match(pattern, path)).toBeNull());
});
