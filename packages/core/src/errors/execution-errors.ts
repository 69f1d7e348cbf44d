/** How an execution can end without a receipt and without a rule that says no. */
import {
  belongsToFamily,
  EventCoreError,
  nameError,
  type ErrorContext,
  type ErrorOptions,
} from './event-core-error.js';

/** A stream that had moved, or wasn't as expected, when a command's events were to be appended. */
export interface StaleStream {
  readonly stream: string;
  readonly reason: 'stale' | 'moved' | 'chain';
  /** The version that the command was decided on. */
  readonly expected: number | 'any' | { readonly after: number };
  /** The committed version that the store found. */
  readonly actual: number;
}

/** What a store found stale, for callers and observers: a frozen copy, without the events that the store may have added. */
export function staleStreams(stale: readonly StaleStream[]): readonly StaleStream[] {
  return Object.freeze(
    stale.map(({ stream, reason, expected, actual }) =>
      Object.freeze({
        stream,
        reason,
        expected: typeof expected === 'object' ? Object.freeze({ after: expected.after }) : expected,
        actual,
      }),
    ),
  );
}

/** Other commands moved streams that this one was decided on, and the policy allows no further attempt. */
export class VersionConflict extends EventCoreError {
  readonly code = 'VERSION_CONFLICT';
  override readonly retriable = true;
  /** Every stream that had moved. */
  readonly stale: readonly StaleStream[];

  constructor(stale: readonly StaleStream[], options: ErrorOptions & { readonly context: ErrorContext }) {
    super(describeConflict(options.context.command, stale), {
      ...options,
      context: { ...options.context, streams: stale.map(({ stream }) => stream) },
    });
    this.stale = staleStreams(stale);
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), stale: this.stale };
  }
}
nameError(VersionConflict, 'VersionConflict');

/** Every attempt that the retry policy allows ended in a conflict or in a transient error. The last one is the cause. */
export class RetriesExhausted extends EventCoreError {
  readonly code = 'RETRIES_EXHAUSTED';
  override readonly retriable = true;
  /** What was stale in the last attempt, when that one ended in a conflict. */
  readonly stale: readonly StaleStream[];

  constructor(attempts: number, options: { readonly context: ErrorContext; readonly cause: unknown }) {
    const { cause, context } = options;
    super(
      `${context.command ?? 'The command'} was given up after ${attempts} attempts. ` +
        `The last one: ${belongsToFamily(cause) ? cause.message : `an error of the store (${cause instanceof Error ? cause.name : typeof cause})`}`,
      options,
    );
    this.stale = cause instanceof VersionConflict ? cause.stale : [];
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), stale: this.stale };
  }
}
nameError(RetriesExhausted, 'RetriesExhausted');

/** The deadline passed before anything was sent to the store: certainly nothing was written. */
export class DeadlineExceeded extends EventCoreError {
  readonly code = 'DEADLINE_EXCEEDED';
  override readonly retriable = true;
}
nameError(DeadlineExceeded, 'DeadlineExceeded');

/** The caller's signal ended the execution before anything was sent to the store: certainly nothing was written. */
export class Aborted extends EventCoreError {
  readonly code = 'ABORTED';
}
nameError(Aborted, 'Aborted');

/**
 * The append was sent, and its answer never came: it may have been applied, or may still be.
 *
 * Ask again with the same command id: `execute(command, store, { commandId: error.commandId })` gives the recorded
 * receipt if it was applied, and decides anew only if it wasn't.
 */
export class Indeterminate extends EventCoreError {
  readonly code = 'INDETERMINATE';
  override readonly retriable = true;
  readonly commandId: string;

  constructor(
    message: string,
    options: ErrorOptions & { readonly context: ErrorContext & { readonly commandId: string } },
  ) {
    super(message, options);
    this.commandId = options.context.commandId;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), commandId: this.commandId };
  }
}
nameError(Indeterminate, 'Indeterminate');

function describeConflict(command: string | undefined, stale: readonly StaleStream[]): string {
  const streams = stale.map(({ stream, reason, expected, actual }) => {
    if (reason === 'chain') return `"${stream}" rests on an append that was not applied`;
    if (reason === 'moved') return `"${stream}" was moved by an earlier append of the same call`;
    return `"${stream}" was decided on at version ${describeExpected(expected)} and is at ${actual}`;
  });
  return `${command ?? 'The append'} met a conflict: ${streams.join('; ')}.`;
}

function describeExpected(expected: StaleStream['expected']): string {
  return typeof expected === 'object' ? `left by append ${expected.after}` : String(expected);
}
