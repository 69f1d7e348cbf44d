/** Listing streams in the order of their ids' bytes, page by page. */
import type { StreamId, Version } from '@eventcore/core';
import { byteOrder, inByteOrder } from '@eventcore/core/store';
import type { ListedStream } from '@eventcore/core/store';
import type { EventLog } from './event-log.js';

export class Listing {
  readonly #log: EventLog;
  /** Sorted by whoever asks, when streams have come in since: appends never pay for it. */
  #ids: StreamId[] = [];

  constructor(log: EventLog) {
    this.#log = log;
  }

  list({ prefix, after, limit }: { prefix: string; after?: StreamId; limit: number }): readonly ListedStream[] {
    const ids = this.#sortedIds();
    const listed: ListedStream[] = [];
    for (let index = firstFrom(ids, prefix, after); index < ids.length && listed.length < limit; index++) {
      const id = ids[index]!;
      if (!id.startsWith(prefix)) break;
      listed.push({ stream: id, version: this.#log.streams.get(id)!.events.length as Version });
    }
    return listed;
  }

  #sortedIds(): readonly StreamId[] {
    const { streamsByNumber } = this.#log;
    if (this.#ids.length < streamsByNumber.length) {
      const come = streamsByNumber.slice(this.#ids.length).map(({ id }) => id);
      // What is in order already costs one pass.
      this.#ids = inByteOrder([...this.#ids, ...come]);
    }
    return this.#ids;
  }
}

/** The index of the first id that the prefix may be of and that comes after the last page. */
function firstFrom(ids: readonly StreamId[], prefix: string, after: StreamId | undefined): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const id = ids[middle]!;
    if (byteOrder(id, prefix) >= 0 && (after === undefined || byteOrder(id, after) > 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
