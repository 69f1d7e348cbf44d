/** Numbers within bounds. */
import fc from 'fast-check';

/** What a schema says of a number. */
export interface NumberRules {
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly minExcluded?: boolean;
  readonly maxExcluded?: boolean;
  readonly multipleOf?: number;
}

/** As fast-check does: what has no bound stays within 32 bits, so that sums of a few values are exact. */
const smallest = -(2 ** 31);
const largest = 2 ** 31 - 1;

/** Numbers that keep the rules; undefined if there are none. */
export function numberValues(rules: NumberRules): fc.Arbitrary<number> | undefined {
  const step = rules.multipleOf ?? 1;
  const whole = integers(rules, step);
  if (rules.integer === true || rules.multipleOf !== undefined) return whole?.map((n) => unsigned(n * step));
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE, minExcluded = false, maxExcluded = false } = rules;
  if (min > max || (min === max && (minExcluded || maxExcluded))) return undefined;
  const fractions = fc
    .double({ min, max, minExcluded, maxExcluded, noNaN: true, noDefaultInfinity: true })
    .map(unsigned);
  return whole === undefined ? fractions : fc.oneof(whole.map(unsigned), fractions);
}

/** The factors of `step` within the bounds. */
function integers(rules: NumberRules, step: number): fc.Arbitrary<number> | undefined {
  const lower = rules.min === undefined ? undefined : Math.ceil(rules.min / step);
  const upper = rules.max === undefined ? undefined : Math.floor(rules.max / step);
  const above = rules.minExcluded === true && lower !== undefined && lower * step === rules.min ? 1 : 0;
  const below = rules.maxExcluded === true && upper !== undefined && upper * step === rules.max ? 1 : 0;
  const min = safe(
    lower === undefined ? (upper === undefined || upper >= smallest ? smallest : -Infinity) : lower + above,
  );
  const max = safe(
    upper === undefined ? (lower === undefined || lower <= largest ? largest : Infinity) : upper - below,
  );
  return min > max ? undefined : fc.integer({ min, max });
}

function safe(bound: number): number {
  return Math.min(Math.max(bound, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** -0 and 0 are one number in JSON. */
export function unsigned(number: number): number {
  return number === 0 ? 0 : number;
}
