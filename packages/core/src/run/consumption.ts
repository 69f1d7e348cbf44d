/**
 * Working through batches under one tenure. A batch takes effect as a whole, until an event fails in it; then what comes before
 * its command is done first, the command by itself as often as its policy wants, and then the rest.
 */
import { ProjectionFailed } from '../errors/consumer-errors.js';
import { CheckpointMoved } from '../errors/store-errors.js';
import { START, type Position } from '../event/position.js';
import type { EventId, RecordedEvent } from '../event/recorded-event.js';
import { isoTime, type Runtime } from '../execute/runtime.js';
import type { RowChange } from '../store/capabilities.js';
import { kindWords, type ConsumerKind } from '../consume/compiled-consumer.js';
import type { Batch } from '../read/subscribe.js';
import type { Application } from './apply/application.js';
import type { Checkpoint } from './tenure/checkpoint.js';
import type { TellConsumer } from './consumer-hooks.js';
import { deadLetterRow } from './letters/dead-letters.js';
import { BatchFailed, EventFailed } from './apply/event-failed.js';
import { mayPass, type FailurePolicy } from './failure-policy.js';
import { Interrupted } from './apply/interrupted.js';
import { describeThrown } from '../errors/thrown.js';

/** What a consumer is worked with, whoever works. */
export interface ConsumerPlan {
  readonly name: string;
  readonly kind: ConsumerKind;
  readonly application: Application;
  readonly onFailure: FailurePolicy;
  /** Where one begins that has no checkpoint. */
  readonly after: Position;
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

  /** Where to go on from. */
  async begin(): Promise<Position> {
    const position = await this.#checkpoint.load();
    if (position === START && this.#plan.after !== START) await this.#checkpoint.move(this.#plan.after);
    return this.#checkpoint.position;
  }

  /**
   * @throws `ProjectionFailed` for an event that failed, and by its policy ends the work.
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
    const { name, kind, runtime, onFailure } = this.#plan;
    const attempts = new Map<EventId, number>();
    const letters = new Map<EventId, RowChange>();
    for (let failed = failure; ;) {
      const { event, cause } = failed;
      await this.#stillOurs();
      const attempt = (attempts.get(event.id) ?? 0) + 1;
      attempts.set(event.id, attempt);
      if (mayPass(kind, cause) && attempt < onFailure.retry.attempts) {
        const delay = onFailure.retry.delay(attempt, () => runtime.random());
        this.#tellFailed(failed, attempt, 'retry', delay);
        await this.#rest(delay);
      } else if (onFailure.then === 'deadLetter') {
        this.#tellFailed(failed, attempt, 'deadLetter');
        letters.set(event.id, deadLetterRow(name, event, cause, attempt, isoTime(runtime.now())));
      } else {
        this.#tellFailed(failed, attempt, 'stop');
        throw this.#failure(failed, attempt);
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

  #failure({ event, cause }: EventFailed, attempt: number): ProjectionFailed {
    const { name, kind } = this.#plan;
    const { message: what } = describeThrown(cause);
    const times = attempt === 1 ? 'once' : `${attempt} times`;
    return new ProjectionFailed(
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
