/**
 * What had ended before what began. An edge for each such pair would be as many as the square of the commands, so the ends
 * lead to barriers, each barrier to the next one, and the last barrier to what begins: at most four edges for each.
 */
import { addEdge, type Edges } from './edges.js';

/** When something began, or ended. */
export interface Moment {
  readonly node: number;
  readonly time: number;
}

/** Adds the edges of one chain of barriers, which are nodes from `barrier` on, and gives the number of the first one that is free. */
export function addPrecedence(
  edges: Edges,
  begins: readonly Moment[],
  ends: readonly Moment[],
  kind: number,
  barrier: number,
): number {
  // What is infinite can't be subtracted, and has nothing before it or after it.
  const beginning = begins.filter(({ time }) => time > -Infinity).sort(byTime);
  const ending = ends.filter(({ time }) => time < Infinity).sort(byTime);
  let next = 0;
  // The barrier that ends lead to; -1 before the first one.
  let current = -1;
  let free = barrier;
  // Whether something began behind it, so that later ends need another one.
  let passed = true;
  for (const { node, time } of beginning) {
    for (; next < ending.length && ending[next]!.time < time; next++) {
      if (passed) {
        if (current !== -1) addEdge(edges, current, free, kind, -1);
        current = free++;
        passed = false;
      }
      addEdge(edges, ending[next]!.node, current, kind, -1);
    }
    if (current === -1) continue;
    addEdge(edges, current, node, kind, -1);
    passed = true;
  }
  return free;
}

/** How many edges, and how many barriers, there can be. */
export function mostPrecedences(begins: number, ends: number): { readonly edges: number; readonly barriers: number } {
  const barriers = Math.min(begins, ends);
  return { edges: begins + ends + barriers, barriers };
}

function byTime(one: Moment, other: Moment): number {
  return one.time - other.time;
}
