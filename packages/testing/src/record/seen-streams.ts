/** What a caller was given of each stream: how far, and the digest of it, version by version. */
import type { StreamId } from '@eventcore/core';
import type { LeanEvent, ReadResult, StreamQuery } from '@eventcore/core/store';
import { digestOf } from '../judge/digest.js';
import type { ReadOfStream } from '../judge/history.js';
import { markOf } from './mark.js';

export class SeenStreams {
  /** The digests of each stream's first 0, 1, 2, … events. */
  readonly #digests = new Map<StreamId, number[]>();

  /** Takes in the answer to a read. */
  read(queries: readonly StreamQuery[], { pages }: Pick<ReadResult, 'pages'>): void {
    queries.forEach(({ stream, after }, index) => {
      const page = pages[index];
      if (page !== undefined) this.events(stream, after, page.events);
    });
  }

  /** Takes in events of a stream, from a version on. What begins beyond what was seen tells nothing of the whole. */
  events(stream: StreamId, after: number, events: readonly LeanEvent[]): void {
    const digests = this.#digestsOf(stream);
    if (after >= digests.length) return;
    digests.length = after + 1;
    let digest = digests[after]!;
    for (const event of events) {
      digest = digestOf(digest, markOf(event));
      digests.push(digest);
    }
  }

  /** A stream at a version, with the digest of what was seen of it. */
  at(stream: StreamId, version: number): ReadOfStream {
    const digest = this.#digestsOf(stream)[version];
    return digest === undefined ? { stream, version } : { stream, version, digest };
  }

  #digestsOf(stream: StreamId): number[] {
    let digests = this.#digests.get(stream);
    if (digests === undefined) this.#digests.set(stream, (digests = [0]));
    return digests;
  }
}
