/**
 * Calls that name more streams than a command may: each stream is a lock until the commit, so such a call goes out in several,
 * one after the other. Neighbours stay together as long as nothing in a later part has to do with an earlier one; then no
 * part can tell that there are others. Else each append goes by itself.
 */
import { StoreUnavailable, type EventStore, type StreamId } from '@eventcore/core';
import { MAX_STREAMS } from '@eventcore/core/store';
import type { Append, Outcome } from '@eventcore/core/store';

type AppendAll = EventStore['append'];

/** An `append` for calls of any width, by one for those that are narrow enough, and one that sends each append by itself. */
export function inParts(appendAll: AppendAll, eachByItself: AppendAll): AppendAll {
  return (appends, call) => {
    const parts = partsOf(appends);
    if (parts === undefined) return eachByItself(appends, call);
    return parts.length < 2 ? appendAll(appends, call) : appendParts(parts);

    async function appendParts(each: readonly (readonly Append[])[]): Promise<readonly Outcome[]> {
      const outcomes: Outcome[] = [];
      for (const part of each) {
        try {
          outcomes.push(...(await appendAll(part, call)));
        } catch (error) {
          // Nothing of this part was sent. Of those before it something was.
          if (outcomes.length === 0) throw error;
          const failure = new StoreUnavailable('The store could not be reached in the middle of a call.', {
            cause: error,
          });
          outcomes.push(...part.map((): Outcome => ({ kind: 'failed', error: failure })));
        }
      }
      return outcomes;
    }
  };
}

/** The parts in their order; undefined if they would have to do with each other. */
function partsOf(appends: readonly Append[]): readonly (readonly Append[])[] | undefined {
  if (appends.reduce((sum, { expected }) => sum + expected.size, 0) <= MAX_STREAMS) return [appends];
  const parts: Append[][] = [];
  const earlier = new Set<StreamId>();
  let streams = new Set<StreamId>();
  let part: Append[] = [];
  for (const append of appends) {
    const more = [...append.expected.keys()].filter((stream) => !streams.has(stream));
    if (streams.size + more.length > MAX_STREAMS) {
      parts.push(part);
      for (const stream of streams) earlier.add(stream);
      streams = new Set();
      part = [];
    }
    for (const [stream, expectation] of append.expected) {
      // An index counts from the beginning of the call.
      if (earlier.has(stream) || (parts.length > 0 && typeof expectation === 'object')) return undefined;
      streams.add(stream);
    }
    part.push(append);
  }
  return [...parts, part];
}
