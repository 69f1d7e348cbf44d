import { describe, expect, it } from '@jest/globals';
import { periodOf } from './period.js';

describe('a period of a statement', () => {
  it("goes from the first to the last moment of the reader's days", () => {
    const { from, to } = periodOf('2026-11-01', '2026-11-30');
    expect(new Date(from!).getTime()).toBe(new Date(2026, 10, 1).getTime());
    expect(new Date(to!).getTime()).toBe(new Date(2026, 11, 1).getTime() - 1);
  });

  it('is open where nothing is given, or nothing that is a day', () => {
    expect(periodOf('', '')).toEqual({});
    expect(periodOf('2026-13-01', '0002')).toEqual({});
    expect(Object.keys(periodOf('2026-11-01', ''))).toEqual(['from']);
  });
});
