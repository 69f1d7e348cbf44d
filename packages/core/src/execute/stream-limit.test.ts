/** How many streams a command may name, and that it is told before anything is read. */
import { describe, expect, it } from '@jest/globals';
import { appends, defineCommand, discovers, many } from '../command/define-command.js';
import { Counter } from './counters.fixture.js';
import { execute } from './execute.js';
import { FakeRuntime, FakeStore } from './fake-store.fixture.js';
import { stateFor } from './state-for.js';

const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const storeOf = (streams?: number): FakeStore => Object.assign(new FakeStore(), streams && { limits: { streams } });
const run = (command: Parameters<typeof execute>[0], store: FakeStore) =>
  execute(command, store, { runtime: new FakeRuntime() });

const CountAll = defineCommand('CountAll', {
  streams: { counters: many(Counter), note: appends(Counter) },
  handle: ({ emit }) => emit('note', 'Counted', { by: 1 }),
});

describe('a command that names more streams than it may', () => {
  it.each([
    [undefined, 1000],
    [120, 120],
    [5000, 1000],
  ])('is refused before anything is read: a store that says %p takes %d', async (says, most) => {
    const wide = new CountAll({ counters: keys(most), note: 'n' });
    const store = storeOf(says);
    const refusal = {
      code: 'VALIDATION',
      retriable: false,
      message: `CountAll is not valid: names ${most + 1} streams; ${most} at most. A decision over more belongs in several commands`,
    };
    await expect(run(wide, store)).rejects.toMatchObject(refusal);
    await expect(stateFor(wide, store)).rejects.toMatchObject(refusal);
    expect(store.reads).toEqual([]);

    await run(new CountAll({ counters: keys(most - 1), note: 'n' }), store);
    expect(store.appends[0]?.expected.size).toBe(most);
  });

  it('counts a stream once that it names twice', async () => {
    const Twice = defineCommand('Twice', {
      streams: { all: many(Counter, { mayEqual: true }), one: appends(Counter, { mayEqual: true }) },
      handle: ({ emit }) => emit('one', 'Counted', { by: 1 }),
    });
    await expect(run(new Twice({ all: keys(3), one: '0' }), storeOf(3))).resolves.toMatchObject({ attempts: 1 });
  });

  it('is stopped while it discovers, by the bound of the store, and with what it appends to unread', async () => {
    const Discovering = (count: number) => {
      const Command = defineCommand('Discovering', {
        streams: { first: Counter, note: appends(Counter), rest: discovers(Counter) },
        discover: () => ({ rest: keys(count) }),
        handle: ({ emit }) => emit('note', 'Counted', { by: 1 }),
      });
      return new Command({ first: 'x', note: 'n' });
    };
    const store = storeOf(10);
    await expect(run(Discovering(9), store)).rejects.toMatchObject({
      code: 'DISCOVERY_LIMIT',
      message: 'Discovering came to 11 streams; 10 at most. A decision over more belongs in several commands.',
    });
    expect(store.appends).toEqual([]);
    await run(Discovering(8), store);
    expect(store.appends[0]?.expected.size).toBe(10);
  });

  it('may discover what it appends to unread, which is one stream', async () => {
    const Both = defineCommand('Both', {
      streams: { first: Counter, note: appends(Counter), rest: discovers(Counter) },
      discover: () => ({ rest: ['n', '1'] }),
      handle: ({ emit }) => emit('note', 'Counted', { by: 1 }),
    });
    const store = storeOf(3);
    await run(new Both({ first: 'x', note: 'n' }), store);
    expect(store.appends[0]?.expected.size).toBe(3);
  });
});
