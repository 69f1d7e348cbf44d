/** A stream in one snapshot, however many pages it takes. */
import { StoreContractBroken } from '../errors/store-errors.js';
import { version as versionOf, type Version } from '../event/position.js';
import type { LeanEvent } from '../event/recorded-event.js';
import type { EventStore, StreamQuery } from '../store/event-store.js';

/** The events of a stream, page by page, up to the version of the first page's snapshot, or at most to `last`. */
export async function* pages(
  store: EventStore,
  query: StreamQuery,
  last?: Version,
): AsyncGenerator<readonly LeanEvent[], void, undefined> {
  let { after } = query;
  let upTo = last;
  let snapshot: Version | undefined;
  do {
    const { pages: read } = await store.read({ streams: [upTo === undefined ? query : { ...query, after, upTo }] });
    const page = read[0]!;
    snapshot ??= page.version;
    upTo = versionOf(Math.min(upTo ?? snapshot, snapshot));
    if (page.events.length === 0 && after < upTo) {
      throw new StoreContractBroken(
        `The store says that "${query.stream}" is at version ${snapshot}, and gave no event after ${after}.`,
      );
    }
    if (page.events.length > 0) yield page.events;
    after = versionOf(after + page.events.length);
  } while (after < upTo);
}
