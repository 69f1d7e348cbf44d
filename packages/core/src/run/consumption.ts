/**
 * Working through batches under one tenure. A batch takes effect as a whole, until an event fails in it; then what comes before
 * its command is done first, the command by itself as often as its policy wants, and then the rest.
 */
import { ConsumerFailed, ConsumerOutdated } from '../errors/consumer-errors.js';
import { CapabilityMissing } from '../errors/input-errors.js';
import { isEventCoreError } from '../errors/is-event-core-error.js';
import { CheckpointMoved } from '../errors/store-errors.js';
import type { EventId, RecordedEvent } from '../event/recorded-event.js';
import { isoTime, type Runtime } from '../runtime/runtime.js';
import type { RowChange } from '../store/capabilities.js';
import { kindWords, type ConsumerKind } from '../consume/compiled-consumer.js';
import type { Batch } from '../read/subscribe.js';
import type { Application } from './apply/application.js';
import type { Checkpoint } from './tenure/checkpoint.js';
import type { TellConsumer } from './consumer-hooks.js';
import { deadLetterRow } from './letters/dead-letters.js';
import { BatchFailed, EventFailed } from './apply/event-failed.js';
import { patience, verdictOn, type FailurePolicy, type FailureVerdict } from './failure-policy.js';
import { Interrupted } from './apply/interrupted.js';
import { describeThrown } from '../errors/thrown.js';

/** What a consumer is worked with, whoever works. */
export interface ConsumerPlan {
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly application: Application;
  readonly onFailure: FailurePolicy;
  /** Whether dead letters can be recorded. */
  readonly keepsLetters: boolean;
  readonly runtime: Runtime;
  readonly tell: TellConsumer | undefined;
}

export class Consumption {
  readonly #plan: ConsumerPlan;
  readonly #checkpoint: Checkpoint;
  /** Aborted when back-off should end. */
  readonly #interrupted: AbortSignal;

  /** Told when it waits before an event is tried again, and when that is over. */
  readonly #resting: (resting: boolean) => void;

  constructor(
    plan: ConsumerPlan,
    checkpoint: Checkpoint,
    interrupted: AbortSignal,
    resting: (resting: boolean) => void = () => {},
  ) {
    this.#resting = resting;
    this.#plan = plan;
    this.#checkpoint = checkpoint;
    this.#interrupted = interrupted;
  }

  /**
   * @throws `ConsumerFailed` for an event that failed, and by its policy ends the work.
   * @throws `ConsumerOutdated` for one that only a newer release can read, whatever the policy.
   * @throws {@link Interrupted}, `LeaseLost`, `CheckpointMoved`, and whatever the store throws.
   */
  async work(batch: Batch): Promise<void> {
    const { name, kind, runtime, tell } = this.#plan;
    await this.#checkpoint.tenure.confirm();
    const began = tell && runtime.tick();
    await this.#carryOut(batch);
    const { position } = this.#checkpoint;
    tell?.('advanced', {
      consumer: name,
      kind,
      position,
      events: batch.events.length,
      duration: runtime.tick() - began!,
    });
  }

  async #carryOut(batch: Batch): Promise<void> {
    try {
      await this.#apply(batch, new Map());
    } catch (error) {
      const failed = blamed(error, batch.events);
      if (failed === undefined) return this.#carryOutInHalves(batch);
      const { before, command, after } = around(batch.events, failed.event);
      if (before.length > 0) await this.#carryOut({ events: before, upTo: before.at(-1)!.position });
      if (failed.isSuspected) return this.#carryOut({ events: [...command, ...after], upTo: batch.upTo });
      await this.#persist({ events: command, upTo: after.length > 0 ? command.at(-1)!.position : batch.upTo }, failed);
      if (after.length > 0) await this.#carryOut({ events: after, upTo: batch.upTo });
    }
  }

  /** Until the command is found that can't be committed, and the others have taken effect. */
  async #carryOutInHalves({ events, upTo }: Batch): Promise<void> {
    const middle = events[Math.floor(events.length / 2)]!;
    const { before, command, after } = around(events, middle);
    const first = before.length > 0 ? before : command;
    await this.#stillOurs();
    await this.#carryOut({ events: first, upTo: first.at(-1)!.position });
    await this.#carryOut({ events: before.length > 0 ? [...command, ...after] : after, upTo });
  }

  /** A command's events, one of which failed, until they have taken effect or somebody has to look at them. */
  async #persist(command: Batch, failure: EventFailed): Promise<void> {
    const { name, kind, runtime, onFailure, tell } = this.#plan;
    const attempts = new Map<EventId, number>();
    const letters = new Map<EventId, RowChange>();
    let waits = 0;
    for (let failed = failure; ;) {
      const { event, cause } = failed;
      await this.#stillOurs();
      // No attempt helps, and there is nothing to give up: somebody else understands it.
      if (isEventCoreError(cause, 'UNKNOWN_EVENT_TYPE')) throw this.#outdated(failed);
      const attempt = (attempts.get(event.id) ?? 0) + 1;
      const verdict = this.#verdictOn(failed, attempt);
      if (verdict === 'wait') {
        const delay = patience(++waits, () => runtime.random());
        tell?.('interrupted', { consumer: name, kind, error: cause, delay });
        await this.#rest(delay);
      } else {
        attempts.set(event.id, attempt);
        const delay = verdict === 'retry' ? onFailure.retry.delay(attempt, () => runtime.random()) : undefined;
        this.#tellFailed(failed, attempt, verdict, delay);
        if (verdict === 'stop') throw this.#failure(failed, attempt);
        if (delay === undefined)
          letters.set(event.id, deadLetterRow(name, event, cause, attempt, isoTime(runtime.now())));
        else await this.#rest(delay);
      }
      try {
        return await this.#apply(command, letters);
      } catch (error) {
        const left = command.events.filter(({ id }) => !letters.has(id));
        // Where every event is given up already, it is none of theirs.
        if (error instanceof BatchFailed && left.length === 0) throw error.cause;
        failed = blamed(error, left)!;
      }
    }
  }

  /** What the policy says. Where it has failed itself, somebody has to look at that. */
  #verdictOn({ event, cause }: EventFailed, attempt: number): FailureVerdict {
    const { name: consumer, kind, onFailure, keepsLetters } = this.#plan;
    try {
      const verdict = verdictOn(onFailure, { consumer, kind, event, error: cause, attempt });
      if (verdict !== 'deadLetter' || keepsLetters) return verdict;
      throw new CapabilityMissing('its policy makes it a dead letter, and the store has no rows to record one in');
    } catch (error) {
      const failed = new EventFailed(event, error);
      this.#tellFailed(failed, attempt, 'stop');
      throw this.#failure(failed, attempt);
    }
  }

  /** What the checkpoint has passed took effect already. */
  async #apply({ events, upTo }: Batch, letters: ReadonlyMap<EventId, RowChange>): Promise<void> {
    const { position } = this.#checkpoint;
    const begun = events.length > 0 && events[0]!.position <= position;
    const left = begun ? events.filter((event) => event.position > position) : events;
    await this.#plan.application.apply({ events: left, upTo }, this.#checkpoint, letters);
  }

  /** A failure is no event's fault where another worker was faster: with its rows in the way, anything may fail. */
  async #stillOurs(): Promise<void> {
    const { position, tenure } = this.#checkpoint;
    await tenure.confirmByStore();
    const stored = await this.#checkpoint.load();
    if (stored === position) return;
    throw new CheckpointMoved(`The checkpoint of "${this.#plan.name}" was moved from "${position}" to "${stored}".`, {
      context: { consumer: this.#plan.name, position: stored },
    });
  }

  async #rest(delay: number): Promise<void> {
    this.#resting(true);
    await this.#plan.runtime.sleep(delay, this.#interrupted);
    this.#resting(false);
    if (this.#interrupted.aborted) throw new Interrupted();
    await this.#checkpoint.tenure.confirm();
  }

  #tellFailed({ event, cause }: EventFailed, attempt: number, next: 'retry' | 'deadLetter' | 'stop', delay?: number) {
    const { name, kind, tell } = this.#plan;
    const timing = delay === undefined ? {} : { delay };
    tell?.('failed', { consumer: name, kind, event, error: cause, attempt, next, ...timing });
  }

  #outdated({ event, cause }: EventFailed): ConsumerOutdated {
    const { name, kind, tell } = this.#plan;
    const { message: why } = describeThrown(cause);
    const { type, stream, position, schemaVersion } = event;
    const error = new ConsumerOutdated(
      `The ${kindWords[kind]} "${name}" stepped back before ${type} of "${stream}", for a newer release to go on: ${why}`,
      { cause, context: { consumer: name, event: type, stream, position, schemaVersion } },
    );
    tell?.('outdated', { consumer: name, kind, event, error });
    return error;
  }

  #failure({ event, cause }: EventFailed, attempt: number): ConsumerFailed {
    const { name, kind } = this.#plan;
    const { message: what } = describeThrown(cause);
    const times = attempt === 1 ? 'once' : `${attempt} times`;
    return new ConsumerFailed(
      `The ${kindWords[kind]} "${name}" failed ${times} on ${event.type} of "${event.stream}", and stopped before it: ${what}`,
      {
        cause,
        context: {
          consumer: name,
          event: event.type,
          stream: event.stream,
          position: event.position,
          attempts: attempt,
        },
      },
    );
  }
}

/**
 * The event that failed. Of a command that can't be committed it is the last one, since none can be told from the others; of
 * several commands there is none yet. What isn't a failure of an event is thrown on.
 */
function blamed(error: unknown, events: readonly RecordedEvent[]): EventFailed | undefined {
  if (error instanceof EventFailed) return error;
  if (!(error instanceof BatchFailed)) throw error;
  const last = events.at(-1);
  if (last === undefined) throw error.cause;
  return events.every(({ commandId }) => commandId === last.commandId) ? new EventFailed(last, error.cause) : undefined;
}

/** The events of one's command, and what stands before and behind them: a command's events stand together. */
function around(events: readonly RecordedEvent[], { commandId }: RecordedEvent) {
  const first = events.findIndex((event) => event.commandId === commandId);
  const last = events.findLastIndex((event) => event.commandId === commandId);
  return { before: events.slice(0, first), command: events.slice(first, last + 1), after: events.slice(last + 1) };
}
