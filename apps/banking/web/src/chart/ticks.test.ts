import { describe, expect, it } from '@jest/globals';
import { ticksFor, timeTicksFor } from './ticks.js';

describe('the marks of an axis', () => {
  it.each([
    [0, 100, 4, [0, 50, 100]],
    [0, 100_000, 5, [0, 20_000, 40_000, 60_000, 80_000, 100_000]],
    [-3, 12, 3, [-5, 0, 5, 10, 15]],
    [70, 70, 4, [70, 71]],
    [0, 0, 4, [0, 1]],
  ])('from %d to %d, about %d of them', (low, high, wanted, ticks) => {
    expect(ticksFor(low, high, wanted)).toEqual(ticks);
  });

  it('enclose whatever is shown', () => {
    for (const [low, high] of [
      [-123_456, 7],
      [999_999, 1_000_001],
      [1, 9_007_199_254_740_991],
    ] as const) {
      const ticks = ticksFor(low, high, 4);
      expect(ticks[0]).toBeLessThanOrEqual(low);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
    }
  });

  it('stand at whole minutes, and within the span', () => {
    const from = Date.UTC(2026, 10, 21, 14, 0, 20);
    const to = Date.UTC(2026, 10, 21, 14, 4, 10);
    expect(timeTicksFor(from, to, 4).map((tick) => new Date(tick).toISOString().slice(14, 19))).toEqual([
      '01:00',
      '02:00',
      '03:00',
      '04:00',
    ]);
  });
});
