import { describe, expect, it } from '@jest/globals';
import { checkRow, newRow, paymentsOf, sumOf } from './payment-row.js';

describe('rows of payments', () => {
  it('are sent as whole cents, once all of them are right', () => {
    const rows = [newRow('a', '1,234.50'), newRow('b', '0,05')];
    expect(paymentsOf(rows, 'EUR')).toEqual([
      { to: 'a', amount: { cents: 123_450, currency: 'EUR' } },
      { to: 'b', amount: { cents: 5, currency: 'EUR' } },
    ]);
    expect(paymentsOf([...rows, newRow('c', 'x')], 'EUR')).toBeNull();
  });

  it('name each account once, and say so at the second one', () => {
    const [first, second] = [newRow('a', '1'), newRow('a', '2')];
    expect(checkRow(first, [first, second])).toEqual({});
    expect(checkRow(second, [first, second])).toEqual({ to: 'This account is already listed above.' });
  });

  it('have a sum while they are typed', () =>
    expect(sumOf([newRow('a', '1.10'), newRow('', ''), newRow('b', '2')])).toBe(310));
});
