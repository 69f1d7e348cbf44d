/**
 * The root of the one error family. Every error has a stable `code` to branch on, says whether trying again may
 * help (`retriable`), and carries the facts of the case in `context`.
 */

const FAMILY: unique symbol = Symbol.for('@eventcore/error');

/** The facts that an error carries: as many as were known where it was raised. */
export interface ErrorContext {
  readonly command?: string;
  readonly commandId?: string;
  readonly correlationId?: string;
  readonly attempts?: number;
  readonly streams?: readonly string[];
  readonly stream?: string;
  readonly field?: string;
  readonly event?: string;
  readonly schemaVersion?: number;
  readonly position?: string;
  readonly consumer?: string;
}

export interface ErrorOptions {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

/**
 * What every error of this library is.
 *
 * Branch on `code` (by {@link isEventCoreError}) rather than with `instanceof`: codes still match when two copies of
 * the package meet in one process, and no minifier renames them.
 */
export abstract class EventCoreError extends Error {
  declare readonly name: string;
  abstract readonly code: string;
  /** Whether the same call may succeed when it is made again. */
  readonly retriable: boolean = false;
  #context: ErrorContext;

  constructor(message: string, { context = {}, cause }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.#context = Object.freeze({ ...context });
  }

  get context(): ErrorContext {
    return this.#context;
  }

  /** A form for logs and for the wire. Foreign causes are named, never quoted: a driver's message may hold secrets. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      retriable: this.retriable,
      context: this.#context,
      ...(this.cause === undefined ? {} : { cause: describeCause(this.cause) }),
    };
  }

  /** Adds what the executor knows to an error that was raised further in. What it already says stays. */
  static enrich(error: EventCoreError, context: ErrorContext): void {
    if (#context in error) error.#context = Object.freeze({ ...context, ...error.#context });
  }
}
Object.defineProperty(EventCoreError.prototype, FAMILY, { value: true });

/** The literal name of an error class, on its prototype so that stack traces begin with it, also after minification. */
export function nameError(errorClass: { readonly prototype: EventCoreError }, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** Whether this is an error of the family, whichever copy of the package raised it. */
export function belongsToFamily(error: unknown): error is EventCoreError {
  return typeof error === 'object' && error !== null && FAMILY in error;
}

function describeCause(cause: unknown): unknown {
  if (belongsToFamily(cause)) return cause.toJSON();
  return { name: cause instanceof Error ? cause.name : typeof cause };
}
