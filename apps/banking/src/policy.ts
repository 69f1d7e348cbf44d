/** What the bank has decided for all of its accounts. */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';

export const Policy = defineStream('policy', {
  events: {
    OverdraftLimitSet: v.object({ limit: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  },
  state: () => ({ overdraftLimit: 0 }),
  fold: {
    OverdraftLimitSet: (_, { limit }) => ({ overdraftLimit: limit }),
  },
});
