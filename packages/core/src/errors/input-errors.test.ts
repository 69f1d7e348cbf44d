import { describe, expect, it } from '@jest/globals';
import { BusinessRuleViolation, formatPath, ValidationError } from './input-errors.js';

describe('a ValidationError', () => {
  const issues = [
    { path: ['lines', 2, 'price'], message: 'must be positive' },
    { path: [], message: 'is odd' },
  ];

  it('says what was validated, and all that is wrong with it, in one sentence', () => {
    expect(new ValidationError('Order', issues).message).toBe(
      'Order is not valid: lines[2].price: must be positive; is odd',
    );
  });

  it('carries the issues, frozen and apart from the list that it was given', () => {
    const list = [...issues];
    const error = new ValidationError('Order', list);
    list.pop();
    expect(error.issues).toEqual(issues);
    expect(Object.isFrozen(error.issues)).toBe(true);
  });

  it('quotes the first five in its message, and carries all of them', () => {
    const many = Array.from({ length: 200_000 }, (_, index) => ({ path: [index], message: 'is odd' }));
    const error = new ValidationError('Order', many);
    expect(error.message).toBe(
      'Order is not valid: [0]: is odd; [1]: is odd; [2]: is odd; [3]: is odd; [4]: is odd; … and 199,995 more',
    );
    expect(error.issues).toHaveLength(200_000);
    expect(new ValidationError('Order', many.slice(0, 5)).message).not.toContain('more');
  });

  it('tells them in JSON', () => {
    expect(JSON.parse(JSON.stringify(new ValidationError('Order', issues)))).toMatchObject({
      subject: 'Order',
      issues,
    });
  });
});

describe('a path', () => {
  it.each<[(string | number)[], string]>([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a.b'],
    [['a', 0, 'b'], 'a[0].b'],
    [[0], '[0]'],
    [[0, 'a'], '[0].a'],
    [['a b'], '["a b"]'],
    [['a', 'b-c', 'd'], 'a["b-c"].d'],
    [['a', ''], 'a[""]'],
    [['0'], '["0"]'],
    [['a"b'], '["a\\"b"]'],
    [['$_1'], '$_1'],
  ])('%j is written as one would write it in code', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('a BusinessRuleViolation', () => {
  it('is made of a message alone', () => {
    const error = new BusinessRuleViolation('insufficient funds');
    expect([error.message, error.rule, error.data]).toEqual(['insufficient funds', undefined, undefined]);
  });

  it('is data that a program can act on', () => {
    const rule = { rule: 'insufficient-funds', message: 'insufficient funds', data: { missing: 40 } };
    const error = new BusinessRuleViolation(rule);
    expect(error).toMatchObject(rule);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject(rule);
  });
});
