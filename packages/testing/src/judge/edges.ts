/** What had to be before what: edges of a graph, as arrays that a million of them fit into. */
export interface Edges {
  count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly kind: Uint8Array;
  /** The slot of the event that it is about; of WRITES and OVERWRITES the later one. -1: none. */
  readonly slot: Int32Array;
}

/** ww: a version, then the next one of the stream. */
export const WRITES = 1;
/** wr: a version, then who read it. */
export const READS = 2;
/** rw: who read a version, then the next version. */
export const OVERWRITES = 4;
/** One process, one thing after the other. */
export const PROCESS = 8;
/** It had ended before the other one began. */
export const REALTIME = 16;

export function edgesFor(capacity: number): Edges {
  return {
    count: 0,
    from: new Int32Array(capacity),
    to: new Int32Array(capacity),
    kind: new Uint8Array(capacity),
    slot: new Int32Array(capacity),
  };
}

/** There has to be room for it. */
export function addEdge(edges: Edges, from: number, to: number, kind: number, slot: number): void {
  const { count } = edges;
  if (count === edges.from.length) throw new RangeError(`There is no room for an edge behind ${count} of them.`);
  edges.from[count] = from;
  edges.to[count] = to;
  edges.kind[count] = kind;
  edges.slot[count] = slot;
  edges.count = count + 1;
}

/** The edges that leave each node, in the order in which they were added. */
export interface Graph {
  readonly nodes: number;
  readonly edges: Edges;
  /** Of node n: `leaving[offsets[n]]` up to `leaving[offsets[n + 1]]`. */
  readonly offsets: Int32Array;
  readonly leaving: Int32Array;
}

/** Only edges of the kinds in `kinds`, a sum of them. */
export function graphOf(edges: Edges, nodes: number, kinds: number): Graph {
  const offsets = new Int32Array(nodes + 1);
  const { count, from, kind } = edges;
  for (let edge = 0; edge < count; edge++) if ((kind[edge]! & kinds) !== 0) offsets[from[edge]! + 1]! += 1;
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  const leaving = new Int32Array(offsets[nodes]!);
  const next = offsets.slice();
  for (let edge = 0; edge < count; edge++) if ((kind[edge]! & kinds) !== 0) leaving[next[from[edge]!]!++] = edge;
  return { nodes, edges, offsets, leaving };
}
