/**
 * What those who watch over the law have said of an account, in a stream of its own beside the account's:
 * `compliance-<account>`. A payment only reads it, and respects it all the same: whoever freezes an account while money is
 * leaving it comes either before the payment or after it.
 */
import { defineStream } from '@eventcore/core';
import * as v from 'valibot';

export const Reason = v.pipe(v.string(), v.trim(), v.minLength(3), v.maxLength(200));

export const Compliance = defineStream('compliance', {
  events: {
    AccountFrozen: v.object({ reason: Reason }),
    AccountUnfrozen: v.object({ reason: Reason }),
  },
  state: () => ({ frozen: false, reason: '' }),
  fold: {
    AccountFrozen: (_, { reason }) => ({ frozen: true, reason }),
    AccountUnfrozen: () => ({ frozen: false, reason: '' }),
  },
});
