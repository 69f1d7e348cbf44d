import { describe, expect, it } from '@jest/globals';
import { BusinessRuleViolation } from '../errors/input-errors.js';
import { raised } from '../raised.fixture.js';
import { ensure, reject } from './rules.js';

const rule = { rule: 'insufficient-funds', message: 'insufficient funds', data: { missing: 40 } };

describe('ensure', () => {
  it.each([true, 1, 'text', {}, []])('lets %p pass', (condition) => {
    expect(() => ensure(condition, 'no')).not.toThrow();
  });

  it.each([false, 0, '', null, undefined, Number.NaN])('rejects on %p', (condition) => {
    const error = raised(() => ensure(condition, 'insufficient funds'));
    expect(error).toBeInstanceOf(BusinessRuleViolation);
    expect(error).toMatchObject({ message: 'insufficient funds', rule: undefined, data: undefined, retriable: false });
  });

  it('rejects with a rule that a program can act on', () => {
    expect(raised(() => ensure(false, rule))).toMatchObject(rule);
  });

  it('refuses a promise, which would always hold, and lets nobody hear of its rejection', async () => {
    const conditions: unknown[] = [
      Promise.resolve(false),
      Promise.reject(new Error('nobody awaits this')),
      { then: () => undefined },
    ];
    for (const condition of conditions) {
      expect(raised(() => ensure(condition, 'no'))).toMatchObject({
        code: 'DEFINITION',
        message:
          'ensure was given a promise, and a promise is always true. Await it first: ensure(await condition, message).',
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('refuses a function, which would always hold, whoever forgot to call it', () => {
    class Order {
      empty() {
        return false;
      }
    }
    const conditions: readonly (readonly [unknown, string])[] = [
      [new Order().empty, 'Call it: ensure(empty(), message).'],
      [Order, 'Call it: '],
      [
        (
          () => () =>
            false
        )(),
        'Call it: ensure(condition(), message).',
      ],
    ];
    for (const [condition, advice] of conditions) {
      expect(raised(() => ensure(condition, 'no'))).toMatchObject({
        code: 'DEFINITION',
        message: expect.stringContaining(`a function is always true. ${advice}`),
      });
    }
  });

  it.each([undefined, null, 7, {}, { rule: 'no-message' }])('asks for a message where there is %j', (message) => {
    for (const says of [() => ensure(false, message as never), () => reject(message as never)]) {
      expect(raised(says)).toMatchObject({
        code: 'DEFINITION',
        message: expect.stringMatching(/^A rule says no, and has no message .* Give it one: (ensure|reject)\(/),
      });
    }
  });

  it('narrows types: what was ensured is known below', () => {
    const lengthOf = (text: string | undefined): number => {
      ensure(text !== undefined, 'no text');
      return text.length;
    };
    expect(lengthOf('four')).toBe(4);
    expect(() => lengthOf(undefined)).toThrow('no text');
  });
});

describe('reject', () => {
  it('rejects, by message or by rule', () => {
    expect(raised(() => reject('closed on Sundays'))).toMatchObject({
      code: 'BUSINESS_RULE_VIOLATION',
      message: 'closed on Sundays',
    });
    expect(raised(() => reject(rule))).toMatchObject(rule);
  });

  it('never returns, also to the compiler', () => {
    const parsed = (text: 'a' | 'b'): 'a' => {
      if (text === 'b') reject('no b');
      return text;
    };
    expect(parsed('a')).toBe('a');
    expect(() => parsed('b')).toThrow('no b');
  });
});
