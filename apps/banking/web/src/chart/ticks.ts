/** Round numbers that span what is shown: 1, 2 or 5 times a power of ten apart, about `wanted` of them. */
export function ticksFor(low: number, high: number, wanted: number): number[] {
  const span = Math.max(1, high - low);
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY],
  ...[7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 365 * DAY],
];

/** Points in time at which a clock or a calendar has its marks, within the span; where there is none, its ends. */
export function timeTicksFor(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  const step = STEPS.find((candidate) => candidate >= rough) ?? 365 * DAY;
  // Days begin where the reader is.
  const offset = new Date(from).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let tick = first; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}

/** As much of a time as tells it from its neighbours on an axis of this length. */
export function formatTick(at: number, span: number): string {
  const options: Intl.DateTimeFormatOptions =
    span > 2 * DAY
      ? { day: 'numeric', month: 'short' }
      : span > 5 * MINUTE
        ? { hour: '2-digit', minute: '2-digit' }
        : { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  return new Intl.DateTimeFormat(undefined, options).format(at);
}
