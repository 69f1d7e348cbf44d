/**
 * The steps of an execution. The executor is a machine that asks for one step at a time and is given the answer: it never
 * awaits, looks at no clock and talks to no store. `execute` performs the steps on a real store; a simulator performs them
 * in any order that a seed tells.
 */
import type { SharedEnd } from '../share/entry.js';
import type { SharedCommand } from '../share/shared-command.js';
import type { Append } from '../store/append.js';
import type { HoldQuery, ReadRequest, ReadResult, StreamPage } from '../store/event-store.js';
import type { Outcome } from '../store/outcome.js';

export type Step =
  | { readonly kind: 'read'; readonly request: ReadRequest }
  /** `until`: the moment, in milliseconds since the epoch, after which the answer isn't waited for. */
  | { readonly kind: 'append'; readonly append: Append; readonly until?: number }
  | {
      readonly kind: 'hold';
      readonly queries: readonly HoldQuery[];
      readonly decide: (pages: readonly StreamPage[]) => readonly Append[];
    }
  /** Decides and appends together with others: see the room `share`. */
  | { readonly kind: 'share'; readonly command: SharedCommand }
  | { readonly kind: 'sleep'; readonly milliseconds: number }
  /** Waits for an asynchronous `handle`. */
  | { readonly kind: 'wait'; readonly promise: Promise<unknown> };

/** What each kind of step is answered with; or an error is thrown into the machine. */
export interface Answers {
  readonly read: ReadResult;
  readonly append: Outcome;
  readonly hold: readonly Outcome[];
  readonly share: SharedEnd;
  readonly sleep: undefined;
  readonly wait: unknown;
}

/** A machine that gives a `Result` in the end. */
export type Steps<Result> = Generator<Step, Result, Answers[keyof Answers]>;

/**
 * Thrown into the machine when the caller's signal or deadline ends the waiting. `sent` tells whether the step had been
 * handed to the store by then.
 */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly reason: 'signal' | 'deadline';
  readonly sent: boolean;

  constructor(reason: 'signal' | 'deadline', sent: boolean, cause?: unknown) {
    super(`The ${reason} ended the waiting.`, { cause });
    this.reason = reason;
    this.sent = sent;
  }
}

/**
 * What the store threw at a read. The same stretch of the machine runs the command's own code: `discover`, folds, upcasters.
 * Which of the two an error came from decides whether it is tried again, and its looks don't tell: a user's error may well
 * say that it is `retriable`.
 */
export class ReadFailed extends Error {
  override readonly name = 'ReadFailed';

  constructor(cause: unknown) {
    super('The store failed to read.', { cause });
  }
}
