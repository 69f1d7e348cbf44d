/** The shortest way around, within one component: what is shown to people has to be short. */
import { OVERWRITES, type Graph } from './edges.js';

/** Where to look. */
export interface Search {
  readonly graph: Graph;
  /** Nodes from this one on are barriers: they cost nothing to leave, and never appear. */
  readonly firstBarrier: number;
  /** By node, and the one to stay within. */
  readonly component: Int32Array;
  readonly within: number;
  /** The nodes of the component, without barriers. */
  readonly members: readonly number[];
  /** How many edges are looked at before the shortest so far has to do: the component of a hopeless history can be all of it. */
  readonly budget: number;
}

/** One node had to be before another one; `edge` leaves the first, and leads to the second or to the barriers before it. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
}

/** The shortest cycle; there is one, since it's a component. */
export function shortestCycle(search: Search): readonly Step[] {
  const ways = search.members.map((node) => ({ from: node, to: node }));
  return shortestOf(search, ways) ?? shortestWay(search, ways[0]!, Infinity, { left: Infinity })!;
}

/** The shortest cycle with exactly one rw edge, if there is one. */
export function shortestCycleWithOneOverwrite(search: Search): readonly Step[] | undefined {
  const { graph, component, within } = search;
  const { edges, offsets, leaving } = graph;
  const ways: Way[] = [];
  for (const node of search.members)
    for (let place = offsets[node]!; place < offsets[node + 1]!; place++) {
      const edge = leaving[place]!;
      const target = edges.to[edge]!;
      if (edges.kind[edge] === OVERWRITES && component[target] === within)
        ways.push({ from: target, to: node, closing: { from: node, to: target, edge } });
    }
  return shortestOf(search, ways);
}

/** A way to be found; `closing` is the one rw edge, which leads from its end to its beginning. */
interface Way {
  readonly from: number;
  readonly to: number;
  readonly closing?: Step;
}

/** Looks for short ones from everywhere before it looks for longer ones from anywhere. */
function shortestOf(search: Search, ways: readonly Way[]): readonly Step[] | undefined {
  const budget = { left: search.budget };
  let best: readonly Step[] | undefined;
  for (let limit = 2; limit < 4 * search.members.length; limit *= 2) {
    for (const way of ways) {
      const most = (best === undefined ? limit : best.length - 1) - (way.closing === undefined ? 0 : 1);
      const found = shortestWay(search, way, most, budget);
      if (found !== undefined) best = way.closing === undefined ? found : [...found, way.closing];
      // No cycle is shorter than two.
      if (best?.length === 2 || budget.left < 0) return best;
    }
    if (best !== undefined) return best;
  }
  return best;
}

/** By breadth: first all that is one step away. A barrier and what it leads to are one step. */
function shortestWay(search: Search, way: Way, most: number, budget: { left: number }): readonly Step[] | undefined {
  const { graph, firstBarrier, component, within } = search;
  const { from, to, closing } = way;
  const { edges, offsets, leaving } = graph;
  const reachedBy = new Map<number, number>();
  let level = [from];
  for (let steps = 0; steps < most && level.length > 0; steps++) {
    const following: number[] = [];
    const visit = (node: number, reached: number[]): boolean => {
      for (let place = offsets[node]!; place < offsets[node + 1]!; place++) {
        budget.left -= 1;
        const edge = leaving[place]!;
        const target = edges.to[edge]!;
        if (component[target] !== within || reachedBy.has(target) || (target === from && target !== to)) continue;
        if (closing !== undefined && edges.kind[edge] === OVERWRITES) continue;
        reachedBy.set(target, edge);
        if (target === to) return true;
        reached.push(target);
      }
      return false;
    };
    // Barriers that were reached by this step lead on within it, so they go before whatever takes another step.
    for (const node of level) if (visit(node, following)) return unwound(search, reachedBy, way);
    for (let index = 0; index < following.length; index++) {
      const node = following[index]!;
      if (node >= firstBarrier && visit(node, following)) return unwound(search, reachedBy, way);
    }
    level = following.filter((node) => node < firstBarrier);
  }
  return undefined;
}

/** The steps from `from` to `to`, over barriers. */
function unwound(
  { graph, firstBarrier }: Search,
  reachedBy: ReadonlyMap<number, number>,
  { from, to }: Way,
): readonly Step[] {
  const steps: Step[] = [];
  let target = to;
  do {
    let edge = reachedBy.get(target)!;
    let source = graph.edges.from[edge]!;
    while (source >= firstBarrier) {
      edge = reachedBy.get(source)!;
      source = graph.edges.from[edge]!;
    }
    steps.push({ from: source, to: target, edge });
    target = source;
  } while (target !== from);
  return steps.reverse();
}
