import { defineCommand, defineStream, ensure } from '@eventcore/core';
import * as v from 'valibot';

export const Counter = defineStream('counter', {
  events: { Counted: v.object({ by: v.number(), at: v.string() }) },
  state: () => ({ total: 0 }),
  fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
});

export const Count = defineCommand('Count', {
  streams: { counter: Counter },
  input: { by: v.number() },
  handle: ({ state, input, now, emit }) => {
    ensure(state.counter.total < 3, 'that is enough');
    emit('counter', 'Counted', { by: input.by, at: now });
  },
});
