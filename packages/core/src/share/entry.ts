/** A command in the conductor's hands: what it was decided on, and what it leaves behind if it is applied. */
import type { Version } from '../event/position.js';
import type { StreamId } from '../event/stream-id.js';
import type { Append } from '../store/append.js';
import type { Outcome } from '../store/outcome.js';
import type { SharedCommand } from './shared-command.js';
import type { FoldedStream, WarmStreams } from './warm-streams.js';

/**
 * How a shared command ends: with an answer to its append; with an error of the store's, by which nothing was sent; or given back,
 * to be executed by itself.
 */
export type SharedEnd =
  | { readonly kind: 'answered'; readonly append: Append; readonly outcome: Outcome }
  | { readonly kind: 'unsent'; readonly error: unknown }
  | { readonly kind: 'givenBack' };

export class Entry {
  readonly command: SharedCommand;
  readonly end: (end: SharedEnd) => void;
  /** Something else than the store or the command has thrown, such as a fold. */
  readonly fail: (error: unknown) => void;
  /** Decided last. */
  append: Append | undefined;
  /**
   * The streams that it writes, as it leaves them; undefined for one that can't be foretold, so that nobody can be decided on it.
   */
  readonly leaves = new Map<StreamId, FoldedStream | undefined>();
  /** Nobody waits for it any more. */
  withdrawn = false;

  constructor(command: SharedCommand, end: (end: SharedEnd) => void, fail: (error: unknown) => void) {
    this.command = command;
    this.end = end;
    this.fail = fail;
  }

  giveBack(): void {
    this.command.takenBack();
    this.end({ kind: 'givenBack' });
  }

  /** Decides, and foretells what follows from that. Says whether it could. */
  decideOn(basis: readonly FoldedStream[], warm: WarmStreams): boolean {
    this.append = this.command.decide(basis);
    this.leaves.clear();
    if (this.append === undefined) return false;
    for (const { stream } of this.append.events) this.leaves.set(stream, undefined);
    for (const id of this.leaves.keys()) {
      const events = this.append.events.filter(({ stream }) => stream === id);
      const known = basis[this.command.streams.findIndex((needed) => needed.id === id)];
      try {
        if (known !== undefined) this.leaves.set(id, warm.fold(id, known, events));
      } catch {
        // A fold that fails on it fails whoever reads the stream. Nothing is foretold of it.
      }
    }
    return true;
  }
}

/** The versions that a call's appends expect, by what each rests on: committed history, or an earlier append of the call. */
export function chained(entries: readonly Entry[]): Append[] {
  const lastWriter = new Map<StreamId, number>();
  return entries.map(({ append }, index) => {
    let expected = append!.expected;
    for (const [id] of append!.expected) {
      const after = lastWriter.get(id);
      if (after === undefined) continue;
      if (expected === append!.expected) expected = new Map(expected);
      (expected as Map<StreamId, Version | { readonly after: number }>).set(id, { after });
    }
    for (const { stream } of append!.events) lastWriter.set(stream, index);
    return expected === append!.expected ? append! : { ...append!, expected };
  });
}
