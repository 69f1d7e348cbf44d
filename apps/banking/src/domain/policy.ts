/** What the bank has decided for all accounts of a currency: `policy-EUR`. */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';
import { Cents } from './money.js';

/** How far below nothing a balance may go. */
export const OverdraftLimit = v.pipe(Cents, v.minValue(0));

export const Policy = defineStream('policy', {
  events: { OverdraftLimitSet: v.object({ limit: OverdraftLimit }) },
  state: () => ({ overdraftLimit: 0 }),
  fold: { OverdraftLimitSet: (_, { limit }) => ({ overdraftLimit: limit }) },
});
