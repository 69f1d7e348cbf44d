/** Compares a list with the list that was expected: in the whole order, since the order of what a decision gives is part of it. */
import { align } from './align.js';
import { sideBySide, type Row } from './side-by-side.js';

/** How two kinds of things are compared and shown. */
export interface Comparison<Expected, Actual> {
  /** What differs between two of them; nothing where they agree. */
  differences(expected: Expected, actual: Actual): readonly string[];
  /** Whether two that differ belong side by side all the same. */
  akin(expected: Expected, actual: Actual): boolean;
  cellsOfExpected(expected: Expected): readonly string[];
  cellsOfActual(actual: Actual): readonly string[];
}

/** The two lists side by side, if they differ; `what` names the things, such as "events". */
export function listFault<Expected, Actual>(
  what: string,
  expected: readonly Expected[],
  actual: readonly Actual[],
  comparison: Comparison<Expected, Actual>,
): string | undefined {
  const pairs = align(expected, actual, (one, other) => {
    if (comparison.differences(one, other).length === 0) return 0;
    return comparison.akin(one, other) ? 1 : Infinity;
  });
  const rows = pairs.map((pair): Row => {
    const { expected: one, actual: other } = pair;
    return {
      ...(one !== undefined && { expected: comparison.cellsOfExpected(one) }),
      ...(other !== undefined && { actual: comparison.cellsOfActual(other) }),
      differences: one === undefined || other === undefined ? [] : comparison.differences(one, other),
    };
  });
  const agree = rows.every(
    (row) => row.expected !== undefined && row.actual !== undefined && row.differences.length === 0,
  );
  if (agree) return undefined;
  const order = sameInAnotherOrder(expected, actual, comparison)
    ? `The ${what} are the expected ones, in another order.\n\n`
    : '';
  return order + sideBySide(rows);
}

function sameInAnotherOrder<Expected, Actual>(
  expected: readonly Expected[],
  actual: readonly Actual[],
  { differences }: Comparison<Expected, Actual>,
): boolean {
  if (expected.length !== actual.length) return false;
  const left = [...actual];
  return expected.every((one) => {
    const index = left.findIndex((other) => differences(one, other).length === 0);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}
