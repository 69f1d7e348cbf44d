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
  const change = (key: string, row: unknown): RowChange =>
    row === remove
      ? { table: name, key, row: undefined }
      : { table: name, key, row: toJson(row, `The row "${key}" of "${name}"`) };
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
      const changes = blaming(() => {
        try {
          return Array.from(batch.foldInto(loaded), ([key, row]) => change(key, row));
        } catch (error) {
          // Later events pass on what an earlier one has spoilt, or fail because of it. It is to be the first one's failure.
          const suspect = current;
          batch.foldInto(loaded, change);
          current = suspect;
          throw error;
        }
      });
      await checkpoint.move(upTo, [...changes, ...letters.values()]);
    },
  };
}
