/** Strongly connected components, by Tarjan's algorithm without recursion: a history is deeper than any call stack. */
import type { Graph } from './edges.js';

export interface Components {
  /** By node: the component, or -1 for a node that is on no cycle. */
  readonly of: Int32Array;
  readonly count: number;
}

export function componentsOf({ nodes, edges, offsets, leaving }: Graph): Components {
  const of = new Int32Array(nodes).fill(-1);
  let count = 0;
  // When a node was met, from 1 on; and the earliest that can be reached from it and isn't settled.
  const met = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const settled = new Uint8Array(nodes);
  const next = offsets.slice();
  const path = new Int32Array(nodes);
  const open = new Int32Array(nodes);
  let depth = 0;
  let height = 0;
  let clock = 0;

  for (let root = 0; root < nodes; root++) {
    if (met[root] !== 0) continue;
    met[root] = low[root] = ++clock;
    path[depth++] = root;
    open[height++] = root;
    while (depth > 0) {
      const node = path[depth - 1]!;
      if (next[node]! < offsets[node + 1]!) {
        const target = edges.to[leaving[next[node]!++]!]!;
        if (met[target] === 0) {
          met[target] = low[target] = ++clock;
          path[depth++] = target;
          open[height++] = target;
        } else if (settled[target] === 0 && met[target]! < low[node]!) low[node] = met[target]!;
        continue;
      }
      depth -= 1;
      if (depth > 0) {
        const parent = path[depth - 1]!;
        if (low[node]! < low[parent]!) low[parent] = low[node]!;
      }
      if (low[node] !== met[node]) continue;
      const alone = open[height - 1] === node;
      let member: number;
      do {
        member = open[--height]!;
        settled[member] = 1;
        if (!alone) of[member] = count;
      } while (member !== node);
      if (!alone) count += 1;
    }
  }
  return { of, count };
}
