import { describe, expect, it } from '@jest/globals';
import { raised } from '../raised.fixture.js';
import { eventName, schemaVersion } from './event-name.js';

describe("an event's name", () => {
  it.each(['MoneyDeposited', 'money.deposited/v2', 'Geld überwiesen', '-', '😀', '__proto__', 'a'.repeat(255)])(
    'may be anything printable: %j',
    (name) => {
      expect(eventName(name)).toBe(name);
    },
  );

  it.each([
    ['', /must not be empty/],
    ['a\nb', /must not hold control characters/],
    ['a\u0000', /must not hold control characters/],
    ['\u0085', /must not hold control characters/],
    ['\ud800', /lone surrogate/],
    ['a'.repeat(256), /longer than 255 bytes/],
    [undefined, /must be a string, not undefined/],
    [5, /must be a string, not number/],
  ])('may not be %j', (name, message) => {
    const error = raised(() => eventName(name as never));
    expect(error.code).toBe('VALIDATION');
    expect(error.message).toMatch(/^The event name /);
    expect(error.message).toMatch(message);
  });
});

describe('a schema version', () => {
  it.each([1, 2, 32_767])('may be %d', (number) => {
    expect(schemaVersion('Deposited', number)).toBe(number);
  });

  it.each([0, -1, 32_768, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, undefined])(
    'may not be %p',
    (number) => {
      expect(raised(() => schemaVersion('Deposited', number as never)).message).toBe(
        `The schema version of Deposited is not valid: must be a whole number from 1 to 32,767, not ${String(number)}`,
      );
    },
  );
});
