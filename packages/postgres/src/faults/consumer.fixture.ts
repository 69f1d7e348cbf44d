/** A consumer that remembers only how far it has come. */
import { START, type EventStore, type Position } from '@eventcore/core';

export interface Consumer {
  /** The streams of all events that it was given, in that order. */
  readonly streams: readonly string[];
  readonly ids: readonly string[];
  readonly upTo: Position;
  /** Reads on until there is nothing more for now. */
  readOn(): Promise<readonly string[]>;
}

export function makeConsumer(store: EventStore, limit = 2): Consumer {
  const streams: string[] = [];
  const ids: string[] = [];
  let after: Position = START;
  return {
    streams,
    ids,
    get upTo() {
      return after;
    },
    async readOn() {
      for (;;) {
        const { events, upTo } = await store.readAll({ after, limit });
        streams.push(...events.map(({ stream }) => stream));
        ids.push(...events.map(({ id }) => id));
        if (upTo === after) return streams;
        after = upTo;
      }
    },
  };
}
