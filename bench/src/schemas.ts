/** What both sides parse: the same schemas by the same library, so that parsing costs both the same. */
import * as v from 'valibot';

export const Money = v.pipe(v.number(), v.integer(), v.minValue(1), v.brand('Money'));
export type Money = v.InferOutput<typeof Money>;

/** The payloads of an account's events. */
export const accountEvents = {
  AccountOpened: v.object({ owner: v.string() }),
  MoneyDeposited: v.object({ amount: Money }),
  MoneyWithdrawn: v.object({ amount: Money }),
};
