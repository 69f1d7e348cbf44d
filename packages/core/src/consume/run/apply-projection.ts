/**
 * Events to a projection's handlers: in the store's own transaction where it has one, and then exactly once. Elsewhere the
 * handlers act first and the checkpoint moves afterwards: at least once.
 */
import type { EventId, RecordedEvent } from '../../event/recorded-event.js';
import type { EventStore } from '../../store/event-store.js';
import type { OnUnknownEvent } from '../../stream/fold.js';
import type { EventHandler } from '../event-handler.js';
import type { OpenConsumer } from '../open-consumer.js';
import { handOver } from '../project.js';
import type { Application } from './application.js';
import type { Checkpoint } from './checkpoint.js';
import { handling } from './event-failed.js';
import { Interrupted } from './interrupted.js';

export function projectionApplication(
  open: OpenConsumer<EventHandler>,
  store: EventStore,
  given: object,
  onUnknownEvent: OnUnknownEvent,
): Application {
  const { transactions } = store.capabilities;

  const handle = (event: RecordedEvent, supplied: object, signal: AbortSignal): Promise<boolean> =>
    handling(event, signal, () =>
      handOver(open, event, { ...supplied, ...given, now: event.recordedAt, signal }, onUnknownEvent),
    );

  if (transactions !== undefined) {
    return {
      apply: ({ events, upTo }, checkpoint, letters) =>
        checkpoint.moveAfter(transactions, upTo, [...letters.values()], async (supplied) => {
          const { signal } = checkpoint.tenure;
          for (const event of events) if (!letters.has(event.id)) await handle(event, supplied as object, signal);
        }),
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
            await handle(event, {}, checkpoint.tenure.signal);
            handled.add(event.id);
          }
          reached = event.position;
        }
      } catch (error) {
        // Who leaves in the middle of a batch puts behind the checkpoint what was handled, or it would be handled again.
        if (error instanceof Interrupted && letters.size === 0 && reached > checkpoint.position) {
          await checkpoint.move(reached);
        }
        throw error;
      }
      await checkpoint.move(upTo, [...letters.values()]);
      handled.clear();
    },
  };
}
