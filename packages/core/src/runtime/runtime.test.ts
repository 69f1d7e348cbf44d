import { describe, expect, it } from '@jest/globals';
import { systemRuntime } from './runtime.js';

describe('the sleep of the system', () => {
  // A timer for longer than some weeks fires at once, and whoever polls would do so without a pause.
  it.each([2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])('is long for %p milliseconds', async (milliseconds) => {
    const end = new AbortController();
    let awake = false;
    const sleeping = systemRuntime.sleep(milliseconds, end.signal).then(() => (awake = true));
    await systemRuntime.sleep(20);
    expect(awake).toBe(false);
    end.abort();
    await sleeping;
  });
});
