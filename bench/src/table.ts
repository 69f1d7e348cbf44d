/** Results as text: a block for each case, aligned with those of all the others. */
import type { Case, Quartiles, Result } from './harness.js';

export function tableOf({ name, work, unit }: Case, results: readonly Result[]): string {
  const rows = results.map(({ contestant, time, ratio }, index) =>
    row(
      contestant,
      digits(1_000_000 / time.median),
      digits(time.median),
      range(time),
      index === 0 ? '' : digits(ratio.median),
      index === 0 ? '' : range(ratio),
    ),
  );
  const heading = row('', `${unit}/s`, 'µs each', 'quartiles', '× by hand', 'quartiles');
  return [`${name}: ${work}`, heading, ...rows, ''].join('\n');
}

function row(label: string, ...cells: readonly string[]): string {
  return `  ${label.padEnd(16)}${cells.map((cell, column) => cell.padStart(WIDTHS[column]!)).join('')}`.trimEnd();
}

const WIDTHS = [13, 10, 18, 12, 14];

function range({ low, high }: Quartiles): string {
  return `${digits(low)} – ${digits(high)}`;
}

/** Three digits that count: more than that is noise. */
function digits(value: number): string {
  return value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}
