import { describe, expect, it } from '@jest/globals';
import { componentsOf } from './components.js';
import { addEdge, edgesFor, graphOf, OVERWRITES, WRITES } from './edges.js';
import { shortestCycle, shortestCycleWithOneOverwrite, type Search } from './shortest-cycle.js';

describe('the search for a short cycle', () => {
  it('finds one, though perhaps not the shortest, when it has looked at more than it may', () => {
    const ring = ringOf(100, 10);
    expect(shortestCycle(ring).map(({ from, to }) => [from, to])).toHaveLength(100);
    expect(shortestCycle({ ...ring, budget: 1_000_000 })).toHaveLength(100);
  });

  it('gives up on one with a single rw edge then', () => {
    expect(shortestCycleWithOneOverwrite(ringOf(100, 10))).toBeUndefined();
    expect(shortestCycleWithOneOverwrite(ringOf(100, 1_000_000))).toHaveLength(100);
  });
});

/** Each wrote what the next one overwrote, and the last one had read what the first one overwrote. */
function ringOf(nodes: number, budget: number): Search {
  const edges = edgesFor(nodes);
  for (let node = 0; node < nodes; node++)
    addEdge(edges, node, (node + 1) % nodes, node === nodes - 1 ? OVERWRITES : WRITES, -1);
  const graph = graphOf(edges, nodes, WRITES | OVERWRITES);
  const members = Array.from({ length: nodes }, (_, node) => node);
  return { graph, firstBarrier: nodes, component: componentsOf(graph).of, within: 0, members, budget };
}
