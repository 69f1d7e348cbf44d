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

export function projectionApplication(
  open: OpenConsumer<EventHandler>,
  store: EventStore,
  given: object,
  onUnknownEvent: OnUnknownEvent,
): Application {
  const { transactions } = store.capabilities;

  const handle = (event: RecordedEvent, supplied: object): Promise<boolean> =>
    handling(event, () => handOver(open, event, { ...supplied, ...given, now: event.recordedAt }, onUnknownEvent));

  if (transactions !== undefined) {
    return {
      apply: ({ events, upTo }, checkpoint, letters) =>
        checkpoint.moveAfter(transactions, upTo, [...letters.values()], async (supplied) => {
          for (const event of events) if (!letters.has(event.id)) await handle(event, supplied as object);
        }),
    };
  }

  /** What was handled already, and not yet put behind the checkpoint. Another tenure begins where that is. */
  const handledIn = new WeakMap<Checkpoint, Set<EventId>>();
  return {
    async apply({ events, upTo }, checkpoint, letters) {
      const handled = handledIn.get(checkpoint) ?? new Set();
      handledIn.set(checkpoint, handled);
      for (const event of events) {
        if (handled.has(event.id) || letters.has(event.id)) continue;
        await checkpoint.tenure.confirm();
        await handle(event, {});
        handled.add(event.id);
      }
      await checkpoint.move(upTo, [...letters.values()]);
      handled.clear();
    },
  };
}
