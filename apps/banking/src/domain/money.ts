/** Money: whole cents of a currency. There is no fraction of a cent, and no sum of two currencies. */
import * as v from 'valibot';

export const Currency = v.picklist(['EUR', 'GBP', 'USD']);
export type Currency = v.InferOutput<typeof Currency>;

/** Whole cents, pence. A balance may be below nothing. */
export const Cents = v.pipe(v.number(), v.safeInteger());

/** The most that moves at once: no sum of balances comes near to what a number can hold. */
const MOST = 1_000_000_000_00;

/** An amount that is moved: more than nothing. Only what was parsed is one. */
export const Money = v.pipe(
  v.object({ cents: v.pipe(Cents, v.minValue(1), v.maxValue(MOST)), currency: Currency }),
  v.brand('Money'),
);
export type Money = v.InferOutput<typeof Money>;

/** An amount as it is asked for, before it was looked at. */
export interface Amount {
  readonly cents: number;
  readonly currency: Currency;
}

/** As people write it: `EUR 1,234.50`. */
export function inWords(cents: number, currency: string): string {
  return `${currency} ${amounts.format(cents / 100)}`;
}
const amounts = new Intl.NumberFormat('en', { minimumFractionDigits: 2 });
