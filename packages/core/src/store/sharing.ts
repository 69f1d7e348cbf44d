/** What a store and its user say of sharing calls. */
import { DefinitionError } from '../errors/input-errors.js';
import type { EventStore } from './event-store.js';

/** Of so many streams the state is kept, unless the store is told. */
const WARM_STREAMS = 10_000;

/** Whether executions share calls: as was chosen for the store, or else as suits it. */
export function sharesCalls({ settings, capabilities }: EventStore): boolean {
  return settings?.share === undefined ? capabilities.sharedCalls === true : settings.share !== false;
}

/** @throws `DefinitionError` for a number that leaves no room for one. */
export function warmStreamsOf({ settings }: EventStore): number {
  const { warmStreams = WARM_STREAMS } = typeof settings?.share === 'object' ? settings.share : {};
  if (warmStreams >= 1) return warmStreams;
  throw new DefinitionError(
    `warmStreams is ${warmStreams}, and the state of one stream has to be kept at least. To share nothing, say share: false.`,
  );
}
