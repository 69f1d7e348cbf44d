/** The feed: all events in the order of their positions. */
import { sequencePosition, type CallOptions, type FeedPage, type FeedQuery } from '@eventcore/core/store';
import type { Database } from '../connection/database.js';
import type { StalledAppends } from '../append/end-stalled.js';
import { numbersOf, recordsOf } from '../sql/record.js';
import type { PageLimits } from '../read/read.js';
import { isPossible } from '../sql/possible-text.js';
import type { StoreStatements } from '../sql/statements.js';

export async function readFeed(
  database: Database,
  statements: StoreStatements,
  { after, filter = {}, limit }: FeedQuery,
  limits: PageLimits,
  stalled: StalledAppends,
  call?: CallOptions,
): Promise<FeedPage> {
  const { number, index } = numbersOf(after);
  const most = Math.max(1, Math.min(limit, limits.events));
  const { types, streams, streamPrefixes } = filter;
  const values = [
    number,
    String(index),
    String(most),
    String(limits.bytes),
    part(types),
    part(streams),
    part(streamPrefixes),
  ];
  const [[upTo, upToIndex, records, heldUp] = []] = await database.run(statements.feed, values, call);
  if (typeof heldUp === 'string') stalled.suspect();
  if (typeof upTo !== 'string') return { events: [], upTo: after };
  return { events: recordsOf(records ?? null), upTo: sequencePosition(upTo, Number(upToIndex)) };
}

/** A part of a filter. What no id and no name can be matches nothing, and the server couldn't be asked for it. */
function part(texts: readonly string[] | undefined): string | null {
  return texts === undefined ? null : JSON.stringify([...new Set(texts.filter(isPossible))]);
}
