import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { money, table } from './terminal.js';

describe('a table', () => {
  it('lines its columns up, numbers to the right', () => {
    const text = table(
      ['name', 'balance>'],
      [
        ['alice', '1,000.00'],
        ['bob', '5.00'],
      ],
    );
    expect(stripVTControlCharacters(text)).toBe(
      ['  name    balance', '  alice  1,000.00', '  bob        5.00'].join('\n'),
    );
  });

  it('takes no room for colours', () => {
    const text = table(
      ['name', 'stream'],
      [
        ['\u001b[31malice\u001b[39m', 'a'],
        ['bob', 'b'],
      ],
    );
    expect(stripVTControlCharacters(text)).toBe(['  name   stream', '  alice  a', '  bob    b'].join('\n'));
  });
});

describe('an amount', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [123_450, '1,234.50'],
    [-1, '-0.01'],
  ])('of %d cents reads as %s', (cents, text) => expect(money(cents)).toBe(text));
});
