import { describe, expect, it } from '@jest/globals';
import { defineCommand } from '../command/define-command.js';
import { counted, Count, CountListed, Counter, listed } from './counters.fixture.js';
import { FakeStore } from './fake-store.fixture.js';
import { stateFor } from './state-for.js';

describe('what a command would decide on', () => {
  it('is the state of its streams, by field', async () => {
    const store = new FakeStore().write('counter-a', counted(1), counted(2));
    expect(await stateFor(new Count({ counter: 'a', by: 1 }), store)).toEqual({ counter: { total: 3 } });
    expect(await stateFor(new Count({ counter: 'b', by: 1 }), store)).toEqual({ counter: { total: 0 } });
  });

  it('has what is discovered', async () => {
    const store = new FakeStore().write('list-l', listed('a'), listed('b')).write('counter-a', counted(5));
    expect(await stateFor(new CountListed({ list: 'l' }), store)).toEqual({
      list: { counters: ['a', 'b'] },
      counters: new Map([
        ['counter-a', { total: 5 }],
        ['counter-b', { total: 0 }],
      ]),
    });
  });

  it("is the command's own state where it has one", async () => {
    const Tried = defineCommand('Tried', {
      streams: { counter: Counter },
      initialState: () => ({ times: 0 }),
      apply: ({ times }) => ({ times: times + 1 }),
      handle: () => undefined,
    });
    const store = new FakeStore().write('counter-a', counted(1), counted(2));
    expect(await stateFor(new Tried({ counter: 'a' }), store)).toEqual({ times: 2 });
  });

  it('is asked for a command object', async () => {
    await expect(stateFor({} as never, new FakeStore())).rejects.toMatchObject({
      code: 'DEFINITION',
      message: 'stateFor needs a command object: stateFor(new TransferMoney({ … }), store).',
    });
  });
});
