import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isThenable, isUnwantedPromise } from './thenable.js';

/** Rejections that nobody has handled, which would end the process. */
const unhandled = jest.fn();
beforeEach(() => void process.on('unhandledRejection', unhandled));
afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is asynchronous', () => {
  it.each<[string, unknown]>([
    ['a promise', Promise.resolve()],
    ['an object with a then', { then: () => undefined }],
    ['a function with a then', Object.assign(() => undefined, { then: () => undefined })],
  ])('is %s', (_, value) => {
    expect([isThenable(value), isUnwantedPromise(value)]).toEqual([true, true]);
  });

  it.each([undefined, null, 5, 'then', {}, { then: 'later' }, () => undefined, Object.create(null)])(
    'is not %p',
    (value) => {
      expect([isThenable(value), isUnwantedPromise(value)]).toEqual([false, false]);
    },
  );
});

describe('a promise that is refused', () => {
  it('is no unhandled rejection when it fails', async () => {
    expect(isUnwantedPromise(Promise.reject(new Error('nobody is there to hear it')))).toBe(true);
    await settled();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is not begun: some libraries do their work when then is called', () => {
    const then = jest.fn();
    expect(isUnwantedPromise({ then })).toBe(true);
    expect(then).not.toHaveBeenCalled();
  });
});
