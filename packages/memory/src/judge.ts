/**
 * Whether everything is as an append expects it: by what is recorded, and by what came before it in its call.
 *
 * A number is committed history, so it is compared with the version before the call, and refused too if a neighbour has
 * moved the stream since. `{ after: k }` asks for no number at all: append k has to have been applied here, and nobody
 * may have moved the stream after it.
 */
import type { Version } from '@eventcore/core';
import { chainFault, type Append, type Outcome, type Stale } from '@eventcore/core/store';
import type { CallSite, EventLog } from './event-log.js';
import { missedEvents } from './missed.js';

/** Why the append is refused; undefined if it isn't. */
export function judge(
  log: EventLog,
  appends: readonly Append[],
  outcomes: readonly Outcome[],
  { call, index }: CallSite,
): Outcome | undefined {
  const found: Stale[] = [];
  for (const [streamId, expected] of appends[index]!.expected) {
    if (expected === 'any') continue;
    const stream = log.streams.get(streamId);
    const current = stream === undefined ? 0 : stream.events.length;
    const moved = stream !== undefined && stream.movedInCall === call;
    if (expected === current && !moved) continue;

    const actual = (moved ? stream.versionBeforeCall : current) as Version;
    if (typeof expected === 'number') {
      if (expected === actual) {
        found.push({ stream: streamId, expected, actual, reason: 'moved' });
      } else {
        const missed = stream && missedEvents(stream, expected, actual);
        found.push({ stream: streamId, expected, actual, reason: 'stale', ...(missed && { missed }) });
      }
      continue;
    }
    const fault = chainFault(appends, index, streamId, expected.after);
    if (fault !== undefined) return { kind: 'failed', error: fault };
    if (!wasApplied(outcomes[expected.after]!)) {
      found.push({ stream: streamId, expected, actual, reason: 'chain' });
    } else if (moved && stream.movedByAppend > expected.after) {
      found.push({ stream: streamId, expected, actual, reason: 'moved' });
    }
  }
  return found.length === 0 ? undefined : { kind: 'conflict', stale: found };
}

/** Here and now, and with an effect: a duplicate was applied at another time, and one without events leaves nothing. */
function wasApplied(outcome: Outcome): boolean {
  return outcome.kind === 'committed' && outcome.receipt.events.length > 0;
}
