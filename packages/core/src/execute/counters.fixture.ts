/** A domain for the executor's tests: counters that count, and lists that name other streams. */
import * as v from 'valibot';
import { defineCommand, discovers, reads } from '../command/define-command.js';
import { ensure } from '../decide/rules.js';
import { defineStream } from '../stream/define-stream.js';

export const Counter = defineStream('counter', {
  events: { Counted: v.object({ by: v.number() }) },
  state: () => ({ total: 0 }),
  fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
});

export const List = defineStream('list', {
  events: { Listed: v.object({ counter: v.string() }) },
  state: () => ({ counters: [] as readonly string[] }),
  fold: { Listed: ({ counters }, { counter }) => ({ counters: [...counters, counter] }) },
});

export const counted = (by: number) => ({ type: 'Counted', data: { by } });
export const listed = (counter: string) => ({ type: 'Listed', data: { counter } });

/** Counts, as long as the total stays below a limit. */
export const Count = defineCommand('Count', {
  streams: { counter: Counter },
  input: { by: v.number(), most: v.optional(v.number(), 100) },
  handle: ({ state, input, emit }) => {
    ensure(state.counter.total + input.by <= input.most, {
      rule: 'limit',
      message: 'that is too much',
      data: { total: state.counter.total },
    });
    emit('counter', 'Counted', { by: input.by });
  },
});

/** Counts on one counter if another one, which is only read, has counted nothing. */
export const CountUnless = defineCommand('CountUnless', {
  streams: { counter: Counter, other: reads(Counter) },
  handle: ({ state, emit }) => {
    ensure(state.other.total === 0, 'the other one has counted');
    emit('counter', 'Counted', { by: 1 });
  },
});

/** Moves an amount from one counter to another. */
export const Move = defineCommand('Move', {
  streams: { from: Counter, to: Counter },
  input: { by: v.number() },
  handle: ({ input, emit }) => {
    emit('from', 'Counted', { by: -input.by });
    emit('to', 'Counted', { by: input.by });
  },
});

/** Counts on every counter that a list names. */
export const CountListed = defineCommand('CountListed', {
  streams: { list: List, counters: discovers(Counter) },
  discover: (state) => ({ counters: state.list.counters }),
  handle: ({ state, emit }) => {
    for (const id of state.counters.keys()) emit(id, 'Counted', { by: 1 });
  },
});

/** Counts asynchronously. */
export const CountLater = defineCommand('CountLater', {
  streams: { counter: Counter },
  handle: async ({ emit }) => {
    await Promise.resolve();
    emit('counter', 'Counted', { by: 1 });
  },
});

/** Decides on nothing, and writes nothing. */
export const Look = defineCommand('Look', { streams: { counter: Counter }, handle: () => undefined });
