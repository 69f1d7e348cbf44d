/**
 * Events to a projection's handlers: in the store's own transaction where it has one, and then exactly once. Elsewhere the
 * handlers act first and the checkpoint moves afterwards: at least once.
 */
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import type { EventId, RecordedEvent } from '../../event/recorded-event.js';
import type { EventStore } from '../../store/event-store.js';
import type { OnUnknownEvent } from '../../stream/fold.js';
import type { EventHandler } from '../../consume/event-handler.js';
import type { OpenConsumer } from '../../consume/open-consumer.js';
import { handOver } from '../../consume/project.js';
import type { Application } from './application.js';
import type { Checkpoint } from '../tenure/checkpoint.js';
import { BatchFailed, EventFailed, handling } from './event-failed.js';
import { Interrupted } from './interrupted.js';
import type { Tenure } from '../tenure/tenure.js';

export function projectionApplication(
  open: OpenConsumer<EventHandler>,
  store: EventStore,
  given: object,
  onUnknownEvent: OnUnknownEvent,
): Application {
  const { transactions } = store.capabilities;

  const handle = (event: RecordedEvent, supplied: object, tenure: Tenure): Promise<boolean> =>
    handling(event, tenure, () => {
      const context = { ...supplied, ...given, now: event.recordedAt, signal: tenure.signal };
      return handOver(open, event, context, onUnknownEvent);
    });

  if (transactions !== undefined) {
    return {
      async apply({ events, upTo }, checkpoint, letters) {
        let current: RecordedEvent | undefined;
        let acted = false;
        try {
          await checkpoint.moveAfter(transactions, upTo, [...letters.values()], async (supplied) => {
            for (current of events) {
              if (!letters.has(current.id)) await handle(current, supplied as object, checkpoint.tenure);
            }
            acted = true;
          });
        } catch (error) {
          const failed = failureIn(error, current, acted);
          // In one transaction with others: what failed may be what one of them has left behind.
          const isFirst = failed instanceof EventFailed && failed.event.commandId === events[0]!.commandId;
          throw failed instanceof EventFailed && !isFirst ? new EventFailed(failed.event, failed.cause, true) : failed;
        }
      },
    };
  }

  /** What was handled already, and not yet put behind the checkpoint. Another tenure begins where that is. */
  const handledIn = new WeakMap<Checkpoint, Set<EventId>>();
  return {
    async apply({ events, upTo }, checkpoint, letters) {
      const handled = handledIn.get(checkpoint) ?? new Set();
      handledIn.set(checkpoint, handled);
      let reached = checkpoint.position;
      try {
        for (const event of events) {
          if (!handled.has(event.id) && !letters.has(event.id)) {
            await checkpoint.tenure.confirm();
            await handle(event, {}, checkpoint.tenure);
            handled.add(event.id);
          }
          reached = event.position;
        }
      } catch (error) {
        // Who leaves in the middle of a batch, or has to wait, puts behind the checkpoint what was handled, or it would be handled
        // again. So does who is late: the store refuses it if another worker has the lease.
        const waits = isEventCoreError(error) && (error.retriable || isEventCoreError(error, 'LEASE_LOST'));
        if ((waits || error instanceof Interrupted) && letters.size === 0 && reached > checkpoint.position) {
          const moving = checkpoint.move(reached);
          // What made it wait is what is told.
          await (waits ? moving.catch(() => {}) : moving);
        }
        throw error;
      }
      await checkpoint.move(upTo, [...letters.values()]);
      for (const { id } of events) handled.delete(id);
    },
  };
}

/** What ended a transaction, in which handlers were at an event, or had acted on all of them. */
function failureIn(error: unknown, current: RecordedEvent | undefined, acted: boolean): unknown {
  if (error instanceof EventFailed || error instanceof Interrupted) return error;
  if (isEventCoreError(error) && (error.retriable || isEventCoreError(error, 'LEASE_LOST'))) return error;
  if (acted) return new BatchFailed(error);
  // The store wouldn't wait for its handler any longer.
  return current === undefined ? error : new EventFailed(current, error);
}
