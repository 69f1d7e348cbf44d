/** Events to rows: the rows of a batch are read at once, folded in memory, and written at once with the checkpoint. */
import { isEventCoreError } from '../../errors/is-event-core-error.js';
import { toJson } from '../../event/json.js';
import type { RecordedEvent } from '../../event/recorded-event.js';
import type { EventStore } from '../../store/event-store.js';
import type { RowChange } from '../../store/capabilities.js';
import type { OnUnknownEvent } from '../../stream/fold.js';
import { remove } from '../../consume/define-read-model.js';
import { RowBatch } from '../../consume/fold-rows.js';
import type { Application } from './application.js';
import { BatchFailed, failureOf } from './event-failed.js';

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
      try {
        await checkpoint.move(upTo, [...changes, ...letters.values()]);
      } catch (error) {
        throw isRefusal(error) ? new BatchFailed(error) : error;
      }
    },
  };
}

/** A table of the user's own may refuse a row: nothing is wrong with the store then, and trying again is of no use. */
function isRefusal(error: unknown): boolean {
  if (!isEventCoreError(error)) return true;
  return !(
    error.retriable ||
    isEventCoreError(error, 'LEASE_LOST') ||
    isEventCoreError(error, 'DEFINITION') ||
    isEventCoreError(error, 'STORE_MISCONFIGURED')
  );
}
