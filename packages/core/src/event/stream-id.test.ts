import { describe, expect, it } from '@jest/globals';
import { issuesOf, raised } from '../raised.fixture.js';
import { isTypeName, keyOf, nameFault, parseStreamId, streamId, typeNameOf } from './stream-id.js';

describe('a stream id', () => {
  it('is the type and the key', () => {
    expect(streamId('account', 'alice')).toBe('account-alice');
    expect(parseStreamId('account-alice')).toBe('account-alice');
  });

  it('ends its type at the first hyphen, so keys may hold more', () => {
    const id = streamId('account', '-a--b-');
    expect(id).toBe('account--a--b-');
    expect(typeNameOf(id)).toBe('account');
    expect(keyOf(id)).toBe('-a--b-');
    expect(parseStreamId(id)).toBe(id);
  });

  it.each([
    'e\u0301',
    '\u00e9',
    'АЛИСА',
    '😀',
    ' ',
    '\u00a0',
    '\u2028',
    '\u202e',
    '%',
    '_',
    "O'Brien",
    "'; drop table events; --",
    '"quoted"',
    '\\',
    '../../etc/passwd',
    '$1',
    '__proto__',
  ])('keeps the key %j as it is', (key) => {
    expect(keyOf(streamId('account', key))).toBe(key);
    expect(keyOf(parseStreamId(`account-${key}`))).toBe(key);
  });

  it('is never normalised: lookalikes stay two streams', () => {
    expect(streamId('account', 'e\u0301')).not.toBe(streamId('account', '\u00e9'));
    expect(streamId('account', 'Alice')).not.toBe(streamId('account', 'alice'));
  });
});

describe('a key', () => {
  it('has no control characters, of C0, DEL or C1', () => {
    const controls = [...range(0x00, 0x1f), 0x7f, ...range(0x80, 0x9f)].map((code) => String.fromCharCode(code));
    for (const control of controls) {
      expect(issuesOf(() => streamId('account', `a${control}b`))).toEqual([
        { path: [], message: 'must not hold control characters' },
      ]);
    }
    expect(() => streamId('account', '\u0020\u007e\u00a0')).not.toThrow();
  });

  it.each(['\ud800', 'a\udc00', '\udc00\ud800'])('has no lone surrogate: two such ids would be one (%j)', (key) => {
    expect(issuesOf(() => streamId('account', key))).toMatchObject([
      { message: expect.stringMatching(/lone surrogate/) },
    ]);
  });

  it.each([
    ['a', 255],
    ['é', 127],
    ['€', 85],
    ['😀', 63],
  ])('takes 255 bytes of UTF-8 at most, counted in bytes: %s', (character, most) => {
    expect(() => streamId('account', character.repeat(most))).not.toThrow();
    expect(issuesOf(() => streamId('account', character.repeat(most + 1)))).toMatchObject([
      { message: 'must not be longer than 255 bytes of UTF-8' },
    ]);
  });

  it('is not empty', () => {
    expect(issuesOf(() => streamId('account', ''))).toMatchObject([{ message: 'must not be empty' }]);
  });

  it.each([
    [5, 'number'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'object'],
    [5n, 'bigint'],
    [Symbol('s'), 'symbol'],
  ])('is a string, and not %p', (key, type) => {
    expect(issuesOf(() => streamId('account', key as never))).toMatchObject([
      { message: `must be a string, not ${type}` },
    ]);
  });

  it('is refused with the type that it was meant for', () => {
    expect(raised(() => streamId('account', '')).message).toBe(
      'The key of a stream of type "account" is not valid: must not be empty',
    );
  });
});

describe('a text that is to be a stream id', () => {
  it.each([
    '',
    'account',
    '-alice',
    'Account-alice',
    '1a-x',
    '_a-x',
    'my account-x',
    'konto\u00e9-x',
    'a'.repeat(65) + '-x',
  ])('is refused without a type that can be one: %j', (text) => {
    expect(raised(() => parseStreamId(text)).message).toContain('must be "type-key", such as "account-alice"');
  });

  it.each(['account-', 'account-\u0000', 'account-\ud800', `account-${'a'.repeat(256)}`])(
    'is refused with a key that can be none: %j',
    (text) => {
      expect(() => parseStreamId(text)).toThrow('is not valid: must not');
    },
  );

  it.each([5, null, undefined, {}, []])('is refused when it is no text: %p', (value) => {
    expect(raised(() => parseStreamId(value as never)).code).toBe('VALIDATION');
  });

  it('is shown in the message, cut when it is long', () => {
    expect(raised(() => parseStreamId('nonsense')).message).toMatch(/^The stream id "nonsense" is not valid/);
    expect(raised(() => parseStreamId('x'.repeat(1_000_000))).message.length).toBeLessThan(300);
  });
});

describe('the name of a stream type', () => {
  it.each(['a', 'account', 'bankAccount2', 'bank_account', 'a'.repeat(64)])('may be %j', (name) => {
    expect(isTypeName(name)).toBe(true);
  });

  it.each([
    '',
    'A',
    'Account',
    '1a',
    '_a',
    'bank-account',
    'bank account',
    'é',
    'a\n',
    'a'.repeat(65),
    5,
    null,
    undefined,
  ])('may not be %j', (name) => {
    expect(isTypeName(name)).toBe(false);
  });
});

describe('what is wrong with a name', () => {
  it('is nothing for an ordinary one', () => {
    expect(nameFault('MoneyDeposited')).toBeUndefined();
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
