import { describe, expect, it } from '@jest/globals';
import { ApiError, Unreachable } from '../api/api-error.js';
import { adviceOn } from './advice.js';

const problem = (status: number, more: object = {}) =>
  new ApiError({ type: 'about:blank', title: 'Title', status, detail: 'Detail.', code: 'x', ...more });

describe('what an error means for people', () => {
  it('says how much is available where there is too little, at the amount', () => {
    const broken = { rule: 'insufficient-funds', data: { available: 123_450, currency: 'USD' } };
    expect(adviceOn(problem(422, broken))).toMatchObject({
      field: 'amount',
      atField: 'At most $1,234.50.',
      text: expect.stringContaining('$1,234.50 is available'),
    });
  });

  it('tells that a frozen account is the one that pays, and why it is frozen', () => {
    const broken = { rule: 'account-frozen', data: { reason: 'Suspicious payments' } };
    expect(adviceOn(problem(422, broken))).toMatchObject({
      field: 'from',
      text: expect.stringContaining('Suspicious payments'),
    });
  });

  it('passes on what the bank says about a rule of which the page has not heard', () => {
    expect(adviceOn(problem(422, { rule: 'on-a-sunday' })).text).toBe('Detail.');
  });

  it('never says that it failed where nobody knows', () => {
    expect(adviceOn(problem(504)).title).toBe('We do not know yet how this ended');
    expect(adviceOn(new Unreachable(new TypeError('fetch failed'))).text).toContain('it will be done once');
  });
});
