/** Events to rows: the rows of a batch are read at once, folded in memory, and written at once with the checkpoint. */
import { toJson } from '../../event/json.js';
import type { RecordedEvent } from '../../event/recorded-event.js';
import type { EventStore } from '../../store/event-store.js';
import type { RowChange } from '../../store/capabilities.js';
import type { OnUnknownEvent } from '../../stream/fold.js';
import { remove } from '../define-read-model.js';
import { RowBatch } from '../fold-rows.js';
import type { Application } from './application.js';
import { failureOf } from './event-failed.js';

export function readModelApplication(
  readModel: object,
  name: string,
  store: EventStore,
  onUnknownEvent: OnUnknownEvent,
): Application {
  const rowStore = store.capabilities.rows!;
  return {
    async apply({ events, upTo }, checkpoint, letters) {
      let current: RecordedEvent | undefined;
      const blaming = <T>(work: () => T): T => {
        try {
          return work();
        } catch (error) {
          throw current === undefined ? error : failureOf(current, error);
        }
      };
      const wanted = letters.size === 0 ? events : events.filter(({ id }) => !letters.has(id));
      const batch = blaming(() => new RowBatch(readModel, wanted, onUnknownEvent, (event) => (current = event)));
      const loaded = batch.keys.size === 0 ? new Map() : await rowStore.load(name, [...batch.keys]);
      const changes = blaming(() =>
        Array.from(batch.foldInto(loaded), ([key, row]): RowChange => {
          if (row === remove) return { table: name, key, row: undefined };
          try {
            return { table: name, key, row: toJson(row, `The row "${key}" of "${name}"`) };
          } catch (error) {
            current = batch.lastTouching(key);
            throw error;
          }
        }),
      );
      await checkpoint.move(upTo, [...changes, ...letters.values()]);
    },
  };
}
