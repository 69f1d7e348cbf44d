/**
 * Looks for what no order of the commands explains: cycles in the graph of what had to be before what. The names are those
 * of Elle; each cycle gets the strongest, which is the one that needs the fewest kinds of edges.
 */
import type { Happening } from './accounting.js';
import type { OrderAnomaly } from './anomaly.js';
import { componentsOf, type Components } from './components.js';
import { addDependencies, mostDependencies } from './dependencies.js';
import { addEdge, edgesFor, graphOf, OVERWRITES, PROCESS, READS, REALTIME, WRITES, type Edges } from './edges.js';
import type { Finding, Link } from './finding.js';
import type { Operation } from './history.js';
import type { IndexedLog } from './indexed-log.js';
import { addPrecedence, mostPrecedences, type Moment } from './precedence.js';
import { shortestCycle, shortestCycleWithOneOverwrite, type Search, type Step } from './shortest-cycle.js';
import type { SoundReads } from './sound-reads.js';

/** Gives the number of edges. */
export function findOrderAnomalies(
  happenings: readonly Happening[],
  reads: SoundReads,
  log: IndexedLog,
  findings: Finding[],
): number {
  const begins: Moment[] = [];
  const ends: Moment[] = [];
  happenings.forEach(({ invoked, completed }, node) => {
    begins.push({ node, time: invoked });
    ends.push({ node, time: completed });
  });
  const most = mostPrecedences(begins.length, ends.length);
  const edges = edgesFor(mostDependencies(reads, log) + most.edges);
  addDependencies(edges, happenings, reads, log);
  const nodes = addPrecedence(edges, begins, ends, REALTIME, happenings.length);

  // All kinds at once: if there is no cycle now, there is none with fewer. Nearly always this is the end of it.
  const all = componentsOf(graphOf(edges, nodes, DEPENDENCIES | REALTIME));
  if (all.count > 0) nameCycles(happenings, log, edges, all, findings);
  return edges.count;
}

const DEPENDENCIES = WRITES | READS | OVERWRITES;

/** Well below a second. */
const BUDGET = 20_000_000;

/** From the strongest to the weakest; each level adds one kind of precedence to all three. */
const LEVELS = [
  { precedence: 0, suffix: '' },
  { precedence: PROCESS, suffix: '-process' },
  { precedence: REALTIME, suffix: '-realtime' },
] as const;

function nameCycles(
  happenings: readonly Happening[],
  log: IndexedLog,
  all: Edges,
  suspects: Components,
  findings: Finding[],
): void {
  const { edges, nodes } = edgesAmong(happenings, all, suspects);
  const explained = new Uint8Array(happenings.length);
  const report = (kind: Finding['kind'], cycle: readonly Step[]): void => {
    const links = cycle.map((step) => linkOf(step, happenings, log, edges));
    const about = cycle.map(({ edge }) => edges.slot[edge]!).filter((slot) => slot !== -1);
    const events = about.map((slot) => log.events[log.slots[slot]!]!);
    findings.push({
      kind,
      streams: [...new Set(events.map(({ stream }) => stream))],
      operations: links.map(({ from }) => from),
      events: [...new Set(events.map(({ id }) => id))],
      cycle: links,
      lines: () => [],
    });
  };
  const find = (kinds: number, name: (search: Search) => readonly [OrderAnomaly, readonly Step[]], suffix: string) => {
    const graph = graphOf(edges, nodes, kinds);
    const { of: component } = componentsOf(graph);
    for (const [within, members] of membersOf(component, happenings.length)) {
      // What contains a stronger one says nothing new.
      if (members.some((node) => explained[node] === 1)) continue;
      const [kind, cycle] = name({
        graph,
        firstBarrier: happenings.length,
        component,
        within,
        members,
        budget: BUDGET,
      });
      report(`${kind}${suffix}` as Finding['kind'], cycle);
      for (const node of members) explained[node] = 1;
    }
  };
  for (const { precedence, suffix } of LEVELS) {
    find(WRITES | precedence, (search) => ['G0', shortestCycle(search)], suffix);
    find(WRITES | READS | precedence, (search) => ['G1c', shortestCycle(search)], suffix);
    find(
      DEPENDENCIES | precedence,
      (search) => {
        const single = shortestCycleWithOneOverwrite(search);
        return single === undefined ? ['G2-item', shortestCycle(search)] : ['G-single', single];
      },
      suffix,
    );
  }
}

/** The graph again, of nodes that are on a cycle alone, and with the order of processes. */
function edgesAmong(
  happenings: readonly Happening[],
  all: Edges,
  { of: component }: Components,
): { readonly edges: Edges; readonly nodes: number } {
  const begins: Moment[] = [];
  const ends: Moment[] = [];
  const processes = new Map<string, { readonly begins: Moment[]; readonly ends: Moment[] }>();
  let moments = 0;
  happenings.forEach((happening, node) => {
    if (component[node] === -1) return;
    const { invoked, completed } = happening;
    begins.push({ node, time: invoked });
    ends.push({ node, time: completed });
    for (const operation of happening.operations) {
      let process = processes.get(operation.process);
      if (process === undefined) processes.set(operation.process, (process = { begins: [], ends: [] }));
      moments += 1;
      // Sent by several, it may have been at work since the first of them.
      process.begins.push({ node, time: invoked });
      if (isTold(operation, happening)) process.ends.push({ node, time: operation.completed ?? Infinity });
    }
  });
  const most = mostPrecedences(begins.length + moments, ends.length + moments);
  const edges = edgesFor(all.count + most.edges);
  for (let edge = 0; edge < all.count; edge++) {
    const from = all.from[edge]!;
    const to = all.to[edge]!;
    if ((all.kind[edge]! & DEPENDENCIES) !== 0 && component[from] !== -1 && component[from] === component[to])
      addEdge(edges, from, to, all.kind[edge]!, all.slot[edge]!);
  }
  let nodes = happenings.length;
  for (const process of processes.values()) nodes = addPrecedence(edges, process.begins, process.ends, PROCESS, nodes);
  return { edges, nodes: addPrecedence(edges, begins, ends, REALTIME, nodes) };
}

/** Whether the end of this operation says that it has happened. */
function isTold(operation: Operation, { events }: Happening): boolean {
  return events.length === 0 || (operation.end === 'ok' && operation.acknowledged.length > 0);
}

function membersOf(component: Int32Array, happenings: number): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (let node = 0; node < happenings; node++) {
    const within = component[node]!;
    if (within === -1) continue;
    const known = members.get(within);
    if (known === undefined) members.set(within, [node]);
    else known.push(node);
  }
  return members;
}

function linkOf({ from, to, edge }: Step, happenings: readonly Happening[], log: IndexedLog, edges: Edges): Link {
  const one = happenings[from]!.operation;
  const other = happenings[to]!.operation;
  const slot = edges.slot[edge]!;
  const { stream, version } = slot === -1 ? { stream: '', version: 0 } : log.events[log.slots[slot]!]!;
  const kind = edges.kind[edge]!;
  return {
    from: one,
    to: other,
    because: (names) => {
      const [a, b] = [names.operation(one), names.operation(other)];
      switch (kind) {
        case WRITES:
          return `${a} wrote ${stream} version ${version - 1}, and ${b} wrote version ${version} on top of it`;
        case READS:
          return `${a} wrote ${stream} version ${version}, which ${b} ${looked(other, stream).replace('looked beforehand at', 'looked at beforehand')}`;
        case OVERWRITES:
          return version === 1
            ? `${a} ${looked(one, stream)} ${stream} when it did not exist, and ${b} brought it into being (version 1)`
            : `${a} ${looked(one, stream)} ${stream} at version ${version - 1}, which ${b} overwrote (version ${version})`;
        case PROCESS:
          return `${a} had ended before ${b} began, in the same process`;
        default:
          return `${a} had ended before ${b} began`;
      }
    },
  };
}

/** How a command came to know a stream. */
function looked({ beforehand = [] }: Operation, stream: string): string {
  return beforehand.includes(stream) ? 'had looked beforehand at' : 'read';
}
