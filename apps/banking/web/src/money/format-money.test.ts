import { describe, expect, it } from '@jest/globals';
import { formatAmount, formatMoney } from './format-money.js';

describe('money that is shown', () => {
  it.each([
    [0, '€0.00'],
    [5, '€0.05'],
    [-5, '−€0.05'],
    [123_450, '€1,234.50'],
    [9_007_199_254_740_991, '€90,071,992,547,409.91'],
    [-9_007_199_254_740_991, '−€90,071,992,547,409.91'],
  ])('%d cents are %s', (cents, text) => expect(formatMoney(cents, 'EUR', { language: 'en' })).toBe(text));

  it('bears its sign where it is a movement', () => {
    expect(formatMoney(250, 'GBP', { language: 'en', signed: true })).toBe('+£2.50');
    expect(formatMoney(0, 'GBP', { language: 'en', signed: true })).toBe('£0.00');
  });

  it('goes into an input without its currency', () => {
    expect(formatAmount(123_450, 'en')).toBe('1,234.50');
    expect(formatAmount(123_450, 'de')).toBe('1.234,50');
  });
});
