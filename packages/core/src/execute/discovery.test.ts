import { describe, expect, it } from '@jest/globals';
import { defineCommand, discovers } from '../command/define-command.js';
import { Counter, List } from './counters.fixture.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';

/** Executes a command that discovers counters by this function. */
const discover = async (answer: () => unknown): Promise<unknown> => {
  const Tried = defineCommand('Tried', {
    streams: { list: List, counters: discovers(Counter) },
    discover: answer as never,
    handle: () => undefined,
  });
  return execute(new Tried({ list: 'l' }), new FakeStore(), { runtime: new FakeRuntime() });
};

describe('an asynchronous discover', () => {
  const message =
    'Tried.discover is asynchronous. It is synchronous: it names streams by the state alone, which it is given.';

  it.each<[string, () => unknown]>([
    ['an answer', async () => ({ counters: [] })],
    ['an answer that fails', async () => Promise.reject(new Error('not found'))],
    ['the keys of a field', () => ({ counters: Promise.resolve([]) })],
    ['keys that come one by one', () => ({ counters: (async function* () {})() })],
    ["another library's promise", () => ({ then: () => undefined })],
  ])('is refused for what it is: %s', async (_, answer) => {
    await expect(discover(answer)).rejects.toMatchObject({ code: 'DEFINITION', message });
  });
});

describe('the limit of streams', () => {
  it('ends a discover that would name streams for ever, and lets it clean up', async () => {
    let named = 0;
    let left = false;
    const keys = function* (): Generator<string> {
      try {
        for (;;) yield String((named += 1));
      } finally {
        left = true;
      }
    };
    await expect(discover(() => ({ counters: keys() }))).rejects.toMatchObject({
      code: 'DISCOVERY_LIMIT',
      message: 'Tried came to 1001 streams; 1000 at most. A decision over more belongs in several commands.',
    });
    // The list is a stream, too.
    expect([named, left]).toEqual([1000, true]);
  });
});
