import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAmount } from './format-money.js';
import { parseAmount } from './parse-amount.js';

describe('an amount that is typed', () => {
  it.each([
    ['12', 1200],
    ['0.05', 5],
    ['.5', 50],
    [',05', 5],
    ['1234,5', 123_450],
    ['1,234.50', 123_450],
    ['1.234,50', 123_450],
    ['1 234,50', 123_450],
    ["1'234.50", 123_450],
    ['1,234', 123_400],
    ['1.234.567', 123_456_700],
    ['€ 12.3', 1230],
    ['12.30 €', 1230],
    ['  7 ', 700],
    ['0.1', 10],
    ['4.35', 435],
    ['1.15', 115],
    ['90071992547409.91', 9_007_199_254_740_991],
  ])('"%s" is %d cents', (text, cents) => expect(parseAmount(text)).toEqual({ cents }));

  it.each([
    ['', 'Enter an amount.'],
    ['  ', 'Enter an amount.'],
    ['abc', 'Enter an amount such as 1,234.50.'],
    ['1e3', 'Enter an amount such as 1,234.50.'],
    ['.', 'Enter an amount such as 1,234.50.'],
    ['12.', 'Enter an amount such as 1,234.50.'],
    ['1,23,4', 'Enter an amount such as 1,234.50.'],
    ['1,234.567', 'Enter an amount such as 1,234.50.'],
    ['1,234,567.8.9', 'Enter an amount such as 1,234.50.'],
    ['0,123', 'Enter an amount such as 1,234.50.'],
    ['12345.678', 'Enter an amount such as 1,234.50.'],
    ['0', 'Enter an amount above zero.'],
    ['0.00', 'Enter an amount above zero.'],
    ['-5', 'Enter an amount above zero.'],
    ['90071992547409.92', 'That is more money than there is.'],
  ])('"%s" is refused: %s', (text, problem) => expect(parseAmount(text)).toEqual({ problem }));

  it('is read back from how it is shown, whatever the amount and the language', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom('en', 'de', 'fr', 'de-CH'),
        (cents, language) => {
          expect(parseAmount(formatAmount(cents, language))).toEqual({ cents });
        },
      ),
    );
  });
});
