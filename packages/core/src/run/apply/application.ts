/** How events take effect: what differs between projections, read models and reactions. */
import type { EventId } from '../../event/recorded-event.js';
import type { RowChange } from '../../store/capabilities.js';
import type { Batch } from '../../read/subscribe.js';
import type { Checkpoint } from '../tenure/checkpoint.js';

export interface Application {
  /**
   * Lets a batch take effect, and moves the checkpoint to its end, if it can in one. Events with a letter are left out, and
   * their letters written with the checkpoint.
   *
   * @throws `EventFailed` for an event whose handler failed. Whatever the checkpoint says then is done.
   */
  apply(batch: Batch, checkpoint: Checkpoint, letters: Letters): Promise<void>;
}

/** The dead letters of events that were given up. */
export type Letters = ReadonlyMap<EventId, RowChange>;
