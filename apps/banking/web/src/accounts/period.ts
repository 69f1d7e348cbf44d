/** Days as the reader's calendar has them, as the moments that the API takes. */

/** From the first moment of a day to the last one of another, where the reader is; either may be left open. */
export function periodOf(from: string, to: string): { readonly from?: string; readonly to?: string } {
  const first = moment(from, 'T00:00:00');
  const last = moment(to, 'T23:59:59.999');
  return { ...(first !== undefined && { from: first }), ...(last !== undefined && { to: last }) };
}

/** A date without a zone and with a time is local. What isn't a date yet, as while it is typed, is open. */
function moment(day: string, time: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const local = new Date(`${day}${time}`);
  return Number.isNaN(local.getTime()) ? undefined : local.toISOString();
}
