/** Two lists side by side: what was expected on the left, what came on the right, and a mark where they differ. */
import { cut } from './told.js';

/** One line of the table. The last cell of a side is cut where it doesn't fit. */
export interface Row {
  readonly expected?: readonly string[];
  readonly actual?: readonly string[];
  /** What differs within the line; shown below it. */
  readonly differences: readonly string[];
}

/** In characters: what a terminal shows without wrapping, more or less. */
const WIDTH = 132;
const NARROWEST = 24;

export function sideBySide(rows: readonly Row[]): string {
  const sides = rows.flatMap(({ expected, actual }) => [expected ?? [], actual ?? []]);
  const count = Math.max(0, ...sides.map((cells) => cells.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...sides.map((cells) => cells[column]?.length ?? 0)),
  );
  const fixed = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.min(widths.at(-1) ?? 0, Math.max(NARROWEST, Math.floor((WIDTH - 9) / 2) - fixed));
  const side = (cells: readonly string[] | undefined): string =>
    (cells ?? [])
      .map((cell, column) => (column === count - 1 ? cut(cell, last) : cell.padEnd(widths[column]!)))
      .join('  ');
  const width = Math.max('expected'.length, fixed + last);
  const line = (mark: string, left: string, right: string): string =>
    `  ${mark} ${left.padEnd(width)} | ${right}`.trimEnd();
  return [
    line(' ', 'expected', 'actual'),
    ...shown(rows).flatMap((row) =>
      typeof row === 'number'
        ? [`      … ${row} more that agree`]
        : [
            line(markOf(row), side(row.expected), side(row.actual)),
            ...row.differences.map((difference) => `      ${difference}`),
          ],
    ),
  ].join('\n');
}

/** Missing, superfluous, different, or as it should be. */
function markOf({ expected, actual, differences }: Row): string {
  if (actual === undefined) return '-';
  if (expected === undefined) return '+';
  return differences.length > 0 ? '≠' : ' ';
}

/** How many lines that agree are shown around each that doesn't. */
const CONTEXT = 3;

/** The rows near to a difference, and how many were left out in between. */
function shown(rows: readonly Row[]): (Row | number)[] {
  const near = new Set<number>();
  for (const [index, row] of rows.entries()) {
    if (markOf(row) === ' ') continue;
    for (let other = index - CONTEXT; other <= index + CONTEXT; other++) near.add(other);
  }
  const result: (Row | number)[] = [];
  let left = 0;
  for (const [index, row] of rows.entries()) {
    if (near.has(index)) {
      if (left > 0) result.push(left);
      left = 0;
      result.push(row);
    } else left += 1;
  }
  if (left > 0) result.push(left);
  return result;
}
