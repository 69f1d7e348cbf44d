import type { CausationNode } from '../../../src/api/messages.js';

/** How much a tree holds. */
export function countOf(nodes: readonly CausationNode[]): { commands: number; events: number; streams: number } {
  const all = flatten(nodes);
  const events = all.flatMap((node) => node.events);
  return { commands: all.length, events: events.length, streams: new Set(events.map(({ stream }) => stream)).size };
}

const flatten = (nodes: readonly CausationNode[]): CausationNode[] =>
  nodes.flatMap((node) => [node, ...flatten(node.led)]);
