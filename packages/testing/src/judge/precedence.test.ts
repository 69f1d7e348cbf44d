import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { edgesFor, REALTIME } from './edges.js';
import { addPrecedence, mostPrecedences } from './precedence.js';

describe('the chain of barriers', () => {
  it('leads from each to all that began after it had ended, and to nothing else', () => {
    const times = fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 15 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(times, { maxLength: 12 }), (intervals) => {
        const begins = intervals.map(([time], node) => ({ node, time }));
        const ends = intervals.map(([time, length, ends], node) => ({ node, time: ends ? time + length : Infinity }));
        const most = mostPrecedences(begins.length, ends.length);
        const edges = edgesFor(most.edges);
        const nodes = addPrecedence(edges, begins, ends, REALTIME, begins.length);
        expect(nodes - begins.length).toBeLessThanOrEqual(most.barriers);

        const next = (node: number) =>
          [...edges.to.subarray(0, edges.count)].filter((_, edge) => edges.from[edge] === node);
        const behind = (node: number): number[] => next(node).flatMap((to) => (to < begins.length ? [to] : behind(to)));
        for (const { node, time } of ends)
          expect(behind(node).toSorted((a, b) => a - b)).toEqual(
            begins.filter((begin) => time < begin.time).map((begin) => begin.node),
          );
      }),
      { numRuns: 1000 },
    );
  });
});
