/**
 * What is known of a run: what was sent and how it ended, what the store holds, and what consumers were given.
 * Recorded by `recordHistory` and by the simulator, or written by any other harness; judged by `checkHistory`.
 */

/** Versions that a decision rested on. */
export interface ReadOfStream {
  readonly stream: string;
  /** How many of the stream's events were folded; 0: it didn't exist. */
  readonly version: number;
  /** The rolling digest (`digestOf`) of the events that were folded, if the recorder knows it. */
  readonly digest?: number;
}

/** One append that was sent to the store: the decision behind it. A command that was retried has sent several. */
export interface SentAppend {
  readonly reads: readonly ReadOfStream[];
  /** The ids of the events, in their order. */
  readonly events: readonly string[];
}

/** One call of `execute` by one process. The same command id may be sent by several operations. */
export interface Operation {
  /** Who sent it. A process does one thing at a time; one that crashed comes back under another name. */
  readonly process: string;
  readonly commandId: string;
  /** The command's name, for reading. */
  readonly name: string;
  /** When it was invoked, and when its end was known: numbers of one clock, all different. No `completed`: nobody ever heard (a crash). */
  readonly invoked: number;
  readonly completed?: number;
  /**
   * `ok`: a receipt. `rejected`: a business rule, and nothing written by this call. `failed`: certainly nothing was written
   * by this call. `unknown`: it may have been applied, or may yet be.
   */
  readonly end: 'ok' | 'rejected' | 'failed' | 'unknown';
  /** What the answer rested on, if it was a rejection or an empty receipt. */
  readonly reads: readonly ReadOfStream[];
  /** Streams among those reads that somebody looked at to make the command, and that it doesn't read itself: nobody checks them. */
  readonly beforehand?: readonly string[];
  /** All appends with events that it sent, in their order. */
  readonly sent: readonly SentAppend[];
  /** For `ok`: the ids of the events of its receipt. */
  readonly acknowledged: readonly string[];
}

export interface LoggedEvent {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly position: string;
  readonly commandId: string;
  readonly type: string;
  /** What a fold's digest takes of this event (see `digestOf`); left out where nobody records digests. */
  readonly mark?: string;
}

/** What one consumer was given, in that order. */
export interface Feed {
  readonly name: string;
  /** Ids of events. */
  readonly events: readonly string[];
  /** Ids of the events that it should have been given by now; left out: the whole log. For filtered feeds and those that were stopped early. */
  readonly expected?: readonly string[];
}

export interface History {
  /** In any order. */
  readonly operations: readonly Operation[];
  /** The events in the store when all was over, in the order of their positions. */
  readonly log: readonly LoggedEvent[];
  readonly feeds?: readonly Feed[];
}
