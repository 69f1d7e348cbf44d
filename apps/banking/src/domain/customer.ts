/** What the bank remembers of a customer beyond his accounts. */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';

export const Customer = defineStream('customer', {
  events: { WelcomeBonusGranted: v.object({ account: v.string() }) },
  state: () => ({ welcomed: false }),
  fold: { WelcomeBonusGranted: () => ({ welcomed: true }) },
});
