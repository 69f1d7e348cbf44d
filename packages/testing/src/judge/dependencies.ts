/**
 * Who depends on whom: whoever wrote a version comes before whoever wrote the next one (ww) and whoever read it (wr), and
 * whoever read it comes before whoever wrote the next one (rw). The rest follows, along each stream.
 */
import type { Happening } from './accounting.js';
import { addEdge, OVERWRITES, READS, WRITES, type Edges } from './edges.js';
import type { IndexedLog } from './indexed-log.js';
import type { SoundReads } from './sound-reads.js';

export function addDependencies(
  edges: Edges,
  happenings: readonly Happening[],
  reads: SoundReads,
  log: IndexedLog,
): void {
  const { slots, offsets, effectOf, unreadable } = log;
  // What was applied more than once has no place in an order.
  const placed = (number: number): boolean => !happenings[number]!.manifold;
  for (let stream = 0; stream < unreadable.length; stream++) {
    if (unreadable[stream] === 1) continue;
    for (let slot = offsets[stream]! + 1; slot < offsets[stream + 1]!; slot++) {
      const before = effectOf[slots[slot - 1]!]!;
      const writer = effectOf[slots[slot]!]!;
      if (before !== writer && placed(before) && placed(writer)) addEdge(edges, before, writer, WRITES, slot);
    }
  }
  for (let read = 0; read < reads.count; read++) {
    const reader = reads.reader[read]!;
    const last = reads.last[read]!;
    if (last === -1) continue;
    const writer = effectOf[slots[last]!]!;
    if (writer !== reader && placed(writer)) addEdge(edges, writer, reader, READS, last);
  }
  for (let read = 0; read < reads.count; read++) {
    const reader = reads.reader[read]!;
    const next = reads.next[read]!;
    if (next === -1) continue;
    const writer = effectOf[slots[next]!]!;
    if (writer !== reader && placed(writer)) addEdge(edges, reader, writer, OVERWRITES, next);
  }
}

/** How many edges there can be. */
export function mostDependencies(reads: SoundReads, log: IndexedLog): number {
  return log.events.length + 2 * reads.count;
}
