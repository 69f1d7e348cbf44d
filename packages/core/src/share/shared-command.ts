/** What a command has to be for its decision to be shared: something that can be asked, at any time and again, to decide. */
import type { StreamId } from '../event/stream-id.js';
import type { Append } from '../store/append.js';
import type { StreamTypeInternals } from '../stream/define-stream.js';
import type { FoldedStream } from './warm-streams.js';

/** A stream that the decision rests on. */
export interface NeededStream {
  readonly id: StreamId;
  readonly type: StreamTypeInternals;
  /** `write` if it may be written to. */
  readonly mode: 'write' | 'read';
}

/** What was read for it. */
export interface LoadedStreams {
  readonly streams: number;
  readonly events: number;
  readonly duration: number;
}

/** The call that it is sent with. */
export interface SharingCall {
  readonly held: boolean;
  /** How many appends there are in it. */
  readonly together: number;
  /** Whether it rests on one before it in that call. */
  readonly chained: boolean;
}

export interface SharedCommand {
  /** What it has in common with all commands of its kind. */
  readonly definition: object;
  readonly streams: readonly NeededStream[];
  /**
   * Decides on these streams, one for each of `streams`, in that order. Gives an append that expects their versions: with the
   * events that were decided, or without any for a rejection or where there is nothing to do, so that what it rests on is
   * verified. Undefined for a command that can't be decided at once; it is given back. Never throws.
   */
  decide(basis: readonly FoldedStream[]): Append | undefined;
  /** Streams that weren't warm were read. */
  read(seen: LoadedStreams): void;
  /** What was decided last is about to be sent: from now on it may be applied. */
  sending(call: SharingCall): void;
  /** The append that was decided last was certainly not applied, and is decided again, or given back. */
  takenBack(): void;
  /** The answer was lost; the same call is sent again. */
  doubted(cause: unknown): void;
}
