export interface Dot {
  readonly x: number;
  readonly y: number;
}

/** A line that keeps its height until the next dot: a balance does not glide from one value to the next. */
export function stepPath(dots: readonly Dot[], end: number): string {
  const [first, ...rest] = dots;
  if (!first) return '';
  return `M${round(first.x)} ${round(first.y)}${rest.map(({ x, y }) => `H${round(x)}V${round(y)}`).join('')}H${round(end)}`;
}

const round = (value: number) => Math.round(value * 10) / 10;
