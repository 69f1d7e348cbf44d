/** What can be seen of a store: whole streams and the whole feed, read on page by page as the contract says. */
import {
  START,
  type EventFilter,
  type EventStore,
  type FeedPage,
  type LeanEvent,
  type Position,
  type RecordedEvent,
  type StreamPage,
} from '@eventcore/core';
import { at, stream } from './arrange.js';
import { holds } from './expectations.js';

/** A part of a stream; all of it, unless it says more. */
export interface Part {
  readonly of: string;
  readonly after?: number;
  readonly upTo?: number;
  readonly limit?: number;
  readonly detail?: 'lean' | 'full';
}

/** The pages for parts of streams, of one snapshot and one call. */
export async function pagesOf(store: EventStore, ...parts: readonly Part[]): Promise<readonly StreamPage[]> {
  const queries = parts.map(({ of, after = 0, upTo, ...rest }) => ({
    ...rest,
    stream: stream(of),
    after: at(after),
    ...(upTo !== undefined && { upTo: at(upTo) }),
  }));
  const { pages } = await store.read({ streams: queries });
  holds(pages.length === parts.length, `${parts.length} queries have as many pages, not ${pages.length}.`);
  return pages;
}

/** A stream's version, as a store tells it. */
export async function versionOf(store: EventStore, id: string): Promise<number> {
  const [page] = await pagesOf(store, { of: id, limit: 1 });
  return page!.version;
}

/** All events of a stream, as whole records. */
export async function wholeStream(store: EventStore, id: string): Promise<readonly RecordedEvent[]> {
  return (await wholeStreams(store, [id], 'full'))[0] as readonly RecordedEvent[];
}

/** All events of streams, of one snapshot: pages that ended early are read on up to the snapshot's versions. */
export async function wholeStreams(
  store: EventStore,
  ids: readonly string[],
  detail: 'lean' | 'full' = 'lean',
): Promise<readonly (readonly LeanEvent[])[]> {
  const pages = await pagesOf(store, ...ids.map((id) => ({ of: id, detail })));
  return Promise.all(
    pages.map(async (page) => {
      const events = [...page.events];
      while (events.length < page.version) {
        const rest = { of: page.stream, after: events.length, upTo: page.version, detail };
        const next = (await pagesOf(store, rest))[0]!.events;
        holds(
          next.length > 0,
          `A page without a limit that asks for events which are there gives at least one of them.`,
        );
        events.push(...next);
      }
      holds(events.length === page.version, `A version is the count of the stream's events.`);
      return events;
    }),
  );
}

/** One page of the feed, checked for what holds of every page. */
export async function feedPage(
  store: EventStore,
  { after = START, limit = 1000, filter }: { after?: Position; limit?: number; filter?: EventFilter } = {},
): Promise<FeedPage> {
  const page = await store.readAll({ after, limit, ...(filter && { filter }) });
  let last = after;
  for (const { position } of page.events) {
    holds(last < position, `Positions of a page ascend from where it was asked: "${position}" comes after "${last}".`);
    last = position;
  }
  holds(last <= page.upTo, `\`upTo\` covers every event of its page: it is "${page.upTo}", the last event "${last}".`);
  return page;
}

/** The pages of the feed until its end for now. */
export async function feedPages(
  store: EventStore,
  query: { after?: Position; limit?: number; filter?: EventFilter } = {},
): Promise<readonly FeedPage[]> {
  const pages: FeedPage[] = [];
  for (let after = query.after ?? START; ;) {
    const page = await feedPage(store, { ...query, after });
    if (page.upTo === after) return pages;
    pages.push(page);
    after = page.upTo;
  }
}

/** The events of the feed until its end for now. */
export async function wholeFeed(
  store: EventStore,
  query: { after?: Position; limit?: number; filter?: EventFilter } = {},
): Promise<readonly RecordedEvent[]> {
  return (await feedPages(store, query)).flatMap(({ events }) => events);
}
