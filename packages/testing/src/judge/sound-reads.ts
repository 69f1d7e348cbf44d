/**
 * Compares each decision's reads with the log. What passes is what the graph is made of: a read that is wrong in itself is
 * reported once, as that, and not again as a cycle that it leads to.
 */
import type { Happening } from './accounting.js';
import { digestOf } from './digest.js';
import type { Finding } from './finding.js';
import type { ReadOfStream } from './history.js';
import type { IndexedLog } from './indexed-log.js';

/** By read: who read, the slot of the last event that was read, and of the one behind it; -1 where there is none. */
export interface SoundReads {
  readonly count: number;
  readonly reader: Int32Array;
  readonly last: Int32Array;
  readonly next: Int32Array;
}

export function soundReads(happenings: readonly Happening[], log: IndexedLog, findings: Finding[]): SoundReads {
  let capacity = 0;
  for (const { reads } of happenings) capacity += reads.length;
  const reader = new Int32Array(capacity);
  const last = new Int32Array(capacity);
  const next = new Int32Array(capacity);
  let count = 0;
  const digests = digestsOf(log);
  const firstWritten = firstVersions(log);

  happenings.forEach((happening, number) => {
    const { reads, manifold, events } = happening;
    if (manifold) return;
    if (events.length > 0 && reads.length > 0) firstWritten.of(happening);
    for (const read of reads) {
      const stream = log.streamNumbers.get(read.stream);
      if (stream === undefined) {
        if (read.version !== 0) findings.push(neverReached(happening, read, 0));
        else if (isWrong(read.digest, 0)) findings.push(misread(happening, read));
        continue;
      }
      if (log.unreadable[stream] === 1) continue;
      const offset = log.offsets[stream]!;
      const length = log.offsets[stream + 1]! - offset;
      if (!Number.isInteger(read.version) || read.version < 0 || read.version > length) {
        findings.push(neverReached(happening, read, length));
        continue;
      }
      const slot = offset + read.version - 1;
      if (isWrong(read.digest, read.version === 0 ? 0 : digests(slot))) {
        findings.push(misread(happening, read));
        continue;
      }
      const first = events.length > 0 ? firstWritten.in(stream) : undefined;
      if (first !== undefined && first !== read.version + 1) {
        const overlooked = first > read.version ? happenings[log.effectOf[log.slots[slot + 1]!]!] : undefined;
        findings.push(lostUpdate(happening, read, first, overlooked));
        continue;
      }
      if (events.length === 0 && readItself(happening, stream, read.version, log)) {
        findings.push(ownEffect(happening, read));
        continue;
      }
      reader[count] = number;
      last[count] = read.version === 0 ? -1 : slot;
      next[count] = read.version === length ? -1 : slot + 1;
      count += 1;
    }
  });
  return { count, reader, last, next };
}

/** Whether an answer that wrote nothing rested on what was written under its own command id: it had been applied already. */
function readItself({ operation }: Happening, stream: number, version: number, log: IndexedLog): boolean {
  const effect = log.effectsById.get(operation.commandId);
  if (effect === undefined) return false;
  return effect.events.some((index) => log.streamOf[index] === stream && log.events[index]!.version <= version);
}

/** The digest of a stream up to a slot; undefined if an event on the way has no mark. */
function digestsOf(log: IndexedLog): (slot: number) => number | undefined {
  // Nobody records digests: don't allocate for them.
  if (!log.events.some(({ mark }) => mark !== undefined)) return () => undefined;
  const digests = new Float64Array(log.events.length);
  for (let stream = 0; stream < log.unreadable.length; stream++) {
    if (log.unreadable[stream] === 1) continue;
    let digest = 0;
    for (let slot = log.offsets[stream]!; slot < log.offsets[stream + 1]!; slot++) {
      const { mark } = log.events[log.slots[slot]!]!;
      digest = mark === undefined ? NaN : digestOf(digest, mark);
      digests[slot] = digest;
      if (Number.isNaN(digest)) {
        digests.fill(NaN, slot, log.offsets[stream + 1]);
        break;
      }
    }
  }
  return (slot) => (Number.isNaN(digests[slot]) ? undefined : digests[slot]);
}

function isWrong(read: number | undefined, logged: number | undefined): boolean {
  return read !== undefined && logged !== undefined && read !== logged;
}

/** The first version that one happening wrote in a stream: a table for all streams, filled for one happening at a time. */
function firstVersions(log: IndexedLog): {
  of: (happening: Happening) => void;
  in: (stream: number) => number | undefined;
} {
  const versions = new Float64Array(log.unreadable.length);
  const filledFor = new Int32Array(log.unreadable.length);
  let current = 0;
  return {
    of({ events }) {
      current += 1;
      for (const index of events) {
        const stream = log.streamOf[index]!;
        const { version } = log.events[index]!;
        if (filledFor[stream] === current && versions[stream]! < version) continue;
        filledFor[stream] = current;
        versions[stream] = version;
      }
    },
    in: (stream) => (filledFor[stream] === current ? versions[stream] : undefined),
  };
}

function neverReached(happening: Happening, { stream, version }: ReadOfStream, length: number): Finding {
  return {
    ...about('badRead', happening, stream),
    lines: ({ operation }) => [
      `${operation(happening.operation)} read ${stream} at version ${version}, which the log ${length === 0 ? 'does not hold at all' : `holds up to version ${length}`}`,
    ],
  };
}

function misread(happening: Happening, { stream, version }: ReadOfStream): Finding {
  return {
    ...about('badRead', happening, stream),
    lines: ({ operation }) => [
      version === 0
        ? `${operation(happening.operation)} folded events of ${stream}, which it took for one that does not exist`
        : `${operation(happening.operation)} read ${stream} at version ${version}, and folded other events than ${upTo(version)} in the log`,
    ],
  };
}

function lostUpdate(
  happening: Happening,
  { stream, version }: ReadOfStream,
  first: number,
  overlooked: Happening | undefined,
): Finding {
  const { operations, ...rest } = about('lostUpdate', happening, stream);
  return {
    ...rest,
    operations: overlooked === undefined ? operations : [...operations, overlooked.operation],
    lines: ({ operation }) => [
      `${operation(happening.operation)} read ${stream} at version ${version} and wrote version ${first}`,
      ...(overlooked === undefined ? [] : [`${operation(overlooked.operation)} wrote version ${version + 1}`]),
    ],
  };
}

function ownEffect(happening: Happening, { stream, version }: ReadOfStream): Finding {
  return {
    ...about('ownEffect', happening, stream),
    lines: ({ operation }) => [
      `${operation(happening.operation)} read ${stream} at version ${version}, which holds what was written under its own command id`,
    ],
  };
}

function about(kind: Finding['kind'], { operation }: Happening, stream: string): Omit<Finding, 'lines'> {
  return { kind, streams: [stream], operations: [operation], events: [] };
}

function upTo(version: number): string {
  return version === 1 ? 'the first' : `the first ${version}`;
}
