/** What differs between two values, in a line or two: the first difference, and how many more there are. */
import { member } from '../../specs/differences.js';
import { told } from '../../specs/told.js';
import { types } from 'node:util';

/** Text for values that aren't the same. */
export function tellDifference(expected: unknown, actual: unknown): string {
  const found = [...differences(expected, actual, '')];
  const [first, ...more] = found.length > 0 ? found : [line('', told(expected), told(actual))];
  const lengths =
    Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length
      ? [`expected ${items(expected.length)}, got ${items(actual.length)}`]
      : [];
  const rest = more.length === 0 ? [] : [`… and ${more.length.toLocaleString('en')} more`];
  return [...lengths, first, ...rest].map((text) => `  ${text}`).join('\n');
}

function* differences(expected: unknown, actual: unknown, path: string): Generator<string, void, undefined> {
  if (Object.is(expected, actual)) return;
  if (typeof expected === 'string' && typeof actual === 'string') yield differentTexts(expected, actual, path);
  else if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index++)
      yield* differences(expected[index], actual[index], `${path}[${index}]`);
  } else if (types.isSet(expected) && types.isSet(actual)) {
    const other = (one: Set<unknown>, another: Set<unknown>) => [...one].filter((item) => !another.has(item));
    for (const item of other(expected, actual))
      yield `${at(path)}expected ${short(told(item))} among others, and it is missing`;
    for (const item of other(actual, expected))
      yield `${at(path)}got ${short(told(item))} among others, which wasn't expected`;
  } else if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)]))
      yield* differences(own(expected, key), own(actual, key), member(path, key));
  } else yield line(path, told(expected), told(actual));
}

/** Long texts are shown from shortly before the place where they part. */
function differentTexts(expected: string, actual: string, path: string): string {
  let parted = 0;
  while (expected[parted] === actual[parted]) parted += 1;
  if (parted < LEAD * 2) return line(path, told(expected), told(actual));
  const from = parted - LEAD;
  const shown = (text: string): string => `…${told(text.slice(from))}`;
  return `${line(path, shown(expected), shown(actual))} (from character ${from.toLocaleString('en')} on)`;
}

const LEAD = 20;
/** In characters, for one value. */
const WIDTH = 160;

function line(path: string, expected: string, actual: string): string {
  return `${at(path)}expected ${short(expected)}, got ${short(actual)}`;
}

const at = (path: string): string => (path === '' ? '' : `${short(path)}: `);

function short(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH)}… (${text.length.toLocaleString('en')} characters)`;
}

const items = (count: number): string => (count === 1 ? 'one item' : `${count.toLocaleString('en')} items`);

/** Not sets, maps and whatever else has no keys. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.toString.call(value) === '[object Object]' &&
    !Array.isArray(value)
  );
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
