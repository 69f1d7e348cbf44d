/**
 * The log by numbers: streams, events and commands are counted once, and everything after that is arrays. Checks the
 * structure of the log on the way.
 */
import type { Finding } from './finding.js';
import type { LoggedEvent, Operation } from './history.js';
import { nameOfEvent } from './names.js';

export interface IndexedLog {
  readonly events: readonly LoggedEvent[];
  /** The place of an event in the log, by its id; of one that is there twice, the first. */
  readonly indexById: ReadonlyMap<string, number>;
  readonly streamNumbers: ReadonlyMap<string, number>;
  /** By place in the log. */
  readonly streamOf: Int32Array;
  /** By place in the log: the number of the command's effect. */
  readonly effectOf: Int32Array;
  readonly effects: readonly Effect[];
  readonly effectsById: ReadonlyMap<string, Effect>;
  /** Version v of stream s is in slot `offsets[s] + v - 1`. */
  readonly offsets: Int32Array;
  /** By slot: the place in the log. */
  readonly slots: Int32Array;
  /** By stream: 1 if its versions aren't the numbers 1 to n in any order, so that nothing can be told of them. */
  readonly unreadable: Uint8Array;
}

/** All that the log holds of one command id. */
export interface Effect {
  readonly number: number;
  readonly commandId: string;
  /** Places in the log, ascending. */
  readonly events: number[];
  /** All operations of this id. */
  readonly operations: Operation[];
}

export function indexLog(events: readonly LoggedEvent[], findings: Finding[]): IndexedLog {
  const indexById = new Map<string, number>();
  const streamNumbers = new Map<string, number>();
  const effectsById = new Map<string, Effect>();
  const effects: Effect[] = [];
  const streamOf = new Int32Array(events.length);
  const effectOf = new Int32Array(events.length);
  const lengths: number[] = [];

  events.forEach((event, index) => {
    let stream = streamNumbers.get(event.stream);
    if (stream === undefined) {
      stream = streamNumbers.size;
      streamNumbers.set(event.stream, stream);
      lengths.push(0);
    }
    streamOf[index] = stream;
    lengths[stream]! += 1;

    let effect = effectsById.get(event.commandId);
    if (effect === undefined) {
      effect = { number: effects.length, commandId: event.commandId, events: [], operations: [] };
      effectsById.set(event.commandId, effect);
      effects.push(effect);
    }
    effect.events.push(index);
    effectOf[index] = effect.number;

    const same = indexById.get(event.id);
    if (same === undefined) indexById.set(event.id, index);
    // Within a command it is an append that was applied twice, which accounting reports.
    else if (events[same]!.commandId !== event.commandId) findings.push(repeated(events[same]!, event));
  });

  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, stream) => (offsets[stream + 1] = offsets[stream]! + length));
  const { slots, unreadable } = number(events, streamOf, offsets, findings);
  checkPositions(events, findings);
  return { events, indexById, streamNumbers, streamOf, effectOf, effects, effectsById, offsets, slots, unreadable };
}

function number(
  events: readonly LoggedEvent[],
  streamOf: Int32Array,
  offsets: Int32Array,
  findings: Finding[],
): Pick<IndexedLog, 'slots' | 'unreadable'> {
  const slots = new Int32Array(events.length).fill(-1);
  const unreadable = new Uint8Array(offsets.length - 1);
  const counted = new Int32Array(offsets.length - 1);
  const reported = new Uint8Array(offsets.length - 1);
  events.forEach((event, index) => {
    const stream = streamOf[index]!;
    const due = (counted[stream]! += 1);
    if (event.version !== due && reported[stream] === 0) {
      reported[stream] = 1;
      findings.push(misnumbered(event, due));
    }
    const slot = offsets[stream]! + event.version - 1;
    const isOne = Number.isInteger(event.version) && event.version >= 1 && slot < offsets[stream + 1]!;
    if (!isOne || slots[slot] !== -1) unreadable[stream] = 1;
    else slots[slot] = index;
  });
  return { slots, unreadable };
}

function checkPositions(events: readonly LoggedEvent[], findings: Finding[]): void {
  for (let index = 1; index < events.length; index++) {
    const [before, event] = [events[index - 1]!, events[index]!];
    if (before.position < event.position) continue;
    findings.push({
      kind: 'disordered',
      streams: [...new Set([before.stream, event.stream])],
      operations: [],
      events: [before.id, event.id],
      lines: () => [
        `${nameOfEvent(event)} at position "${event.position}" stands behind ${nameOfEvent(before)} at "${before.position}"`,
      ],
    });
  }
}

function misnumbered(event: LoggedEvent, due: number): Finding {
  return {
    kind: 'misnumbered',
    streams: [event.stream],
    operations: [],
    events: [event.id],
    lines: () => [`${nameOfEvent(event)} stands where version ${due} is due`],
  };
}

function repeated(first: LoggedEvent, second: LoggedEvent): Finding {
  return {
    kind: 'repeated',
    streams: [...new Set([first.stream, second.stream])],
    operations: [],
    events: [first.id],
    lines: ({ id }) => [`${nameOfEvent(first)} and ${nameOfEvent(second)} are both event ${id(first.id)}`],
  };
}
