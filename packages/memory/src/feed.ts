/** The feed: all events in the order of their positions, by whole commands. */
import type { EventFilter, RecordedEvent } from '@eventcore/core';
import type { FeedPage, FeedQuery } from '@eventcore/core/store';
import type { EventLog } from './event-log.js';

/** A filter that matches little must not keep the process to itself: a call looks at about so many events. */
const MOST_LOOKED_AT = 100_000;

export function readFeed(log: EventLog, { after, filter, limit }: FeedQuery): FeedPage {
  const matches = filter && matcher(log, filter);
  const first = log.firstAfter(after);
  const last = Math.min(log.size, first + MOST_LOOKED_AT);
  const wanted = Math.max(1, limit);
  const events: RecordedEvent[] = [];
  let ordinal = first;
  while (ordinal < last && events.length < wanted) {
    // Whole commands: a page never ends inside one.
    for (const { end } = log.commitAt(ordinal); ordinal < end; ordinal++) {
      if (matches === undefined || matches(ordinal)) events.push(log.recordAt(ordinal));
    }
  }
  return { events, upTo: ordinal === first ? after : log.positionAt(ordinal - 1) };
}

/** Whether an event passes a filter. Each part that is there has to match; one that lists nothing matches nothing. */
function matcher(log: EventLog, { types, streams, streamPrefixes }: EventFilter): (ordinal: number) => boolean {
  const typeSet = types && new Set(types);
  const streamSet = streams && new Set(streams);
  return (ordinal) => {
    if (typeSet !== undefined && !typeSet.has(log.leanAt(ordinal).type)) return false;
    const { id } = log.streamAt(ordinal);
    if (streamSet !== undefined && !streamSet.has(id)) return false;
    return streamPrefixes === undefined || streamPrefixes.some((prefix) => id.startsWith(prefix));
  };
}
