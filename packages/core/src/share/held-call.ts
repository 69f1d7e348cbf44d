/** A call that is decided under the store's locks, on what they hand over. */
import type { StreamId } from '../event/stream-id.js';
import type { HoldQuery, StreamPage } from '../store/event-store.js';
import type { Entry } from './entry.js';
import { WarmStreams, type FoldedStream } from './warm-streams.js';

export class HeldCall {
  readonly queries: readonly HoldQuery[];
  readonly #entries: readonly Entry[];
  readonly #warm: WarmStreams;
  /** What each stream was known as, and then what it is. Not there: it can't be decided on here. */
  readonly #streams = new Map<StreamId, FoldedStream>();

  constructor(entries: readonly Entry[], warm: WarmStreams) {
    this.#entries = entries;
    this.#warm = warm;
    const queries = new Map<StreamId, HoldQuery>();
    for (const { command } of entries) {
      for (const { id, type, mode } of command.streams) {
        if (!this.#streams.has(id)) this.#streams.set(id, warm.get(id, type) ?? WarmStreams.unread(type));
        const { version } = this.#streams.get(id)!;
        if (queries.get(id)?.mode !== 'write') queries.set(id, { stream: id, after: version, mode });
      }
    }
    this.queries = [...queries.values()];
  }

  /** Takes in what was handed over, and says whether somebody has written to a stream since it was last seen. */
  absorb(pages: readonly StreamPage[]): boolean {
    let moved = false;
    for (const [index, { stream, after }] of this.queries.entries()) {
      const { version, events } = pages[index]!;
      if (version > after) moved = true;
      this.#catchUp(stream, after + events.length === version ? events : undefined);
    }
    return moved;
  }

  #catchUp(stream: StreamId, missed: StreamPage['events'] | undefined): void {
    const known = this.#streams.get(stream)!;
    this.#streams.delete(stream);
    this.#warm.forget(stream);
    // Of a long one only the beginning is here: whoever needs it reads it.
    if (missed === undefined) return;
    try {
      const folded = this.#warm.fold(stream, known, missed);
      this.#streams.set(stream, folded);
      this.#warm.set(stream, folded);
    } catch {
      // A fold that fails fails the command that needs it, when it reads the stream.
    }
  }

  /**
   * Those that can be decided here, one on what the other leaves. Deciding runs code of the user's, by which one of them may be taken
   * back: then nothing may rest on it.
   */
  decide(): Entry[] {
    for (;;) {
      const ahead = new Map<StreamId, FoldedStream | undefined>(this.#streams);
      const decided = this.#entries.filter((entry) => !entry.withdrawn && this.#decideOn(entry, ahead));
      if (!decided.some(({ withdrawn }) => withdrawn)) return decided;
    }
  }

  #decideOn(entry: Entry, ahead: Map<StreamId, FoldedStream | undefined>): boolean {
    const basis: FoldedStream[] = [];
    for (const { id, type } of entry.command.streams) {
      const folded = ahead.get(id);
      if (folded?.type !== type) return false;
      basis.push(folded);
    }
    if (!entry.decideOn(basis, this.#warm)) return false;
    for (const [id, leaves] of entry.leaves) ahead.set(id, leaves);
    return true;
  }
}
