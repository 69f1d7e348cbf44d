import { defineReadModel } from '@eventcore/core/consumers';
import { Policy } from '../domain/policy.js';

/** How far below nothing balances of a currency may go, in cents. */
export const OverdraftLimits = defineReadModel('overdraft-limits', { row: () => ({ limit: 0 }) }).from(Policy, {
  OverdraftLimitSet: (_, { data }) => ({ limit: data.limit }),
});
