/** What can be seen of a store: whole streams and the whole feed, read on page by page as the contract says. */
import { START, type EventFilter, type EventStore, type Position, type RecordedEvent } from '@eventcore/core';
import type { FeedPage, LeanEvent, StreamPage, StreamQuery } from '@eventcore/core/store';
import { at, breathe, stream } from './arrange.js';
import { holds } from './expectations.js';

/** A part of a stream; all of it, unless it says more. */
export interface Part {
  readonly of: string;
  readonly after?: number;
  readonly upTo?: number;
  readonly limit?: number;
  readonly detail?: 'lean' | 'full';
}

/** The parts of streams, as of one call; pages that end early are read on, up to the versions of that call. */
export async function partsOf(store: EventStore, ...parts: readonly Part[]): Promise<readonly StreamPage[]> {
  const { pages } = await store.read({ streams: parts.map(query) });
  holds(pages.length === parts.length, `${parts.length} queries have as many pages, not ${pages.length}.`);
  return Promise.all(pages.map((page, index) => readOn(store, parts[index]!, page)));
}

/** `after += events.length, upTo = version`, until everything is there that was asked for. */
async function readOn(store: EventStore, part: Part, first: StreamPage): Promise<StreamPage> {
  const { after = 0, upTo = Infinity, limit = Infinity } = part;
  const last = Math.min(upTo, first.version, after + limit);
  const events = [...first.events];
  while (after + events.length < last) {
    const rest = { ...part, after: after + events.length, upTo: last };
    const page = (await store.read({ streams: [query({ ...rest, limit: last - rest.after })] })).pages[0]!;
    holds(page.events.length > 0, 'A page that ends early holds at least one event, so that a reader gets on.');
    events.push(...page.events);
  }
  holds(
    events.length === Math.max(0, last - after),
    `Events ${after + 1} to ${last} were asked for, not ${events.length} events.`,
  );
  return { stream: first.stream, version: first.version, events };
}

function query({ of, after = 0, upTo, ...rest }: Part): StreamQuery {
  return { ...rest, stream: stream(of), after: at(after), ...(upTo !== undefined && { upTo: at(upTo) }) };
}

/** A stream's version, as a store tells it. */
export async function versionOf(store: EventStore, id: string): Promise<number> {
  const [page] = await partsOf(store, { of: id, limit: 1 });
  return page!.version;
}

/** All events of a stream, as whole records. */
export async function wholeStream(store: EventStore, id: string): Promise<readonly RecordedEvent[]> {
  const [page] = await partsOf(store, { of: id, detail: 'full' });
  return page!.events as readonly RecordedEvent[];
}

/** All events of streams, of one snapshot. */
export async function wholeStreams(
  store: EventStore,
  ids: readonly string[],
): Promise<readonly (readonly LeanEvent[])[]> {
  return (await partsOf(store, ...ids.map((of) => ({ of })))).map(({ events }) => events);
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

/**
 * The feed until it has come to a position: every event up to there. What was called off may be under way still, and keep the feed
 * back until it is over.
 */
export async function feedUpTo(store: EventStore, position: Position): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = START; after < position; await breathe()) {
    const page = await feedPage(store, { after });
    events.push(...page.events);
    after = page.upTo;
  }
  return events;
}

/** The events of the feed until its end for now. */
export async function wholeFeed(
  store: EventStore,
  query: { after?: Position; limit?: number; filter?: EventFilter } = {},
): Promise<readonly RecordedEvent[]> {
  return (await feedPages(store, query)).flatMap(({ events }) => events);
}
