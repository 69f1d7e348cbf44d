/** How the work of a consumer can end that somebody has to look at. */
import { EventCoreError, nameError, type ErrorContext, type ErrorOptions } from './event-core-error.js';

/**
 * A projection, a read model or a reaction stopped at an event that it failed to handle. Its checkpoint is before that event.
 * `cause` is what the handler threw.
 */
export class ConsumerFailed extends EventCoreError {
  readonly code = 'CONSUMER_FAILED';
}
nameError(ConsumerFailed, 'ConsumerFailed');

/**
 * A projection, a read model or a reaction stepped back before an event that only a newer release can read. Nothing is lost:
 * its checkpoint is before that event, its lease is given back, and a process of the newer release goes on from there. `cause`
 * is the `UnknownEventType`.
 */
export class ConsumerOutdated extends EventCoreError {
  readonly code = 'CONSUMER_OUTDATED';
  readonly consumer: string;
  /** Where that event is. */
  readonly position: string;

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly context: ErrorContext & { readonly consumer: string; readonly position: string };
    },
  ) {
    super(message, options);
    this.consumer = options.context.consumer;
    this.position = options.context.position;
  }
}
nameError(ConsumerOutdated, 'ConsumerOutdated');

/**
 * A consumer has not come to a position in the time that somebody was willing to wait. It says nothing of the command that
 * wrote there: that one was executed. Wait again, or answer with what is there by now.
 */
export class NotCaughtUp extends EventCoreError {
  readonly code = 'NOT_CAUGHT_UP';
  override readonly retriable = true;
  readonly consumer: string;
  /** Where it should have come to. */
  readonly position: string;
  /** Where it has come to; undefined where the store has not said in time. */
  readonly stands: string | undefined;
  /** Who has its lease; undefined also where the store doesn't tell. */
  readonly holder: string | undefined;
  /** How its worker is doing, where one was asked that runs here. */
  readonly state: string | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      readonly context: ErrorContext & { readonly consumer: string; readonly position: string };
      readonly stands: string | undefined;
      readonly holder?: string | undefined;
      readonly state?: string | undefined;
    },
  ) {
    super(message, options);
    this.consumer = options.context.consumer;
    this.position = options.context.position;
    this.stands = options.stands;
    this.holder = options.holder;
    this.state = options.state;
  }

  override toJSON(): Record<string, unknown> {
    const { stands, holder, state } = this;
    return {
      ...super.toJSON(),
      ...(stands !== undefined && { stands }),
      ...(holder !== undefined && { holder }),
      ...(state !== undefined && { state }),
    };
  }
}
nameError(NotCaughtUp, 'NotCaughtUp');
