/** Looking on at consumers: typed hooks, and Node's `diagnostics_channel` derived from them. */
import type { ConsumerOutdated } from '../errors/consumer-errors.js';
import type { Position } from '../event/position.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import { observersOf, type Hooks, type Tell } from '../observe/observers.js';
import type { ConsumerKind } from '../consume/compiled-consumer.js';
import type { MissedEvents } from './coverage.js';
import type { FollowUpVerdict } from './verdicts.js';

/** Whom it is told of. */
export interface ConsumerInfo {
  readonly consumer: string;
  readonly kind: ConsumerKind;
}

/** What is told of a consumer. Durations and delays are in milliseconds. */
export interface ConsumerPhases {
  /** It works in this process from now on: it has the lease, where there are leases. */
  readonly started: ConsumerInfo & { readonly position: Position };
  /**
   * Its code handles events that it did not handle before, and there are such events behind its checkpoint, which it has missed.
   * A rebuild makes up for it.
   */
  readonly missed: ConsumerInfo & { readonly missed: readonly MissedEvents[] };
  /** Events were handled, and the checkpoint has moved. Perhaps there were none, and it moved past those of others. */
  readonly advanced: ConsumerInfo & {
    readonly position: Position;
    readonly events: number;
    readonly duration: number;
  };
  /** An event failed, for the nth time, and what comes next. */
  readonly failed: ConsumerInfo & {
    readonly event: RecordedEvent;
    readonly error: unknown;
    readonly attempt: number;
    readonly next: 'retry' | 'deadLetter' | 'stop';
    readonly delay?: number;
  };
  /**
   * An event is one that only a newer release can read. It steps back before that, so that a process of the newer release may
   * go on, and asks for its lease again when the event is behind the checkpoint.
   */
  readonly outdated: ConsumerInfo & { readonly event: RecordedEvent; readonly error: ConsumerOutdated };
  /** A reaction's command was executed, or was rejected by a rule. */
  readonly reacted: ConsumerInfo & { readonly verdict: FollowUpVerdict };
  /** The store can't be reached, or somebody moved the checkpoint. It goes on from the stored checkpoint after a delay. */
  readonly interrupted: ConsumerInfo & { readonly error: unknown; readonly delay: number };
  /** Another process works under this name by now. */
  readonly leaseLost: ConsumerInfo;
  /**
   * It works no more in this process; with an error, until `resume` is called. `left` says that something was under way which
   * took longer than `stopTimeout`, and was left.
   */
  readonly stopped: ConsumerInfo & { readonly error?: unknown; readonly left?: true };
}

/**
 * What to call for each consumer.
 *
 * @example
 * ```ts
 * const hooks: ConsumerHooks = {
 *   failed: ({ consumer, event, error, attempt, next }) =>
 *     console.error(`${consumer} failed on ${event.type} at ${event.position}, attempt ${attempt}, ${next}`, error),
 * };
 * ```
 */
export type ConsumerHooks = Hooks<ConsumerPhases>;

export type TellConsumer = Tell<ConsumerPhases>;

/** The name of a phase's channel in `node:diagnostics_channel`, such as `eventcore:consumer:failed`. */
export function consumerChannelName(phase: keyof ConsumerPhases): string {
  return `eventcore:consumer:${phase}`;
}

/** Who looks on. A runner goes on for so long that somebody may yet come to listen to its channels. */
export function consumerObservers(hooks: ConsumerHooks = {}): TellConsumer {
  return observers(hooks)!;
}

const observers = observersOf<ConsumerPhases>({
  started: consumerChannelName('started'),
  missed: consumerChannelName('missed'),
  advanced: consumerChannelName('advanced'),
  failed: consumerChannelName('failed'),
  outdated: consumerChannelName('outdated'),
  reacted: consumerChannelName('reacted'),
  interrupted: consumerChannelName('interrupted'),
  leaseLost: consumerChannelName('leaseLost'),
  stopped: consumerChannelName('stopped'),
});
