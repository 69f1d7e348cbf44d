import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { componentsOf } from './components.js';
import { addEdge, edgesFor, graphOf } from './edges.js';

describe('components', () => {
  it('hold the nodes that reach each other', () => {
    const node = fc.nat({ max: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 25 }), (pairs) => {
        const { of, count } = componentsOf(graph(10, pairs));
        const reaches = closure(10, pairs);
        for (let one = 0; one < 10; one++) {
          for (let other = 0; other < 10; other++) {
            if (one === other) continue;
            const together = of[one] !== -1 && of[one] === of[other];
            expect(together).toBe(reaches[one]![other]! && reaches[other]![one]!);
          }
          expect(of[one]! < count).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are found in a path that is longer than any call stack', () => {
    const length = 200_000;
    const path = Array.from({ length }, (_, node) => [node, (node + 1) % length] as const);
    expect(componentsOf(graph(length, path)).count).toBe(1);
    expect(componentsOf(graph(length, path.slice(1))).count).toBe(0);
  });
});

function graph(nodes: number, pairs: readonly (readonly [number, number])[]) {
  const edges = edgesFor(pairs.length);
  for (const [from, to] of pairs) addEdge(edges, from, to, 1, -1);
  return graphOf(edges, nodes, 1);
}

function closure(nodes: number, pairs: readonly (readonly [number, number])[]): readonly (readonly boolean[])[] {
  const reaches = Array.from({ length: nodes }, () => new Array<boolean>(nodes).fill(false));
  for (const [from, to] of pairs) reaches[from]![to] = true;
  for (let by = 0; by < nodes; by++)
    for (let from = 0; from < nodes; from++)
      for (let to = 0; to < nodes; to++) reaches[from]![to] ||= reaches[from]![by]! && reaches[by]![to]!;
  return reaches;
}
