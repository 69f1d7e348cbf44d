/** Texts of a length and a form. */
import fc from 'fast-check';
import { hostileText } from './hostile-texts.js';

/** What a schema says of a text. */
export interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: 'uuid' | 'email' | 'url' | 'date' | 'date-time' | 'date-minute' | undefined;
  /** All of them have to match; texts are made of the first, and the schema refuses what the others don't match. */
  readonly patterns?: readonly RegExp[];
  readonly prefix?: string;
  readonly suffix?: string;
  readonly infix?: string;
}

/** Texts that keep the rules, or nearly: the schema has the last word. Undefined for a pattern that can't be followed. */
export function textValues(rules: TextRules): fc.Arbitrary<string> | undefined {
  const { patterns = [], format, prefix = '', infix = '', suffix = '' } = rules;
  if (format !== undefined) return formats[format]();
  const [pattern] = patterns;
  if (pattern !== undefined) return matching(pattern);
  const fixed = prefix.length + infix.length + suffix.length;
  const minLength = Math.max(0, (rules.minLength ?? 0) - fixed);
  const maxLength = rules.maxLength === undefined ? undefined : Math.max(minLength, rules.maxLength - fixed);
  const size = maxLength === undefined ? { minLength } : { minLength, maxLength };
  const fits = (text: string): boolean => text.length >= minLength && text.length <= (maxLength ?? Infinity);
  const texts =
    minLength > 20 ? fc.string(size) : fc.oneof({ withCrossShrink: true }, fc.string(size), hostileText().filter(fits));
  return fixed === 0 ? texts : texts.map((text) => `${prefix}${text}${infix}${suffix}`);
}

const formats: Readonly<Record<NonNullable<TextRules['format']>, () => fc.Arbitrary<string>>> = {
  uuid: () => fc.uuid(),
  // The mildest form: what is legal in an address is more than most libraries take.
  email: () => fc.stringMatching(/^[a-z0-9]{1,12}(\.[a-z0-9]{1,8})?@[a-z0-9]{1,12}\.(com|org|example)$/),
  url: () => fc.webUrl(),
  date: () => days().map((day) => day.toISOString().slice(0, 10)),
  'date-time': () => days().map((day) => day.toISOString()),
  'date-minute': () => days().map((day) => day.toISOString().slice(0, 16)),
};

/** Real days, of years with four digits: a pattern alone would give a 30th of February. */
function days(): fc.Arbitrary<Date> {
  return fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
}

function matching(pattern: RegExp): fc.Arbitrary<string> | undefined {
  // Without `i`, which fast-check can't follow, a pattern matches less, and nothing else.
  const flags = pattern.flags.replaceAll(/[igy]/g, '');
  try {
    return fc.stringMatching(new RegExp(pattern.source, flags));
  } catch {
    // It says so of look-behind and the like; then nothing is known of what matches.
    return undefined;
  }
}
