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
