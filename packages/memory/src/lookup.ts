/**
 * Finding events by the ids that tie them together.
 *
 * Each index is built by the first who asks for it, and brought up to date by whoever asks next: appends, which would
 * pay for it with a third of their speed, never notice, and a store that nobody traces keeps none. The first question
 * to a store of a million events takes most of a second; the next ones are look-ups.
 */
import type { CommandId, EventId, RecordedEvent } from '@eventcore/core';
import type { Commit } from './commit.js';
import type { EventLog } from './event-log.js';

export class Lookup {
  readonly #log: EventLog;
  readonly #events = new Map<EventId, number>();
  #indexed = 0;
  readonly #correlations: CommitIndex;
  readonly #causations: CommitIndex;

  constructor(log: EventLog) {
    this.#log = log;
    this.#correlations = new CommitIndex(log, (commit) => commit.correlationId);
    this.#causations = new CommitIndex(log, (commit) => commit.causationId);
  }

  byEvent(id: EventId): RecordedEvent | undefined {
    for (; this.#indexed < this.#log.size; this.#indexed++)
      this.#events.set(this.#log.ids[this.#indexed]!, this.#indexed);
    const ordinal = this.#events.get(id);
    return ordinal === undefined ? undefined : this.#log.recordAt(ordinal);
  }

  byCommand(id: CommandId): readonly RecordedEvent[] {
    const commit = this.#log.commands.find(id);
    return commit === undefined ? [] : this.#recordsOf([commit]);
  }

  byCorrelation(id: string): readonly RecordedEvent[] {
    return this.#recordsOf(this.#correlations.get(id));
  }

  byCausation(id: string): readonly RecordedEvent[] {
    return this.#recordsOf(this.#causations.get(id));
  }

  #recordsOf(commits: readonly Commit[]): readonly RecordedEvent[] {
    const records: RecordedEvent[] = [];
    for (const { first, end } of commits) {
      for (let ordinal = first; ordinal < end; ordinal++) records.push(this.#log.recordAt(ordinal));
    }
    return records;
  }
}

/** Commits by one of their ids, in the order in which they were made. */
class CommitIndex {
  readonly #log: EventLog;
  readonly #key: (commit: Commit) => string;
  readonly #commits = new Map<string, Commit[]>();
  #indexed = 0;

  constructor(log: EventLog, key: (commit: Commit) => string) {
    this.#log = log;
    this.#key = key;
  }

  get(id: string): readonly Commit[] {
    while (this.#indexed < this.#log.size) {
      const commit = this.#log.commitAt(this.#indexed);
      const key = this.#key(commit);
      const commits = this.#commits.get(key);
      if (commits === undefined) this.#commits.set(key, [commit]);
      else commits.push(commit);
      this.#indexed = commit.end;
    }
    return this.#commits.get(id) ?? [];
  }
}
