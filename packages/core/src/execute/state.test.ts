import { describe, expect, it } from '@jest/globals';
import { defineCommand } from '../command/define-command.js';
import { counted, Counter } from './counters.fixture.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';

const executed = async (methods: object): Promise<unknown> => {
  const Tried = defineCommand('Tried', { streams: { counter: Counter }, handle: () => undefined, ...methods } as never);
  const store = new FakeStore().write('counter-a', counted(1));
  return execute(new Tried({ counter: 'a' } as never) as never, store, { runtime: new FakeRuntime() });
};

describe("a command's own state", () => {
  it('is refused when its beginning is asynchronous', async () => {
    await expect(executed({ initialState: async () => 0, apply: (state: number) => state })).rejects.toMatchObject({
      code: 'DEFINITION',
      message: 'Tried.initialState is asynchronous. Folds are pure and synchronous.',
    });
  });

  it.each([async () => 1, () => ({ then: () => undefined })])(
    'is refused when its apply is asynchronous',
    async (apply) => {
      await expect(executed({ initialState: () => 0, apply })).rejects.toMatchObject({
        code: 'DEFINITION',
        message: 'Tried.apply is asynchronous. Folds are pure and synchronous.',
      });
    },
  );
});
