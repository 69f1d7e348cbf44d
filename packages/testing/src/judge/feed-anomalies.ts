/** Compares what consumers were given with the log, and every order with cause. */
import type { Finding } from './finding.js';
import type { Feed } from './history.js';
import type { Happening } from './accounting.js';
import type { IndexedLog } from './indexed-log.js';
import type { SoundReads } from './sound-reads.js';

export function findFeedAnomalies(
  feed: Feed,
  happenings: readonly Happening[],
  reads: SoundReads,
  log: IndexedLog,
  findings: Finding[],
): void {
  const { events, indexById, effectOf, streamOf } = log;
  // By place in the log: when it was given first, or -1.
  const given = new Int32Array(events.length).fill(-1);
  const foreign: string[] = [];
  const repeated: string[] = [];
  const disordered: string[] = [];
  const torn: string[] = [];
  const versions = new Float64Array(log.unreadable.length);
  const ended = new Uint8Array(log.effects.length);
  let highest = -1;
  let current = -1;
  feed.events.forEach((id, time) => {
    const index = indexById.get(id);
    if (index === undefined) {
      foreign.push(id);
      return;
    }
    if (given[index] !== -1) {
      repeated.push(id);
      return;
    }
    given[index] = time;
    const { version } = events[index]!;
    const stream = streamOf[index]!;
    if (index < highest || version <= versions[stream]!) disordered.push(id);
    highest = Math.max(highest, index);
    versions[stream] = Math.max(versions[stream]!, version);
    const effect = effectOf[index]!;
    if (effect === current) return;
    if (ended[effect] === 1) torn.push(id);
    if (current !== -1) ended[current] = 1;
    current = effect;
  });

  const missing: string[] = [];
  const skipped: string[] = [];
  const expect = (id: string): void => {
    const index = indexById.get(id);
    if (index === undefined || (given[index] === -1 && index > highest)) missing.push(id);
    else if (given[index] === -1) skipped.push(id);
  };
  if (feed.expected === undefined) for (const { id } of events) expect(id);
  else feed.expected.forEach(expect);

  const report = (kind: Finding['kind'], ids: readonly string[]): void => {
    if (ids.length === 0) return;
    const streams = ids.flatMap((id) => events[indexById.get(id) ?? -1]?.stream ?? []);
    findings.push({
      kind,
      feed: feed.name,
      streams: [...new Set(streams)],
      operations: [],
      events: ids,
      lines: ({ event }) => ids.map(event),
    });
  };
  report('foreign', foreign);
  report('repeated', repeated);
  report('disordered', disordered);
  report('torn', torn);
  report('skipped', skipped);
  report('missing', missing);
  findCauseAfterEffect(given, happenings, reads, log, findings, feed.name);
}

/**
 * No event comes before one that its command had read. It's enough to compare neighbours in this relation: of a longer
 * chain that is turned round, one link is, unless a feed leaves that one out; and then it's not in the order of the log.
 *
 * @param given by place in the log: when it came, or -1
 */
export function findCauseAfterEffect(
  given: Int32Array,
  happenings: readonly Happening[],
  reads: SoundReads,
  log: IndexedLog,
  findings: Finding[],
  feed?: string,
): void {
  const { offsets, slots, unreadable, events } = log;
  // By slot: which of the stream's events up to here came last. What never came came before everything.
  const latest = new Int32Array(events.length).fill(-1);
  for (let stream = 0; stream < unreadable.length; stream++) {
    if (unreadable[stream] === 1) continue;
    let last = -1;
    for (let slot = offsets[stream]!; slot < offsets[stream + 1]!; slot++) {
      const index = slots[slot]!;
      if (last === -1 || given[index]! > given[last]!) last = index;
      latest[slot] = last;
    }
  }
  for (let read = 0; read < reads.count; read++) {
    const slot = reads.last[read]!;
    const cause = slot === -1 ? -1 : latest[slot]!;
    if (cause === -1) continue;
    const { events: own, operation } = happenings[reads.reader[read]!]!;
    const effect = own.find((index) => given[index] !== -1 && given[index]! < given[cause]!);
    if (effect === undefined) continue;
    const [early, late] = [events[effect]!, events[cause]!];
    findings.push({
      kind: 'causality',
      ...(feed === undefined ? {} : { feed }),
      streams: [...new Set([early.stream, late.stream])],
      operations: [operation],
      events: [early.id, late.id],
      lines: (names) => [
        `${names.event(early.id)} comes before ${names.event(late.id)}, which ${names.operation(operation)} had read when it wrote it`,
      ],
    });
  }
}
