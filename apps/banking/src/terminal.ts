/** Printing for people: headings, and tables whose columns line up. */
import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour on a terminal, plain text anywhere else; NO_COLOR and FORCE_COLOR have the last word. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

export function heading(text: string): void {
  console.log(`\n${styled('bold', text)}`);
}

/** Cents as people write amounts: `1,234.50`. */
export function money(cents: number): string {
  return amounts.format(cents / 100);
}
const amounts = new Intl.NumberFormat('en', { minimumFractionDigits: 2 });

/** Rows below a header, two spaces in, columns two spaces apart; those whose name ends with `>` are aligned to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = header.map((name) => name.replace(/>$/, ''));
  const widths = names.map((name, column) => Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map(width)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, header[column]?.endsWith('>') ?? false))
      .join('  ')
      .trimEnd();
  return [styled('dim', line(names)), ...rows.map(line)].map((text) => `  ${text}`).join('\n');
}

function pad(text: string, to: number, right: boolean): string {
  const gap = ' '.repeat(to - width(text));
  return right ? gap + text : text + gap;
}

/** Colours take no room. */
function width(text: string): number {
  return stripVTControlCharacters(text).length;
}
