/** Pairs two lists so that what is equal, or nearly so, stands side by side, in the order of both. */

/** One expected, one actual, or both. */
export interface Pair<Expected, Actual> {
  readonly expected?: Expected;
  readonly actual?: Actual;
}

/**
 * @param cost what it costs to set the two side by side: 0 for equal ones, Infinity for those that have nothing in common. To
 * stand alone costs 1.
 */
export function align<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
  cost: (expected: Expected, actual: Actual) => number,
): Pair<Expected, Actual>[] {
  // Long lists differ in a few places, if at all, and the search is quadratic: what agrees at both ends is left out of it.
  const shorter = Math.min(expected.length, actual.length);
  let before = 0;
  while (before < shorter && cost(expected[before]!, actual[before]!) === 0) before++;
  let after = 0;
  while (after < shorter - before && cost(expected.at(-1 - after)!, actual.at(-1 - after)!) === 0) after++;
  const inner = search(
    expected.slice(before, expected.length - after),
    actual.slice(before, actual.length - after),
    cost,
  );
  const pair = (i: number, j: number): Pair<Expected, Actual> => ({ expected: expected[i]!, actual: actual[j]! });
  return [
    ...Array.from({ length: before }, (_, index) => pair(index, index)),
    ...inner,
    ...Array.from({ length: after }, (_, index) =>
      pair(expected.length - after + index, actual.length - after + index),
    ),
  ];
}

/** The most pairs that are worth trying. */
const MAX_PAIRS = 250_000;

function search<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
  cost: (expected: Expected, actual: Actual) => number,
): Pair<Expected, Actual>[] {
  if (expected.length * actual.length > MAX_PAIRS) return oneByOne(expected, actual);
  // best[i][j]: the least cost of what is left from i and j on.
  const best = Array.from({ length: expected.length + 1 }, () => new Array<number>(actual.length + 1).fill(0));
  const paired = (i: number, j: number): number => cost(expected[i]!, actual[j]!) + best[i + 1]![j + 1]!;
  for (let i = expected.length; i >= 0; i--) {
    for (let j = actual.length; j >= 0; j--) {
      if (i === expected.length) best[i]![j] = actual.length - j;
      else if (j === actual.length) best[i]![j] = expected.length - i;
      else best[i]![j] = Math.min(paired(i, j), 1 + best[i + 1]![j]!, 1 + best[i]![j + 1]!);
    }
  }
  const pairs: Pair<Expected, Actual>[] = [];
  let i = 0;
  let j = 0;
  while (i < expected.length || j < actual.length) {
    if (i < expected.length && j < actual.length && best[i]![j] === paired(i, j)) {
      pairs.push({ expected: expected[i++]!, actual: actual[j++]! });
    } else if (i < expected.length && best[i]![j] === 1 + best[i + 1]![j]!) pairs.push({ expected: expected[i++]! });
    else pairs.push({ actual: actual[j++]! });
  }
  return pairs;
}

/** As they come, for lists that are too long to look for anything better. */
function oneByOne<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
): Pair<Expected, Actual>[] {
  return Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => ({
    ...(index < expected.length && { expected: expected[index]! }),
    ...(index < actual.length && { actual: actual[index]! }),
  }));
}
