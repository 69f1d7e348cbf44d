/** A rebuild's progress on the terminal. */
import type { RebuildProgress } from './rebuild-progress.js';

/** Where progress is shown: `process.stderr`, `process.stdout`, or what a test looks at. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Shows the progress of a rebuild while it happens: on a terminal as a bar that moves, elsewhere as a line for each tenth.
 * Gives the last progress.
 *
 * @throws what the rebuild throws.
 *
 * @example
 * ```ts
 * const Balances = defineReadModel('balances', { row: () => ({ balance: 0 }) }).from(Account, {
 *   MoneyDeposited: (row, { data }) => ({ balance: row.balance + data.amount }),
 * });
 *
 * await renderProgress(rebuild(store, Balances));
 * // balances  [##########----------]  50 %  50,000 of 100,000 events  81,000/s  0:01 left
 * ```
 */
export async function renderProgress(
  rebuild: AsyncIterable<RebuildProgress>,
  stream: ProgressStream = process.stderr,
): Promise<RebuildProgress | undefined> {
  const moves = stream.isTTY === true;
  let last: RebuildProgress | undefined;
  let tenth = -1;
  try {
    for await (const progress of rebuild) {
      last = progress;
      const reached = Math.floor(10 * partOf(progress));
      if (moves) stream.write(`\r\u001b[K${progressLine(progress)}`);
      else if (reached > tenth || progress.finished) stream.write(`${progressLine(progress)}\n`);
      tenth = Math.max(tenth, reached);
    }
  } finally {
    if (moves && last !== undefined) stream.write('\n');
  }
  return last;
}

const WIDTH = 20;

/** One progress as one line. */
export function progressLine(progress: RebuildProgress): string {
  const { consumer, done, total, rate, remaining, finished } = progress;
  const speed = `${number(rate)}/s`;
  if (total === undefined) return `${consumer}  ${number(done)} events  ${speed}${finished ? '  done' : ''}`;
  const part = partOf(progress);
  const full = Math.floor(part * WIDTH);
  const bar = `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}]`;
  const end = finished ? 'done' : remaining === undefined ? '' : `${clock(remaining)} left`;
  const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
  return `${consumer}  ${bar} ${percent}  ${number(done)} of ${number(total)} events  ${speed}  ${end}`.trimEnd();
}

function partOf({ done, total, finished }: RebuildProgress): number {
  if (finished) return 1;
  return total === undefined || total === 0 ? 0 : done / total;
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Minutes and seconds, and hours where there are any. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
