import { describe, expect, it } from '@jest/globals';
import { Account } from '../bank.fixture.js';
import { raised } from '../raised.fixture.js';
import { finishedDefinition } from './compiled-command.js';
import { defineCommand } from './define-command.js';
import { checkRetryPolicy, exponentialBackoff, fixedDelay, noRetry, type RetryPolicy } from './retry-policy.js';

const delay = (): number => 0;
const define = (retry: unknown) =>
  defineCommand('Tried', { streams: { account: Account }, retry: retry as RetryPolicy, handle: () => undefined });

describe('a retry policy', () => {
  it.each([exponentialBackoff(), fixedDelay({ attempts: 2, delay: 5 }), noRetry, { attempts: 3, delay }])(
    'is taken as it is: %p',
    (policy) => {
      expect(checkRetryPolicy(policy, 'Tried')).toBe(policy);
      expect(finishedDefinition(define(policy))?.retry).toBe(policy);
    },
  );

  it.each([
    null,
    5,
    {},
    { attempts: 3 },
    { delay },
    { attempts: 0, delay },
    { attempts: 1.5, delay },
    { attempts: Number.POSITIVE_INFINITY, delay },
    { attempts: '3', delay },
    { attempts: 3, delay: 100 },
  ])('is refused where the command is defined when it is none: %p', (policy) => {
    const message =
      'The retry policy of Tried needs attempts, a whole number from 1 on, and delay(failed, random), which gives milliseconds. ' +
      'exponentialBackoff() and fixedDelay({ attempts, delay }) make one.';
    for (const check of [() => checkRetryPolicy(policy as never, 'Tried'), () => define(policy)]) {
      const error = raised(check);
      expect([error.code, error.message]).toEqual(['DEFINITION', message]);
    }
  });
});
