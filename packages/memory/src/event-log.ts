/**
 * What the store knows: every event in the order of the positions, every stream, every command.
 *
 * An event is a row across columns, found by its *ordinal*, its place in the whole log counted from 0, and not an
 * object of its own. That saves 60 bytes and an object for each of them, which the garbage collector would move twice
 * while it is young: a good part of what an append costs. What the events of a command have in common is kept once, as
 * their commit.
 */
import type { EventId, Position, RecordedEvent, StreamId, Version } from '@eventcore/core';
import {
  numbersOfPosition,
  sequencePosition,
  type Append,
  type Fingerprint,
  type LeanEvent,
} from '@eventcore/core/store';
import { CommandIndex } from './command-index.js';
import type { Commit } from './commit.js';
import { NumberColumn } from './number-column.js';

export interface StreamLog {
  readonly id: StreamId;
  readonly number: number;
  /** Its events as a fold wants them, so that a page is a mere slice. The event of version v stands at v - 1. */
  readonly events: LeanEvent[];
  /** Where each of them stands in the whole log. */
  readonly ordinals: number[];
  /** The call of `append` that moved it last, the version that it had before, and which of the call's appends it was. */
  movedInCall: number;
  versionBeforeCall: number;
  movedByAppend: number;
}

/** Where in a call of `append` something happens. Calls are numbered, so that nobody has to tidy up after one. */
export interface CallSite {
  readonly call: number;
  readonly index: number;
}

const ANY_FINGERPRINT: Fingerprint = Object.freeze({ any: true });

export class EventLog {
  readonly streams = new Map<StreamId, StreamLog>();
  /** The streams in the order in which they came into being. */
  readonly streamsByNumber: StreamLog[] = [];
  readonly commands = new CommandIndex();

  // The columns, by ordinal.
  readonly ids: EventId[] = [];
  readonly #streamOf = new NumberColumn();
  readonly #versionOf = new NumberColumn();
  readonly #commitOf = new NumberColumn();

  #calls = 0;

  /** How many events there are. */
  get size(): number {
    return this.ids.length;
  }

  /** A number for a call of `append`. */
  nextCall(): number {
    return ++this.#calls;
  }

  /** Writes a command's events. It was judged before; nothing is checked here. */
  record(append: Append, recordedAt: string, site: CallSite): Commit {
    const { events } = append;
    const first = this.size;
    const commit: Commit = {
      sequence: this.commands.size + 1,
      commandId: append.commandId,
      fingerprint: typeof append.fingerprint === 'string' ? append.fingerprint : ANY_FINGERPRINT,
      correlationId: append.correlationId,
      causationId: append.causationId,
      // All its events, and so all their readers, share it.
      metadata: Object.freeze(append.metadata),
      recordedAt,
      first,
      end: first + events.length,
    };
    this.commands.add(commit);
    for (const { id, stream: streamId, type, schemaVersion, data } of events) {
      const stream = this.streams.get(streamId) ?? this.#openStream(streamId);
      markMoved(stream, site);
      stream.ordinals.push(this.size);
      const version = stream.events.push(Object.freeze({ type, schemaVersion, data }));
      this.ids.push(id);
      this.#streamOf.push(stream.number);
      this.#versionOf.push(version);
      this.#commitOf.push(commit.sequence - 1);
    }
    return commit;
  }

  commitAt(ordinal: number): Commit {
    return this.commands.commits[this.#commitOf.at(ordinal)]!;
  }

  streamAt(ordinal: number): StreamLog {
    return this.streamsByNumber[this.#streamOf.at(ordinal)]!;
  }

  versionAt(ordinal: number): Version {
    return this.#versionOf.at(ordinal) as Version;
  }

  leanAt(ordinal: number): LeanEvent {
    return this.streamAt(ordinal).events[this.versionAt(ordinal) - 1]!;
  }

  positionAt(ordinal: number): Position {
    const { sequence, first } = this.commitAt(ordinal);
    return sequencePosition(sequence, ordinal - first);
  }

  /** The whole record of an event. */
  recordAt(ordinal: number): RecordedEvent {
    const commit = this.commitAt(ordinal);
    const { type, schemaVersion, data } = this.leanAt(ordinal);
    return Object.freeze({
      id: this.ids[ordinal]!,
      stream: this.streamAt(ordinal).id,
      version: this.versionAt(ordinal),
      position: this.positionAt(ordinal),
      type,
      schemaVersion,
      data,
      recordedAt: commit.recordedAt,
      commandId: commit.commandId,
      correlationId: commit.correlationId,
      causationId: commit.causationId,
      metadata: commit.metadata,
    });
  }

  /** The ordinal of the first event after a position, of an event or not. @throws `ValidationError` for what is none of ours. */
  firstAfter(position: Position): number {
    numbersOfPosition(position);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positionAt(middle) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #openStream(id: StreamId): StreamLog {
    const number = this.streamsByNumber.length;
    const stream = { id, number, events: [], ordinals: [], movedInCall: 0, versionBeforeCall: 0, movedByAppend: 0 };
    this.streams.set(id, stream);
    this.streamsByNumber.push(stream);
    return stream;
  }
}

function markMoved(stream: StreamLog, { call, index }: CallSite): void {
  if (stream.movedInCall !== call) {
    stream.movedInCall = call;
    stream.versionBeforeCall = stream.events.length;
  }
  stream.movedByAppend = index;
}
