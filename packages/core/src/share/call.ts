/** A call of the conductor's that is under way. */
import type { StreamId } from '../event/stream-id.js';
import type { Entry } from './entry.js';
import { UnderWay } from './under-way.js';

export class Call extends UnderWay {
  readonly entries: readonly Entry[];
  readonly touches: ReadonlySet<StreamId>;
  /** Its answer was lost. */
  doubted = false;

  constructor(entries: readonly Entry[]) {
    super();
    this.entries = entries;
    this.touches = new Set(entries.flatMap(({ command }) => command.streams.map(({ id }) => id)));
  }
}
