import { describe, expect, it } from '@jest/globals';
import { changedPaths, jsonLines } from './json-lines.js';

describe('JSON that is shown', () => {
  it('is laid out line by line', () => {
    const lines = jsonLines({ open: true, orders: [{ to: 'b' }], none: {}, frozen: null });
    expect(lines.map(({ depth, key, text }) => `${' '.repeat(depth)}${key === null ? '' : `${key}: `}${text}`)).toEqual(
      ['{', ' open: true', ' orders: [', '  {', '   to: "b"', '  }', ' ]', ' none: {}', ' frozen: null', '}'],
    );
    expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length);
  });

  it('tells what an event has changed, and nothing else', () => {
    const before = { balance: 5, owner: { name: 'a' }, orders: [1] };
    const after = { balance: 7, owner: { name: 'a' }, orders: [1, 2] };
    expect([...changedPaths(before, after)]).toEqual(['$/balance', '$/orders/1']);
    expect([...changedPaths(after, after)]).toEqual([]);
  });
});
