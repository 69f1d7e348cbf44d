/**
 * The order of ids and keys: that of their UTF-8 bytes, which is also the order of code points. It isn't the one in which
 * JavaScript compares texts, by UTF-16 units: there "😀" comes before "ｚ", since it is written with surrogates.
 */

/** Surrogates stand for what comes after everything that needs none. */
const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/**
 * Compares two texts by their UTF-8 bytes, as databases do: for `sort`, and for pages that go on after a key.
 *
 * @example
 * ```ts
 * import { byteOrder } from '@eventcore/core/store';
 *
 * const keys = ['😀', 'ｚ', 'a'];
 * console.log(keys.toSorted(byteOrder)); // [ 'a', 'ｚ', '😀' ]
 * console.log(keys.toSorted()); // [ 'a', '😀', 'ｚ' ]
 * ```
 */
export function byteOrder(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (left === right) continue;
    return left >= SURROGATES && right >= SURROGATES ? rank(left) - rank(right) : left - right;
  }
  return one.length - other.length;
}

/**
 * A sorted copy, by {@link byteOrder}. Where no text has surrogates, which is almost always, the engine's own order is the
 * same, and three times as fast.
 *
 * @example
 * ```ts
 * import { inByteOrder } from '@eventcore/core/store';
 *
 * console.log(inByteOrder(['account-b', 'account-a'])); // [ 'account-a', 'account-b' ]
 * ```
 */
export function inByteOrder<Text extends string>(texts: Iterable<Text>): Text[] {
  const sorted = [...texts];
  return sorted.some((text) => /[\ud800-\udfff]/.test(text)) ? sorted.sort(byteOrder) : sorted.sort();
}

function rank(unit: number): number {
  return unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
