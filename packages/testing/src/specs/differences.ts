/** What differs between what a spec states and what came, and where. */
import { isDeepStrictEqual } from 'node:util';
import { isMatcher } from './matcher.js';
import { isPlain, told } from './told.js';

/** As a failure says it: `amount: expected 60, got 50`. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual) ? [] : [difference(path, expected, actual)];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differences(expected[index], actual[index], `${path}[${index}]`),
    ).flat();
  }
  if (isPlain(expected) && isPlain(actual)) {
    // An undefined property is none, as in JSON.
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(own(expected, key), own(actual, key), member(path, key)));
  }
  return expected === actual || isDeepStrictEqual(expected, actual) ? [] : [difference(path, expected, actual)];
}

function difference(path: string, expected: unknown, actual: unknown): string {
  return `${path === '' ? '' : `${path}: `}expected ${told(expected)}, got ${told(actual)}`;
}

/** As one would write it in code: `lines[0].price`. */
export function member(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** `constructor` and its like are keys like any other. */
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
