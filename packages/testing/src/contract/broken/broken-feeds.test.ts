/** Stores whose feed, or whose order, is wrong, and the tests that reject them. */
import { describe, expect, it } from '@jest/globals';
import {
  isEventCoreError,
  parsePosition,
  START,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@eventcore/core';
import type { FeedPage, FeedQuery } from '@eventcore/core/store';
import { breathe } from '../section/arrange.js';
import { minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';

/** Changes pages of the feed. */
const answering =
  (change: (page: FeedPage, query: FeedQuery, store: EventStore) => FeedPage | Promise<FeedPage>): Breach =>
  (store) => ({ readAll: async (query) => change(await store.readAll(query), query, store) });

/** Filters in a way of its own. */
const filtering =
  (matches: (event: RecordedEvent, filter: NonNullable<FeedQuery['filter']>) => boolean): Breach =>
  (store) => ({
    async readAll({ after, limit, filter }) {
      if (filter === undefined) return store.readAll({ after, limit });
      const { events, upTo } = await store.readAll({ after, limit: 10_000 });
      return { events: events.filter((event) => matches(event, filter)), upTo };
    },
  });

const prefixed = (
  event: RecordedEvent,
  prefixes: readonly string[] | undefined,
  like: (prefix: string) => RegExp,
): boolean => prefixes === undefined || prefixes.some((prefix) => like(prefix).test(event.stream));

const literally = (prefix: string): RegExp => new RegExp(`^${prefix.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`, 's');

/** What is right of a filter, with the prefixes compared another way. */
const byPrefix = (like: (prefix: string) => RegExp): Breach =>
  filtering(
    (event, { types, streams, streamPrefixes }) =>
      (types?.includes(event.type) ?? true) &&
      (streams?.includes(event.stream) ?? true) &&
      prefixed(event, streamPrefixes, like),
  );

/** Sections that read the feed, where a wrong page shows. */
const allThatFollow = [
  'appending',
  'recording events',
  'conflicts',
  'several appends in a call',
  'chains of appends in a call',
  'command ids',
  'repeated command ids',
  'the order of events',
  'the feed',
  'filters of the feed',
  'racing appends',
  'write skew',
  'the feed while others write',
  'hostile data',
  'signals and deadlines',
];

const breaches: Readonly<Record<string, Breaking>> = {
  'ends pages inside commands': {
    breach: answering(({ events, upTo }, { limit }) =>
      events.length > limit ? { events: events.slice(0, limit), upTo: events[limit - 1]!.position } : { events, upTo },
    ),
    by: [
      'the feed: never ends a page inside a command, however small the limit',
      'the feed: gives a command whole that is larger than the limit',
      'filters of the feed: never ends a filtered page inside a command',
      'the feed while others write: shows no part of a command to consumers that follow racing writers',
    ],
    within: ['the feed', 'filters of the feed'],
  },
  'goes on a whole command too far': {
    breach: (store) => ({ readAll: (query) => store.readAll({ ...query, limit: query.limit + 1 }) }),
    by: ['the feed: begins no further command once the limit is reached'],
    within: ['the feed', 'filters of the feed'],
  },
  'skips the rest of a command that it is asked to go on in': {
    breach: (store) => ({
      async readAll(query) {
        const page = await store.readAll(query);
        const [first] = page.events;
        if (query.after === START || first === undefined) return page;
        const { events } = await store.readAll({ after: START, limit: 100_000 });
        const before = events.find(({ position }) => position === query.after);
        if (before?.commandId !== first.commandId) return page;
        const rest = page.events.filter(({ commandId }) => commandId !== first.commandId);
        return { ...page, events: rest };
      },
    }),
    by: [
      'the feed: goes on from a position inside a command with the rest of it',
      'the feed: resumes from any position',
      'subscriptions: goes on where a consumer left, also within a command',
    ],
  },
  'applies the limit before the filter': {
    breach: (store) => ({
      async readAll({ after, limit, filter }) {
        const { upTo } = await store.readAll({ after, limit });
        if (filter === undefined) return store.readAll({ after, limit });
        const { events } = await store.readAll({ after, limit: 100_000, filter });
        return { events: events.filter(({ position }) => position <= upTo), upTo };
      },
    }),
    by: ['filters of the feed: counts matching events alone towards the limit'],
  },
  'advances only to the last event that matches': {
    breach: answering(({ events, upTo }, { filter, after }) => ({
      events,
      upTo: filter === undefined ? upTo : (events.at(-1)?.position ?? after),
    })),
    by: [
      'filters of the feed: advances over events that do not match',
      'filters of the feed: advances when new events do not match',
      'filters of the feed: never ends a filtered page inside a command',
    ],
    within: ['the feed while others write'],
  },
  'gives checkpoints where no event stands': {
    breach: (store) => ({
      async readAll(query) {
        // It knows its own again.
        const after = query.after.replace('~', '') as Position;
        const { events, upTo } = await store.readAll({ ...query, after });
        return { events, upTo: upTo === after ? query.after : (`${upTo}~` as Position) };
      },
    }),
    by: [
      'the feed: goes up to the last event of a page that was not filtered',
      'filters of the feed: passes over no matching event, however small the limit',
      'the feed while others write: gives checkpoints that are positions of committed events',
    ],
    within: ['signals and deadlines'],
  },
  'finds nothing after what is no position': {
    breach: (store) => ({
      readAll: (query) =>
        store.readAll(query).catch((error: unknown) => {
          if (isEventCoreError(error, 'VALIDATION')) return { events: [], upTo: query.after };
          throw error;
        }),
    }),
    by: [
      'the feed: refuses what is no position of any store',
      'the feed: refuses a text that is no position of its own, or goes on where it would stand',
    ],
  },
  'fails at what is no position of its own': {
    breach: (store) => ({
      async readAll(query) {
        parsePosition(query.after);
        return store.readAll(query).catch((error: unknown) => {
          throw isEventCoreError(error, 'VALIDATION') ? new TypeError('invalid input syntax for type bigint') : error;
        });
      },
    }),
    by: ['the feed: refuses a text that is no position of its own, or goes on where it would stand'],
  },
  'writes positions that no header takes': {
    breach: positioned((position) => position.replace('.', ' ')),
    by: ['the feed: writes positions that go through headers, cookies and queries'],
    within: ['command ids', 'repeated command ids'],
  },
  'passes over what commits late': {
    breach: (store) => {
      const late = new Set<string>();
      return {
        async append(appends) {
          const [first] = appends;
          if (appends.length !== 1 || first!.events.length !== 1) return store.append(appends);
          // Its position is drawn; until it commits, the feed doesn't show it, and goes on to what came after.
          late.add(first!.commandId);
          const outcomes = await store.append(appends);
          await breathe();
          await breathe();
          late.delete(first!.commandId);
          return outcomes;
        },
        async readAll(query) {
          const { events, upTo } = await store.readAll(query);
          return { events: events.filter(({ commandId }) => !late.has(commandId)), upTo };
        },
      };
    },
    by: [
      'the feed while others write: delivers every event once and in order to consumers that follow racing writers',
      'subscriptions: gives what is there, and then what comes, once and in order, on every client',
    ],
    within: ['the feed while others write', 'subscriptions'],
  },
  'shows events before they are committed': {
    breach: (store) => {
      let unseen: readonly RecordedEvent['stream'][] = [];
      return {
        async append(appends) {
          const outcomes = await store.append(appends);
          const streams = appends.length === 1 ? appends[0]!.events.map((event) => event.stream) : [];
          unseen = [...unseen, ...streams];
          await breathe();
          await breathe();
          unseen = unseen.slice(streams.length);
          return outcomes;
        },
        async read(request) {
          const { pages, recorded } = await store.read(request);
          const visible = pages.map((page) => {
            const version = page.version - unseen.filter((stream) => stream === page.stream).length;
            return { ...page, version: version as typeof page.version, events: page.events.slice(0, version) };
          });
          return { pages: visible, recorded };
        },
      };
    },
    by: ['the feed while others write: delivers nothing that a reader of the stream does not see'],
    within: ['racing appends', 'write skew', 'snapshots', 'the feed while others write'],
  },
  'shows an acknowledged event a moment later': {
    breach: (store) => {
      let known: Position = START;
      return {
        async readAll(query) {
          const { events, upTo } = await store.readAll(query);
          const shown = events.filter(({ position }) => position <= known);
          void breathe().then(() => (known = upTo > known ? upTo : known));
          return {
            events: shown,
            upTo: shown.length === events.length ? upTo : (shown.at(-1)?.position ?? query.after),
          };
        },
      };
    },
    by: ['the feed: sees an append as soon as it was acknowledged'],
    within: [...allThatFollow, 'sizes'],
  },
  'delivers the last event again': {
    breach: (store) => ({
      async readAll(query) {
        const page = await store.readAll(query);
        if (query.after === START || page.events.length === 0) return page;
        const { events } = await store.readAll({ after: START, limit: 100_000 });
        return { ...page, events: [...events.filter(({ position }) => position === query.after), ...page.events] };
      },
    }),
    by: [
      'the feed: resumes from any position',
      'the feed while others write: delivers every event once and in order to consumers that follow racing writers',
    ],
    within: allThatFollow,
  },
  'takes `_` and `%` in a prefix for patterns': {
    breach: byPrefix((prefix) => new RegExp(literally(prefix).source.replaceAll('_', '.').replaceAll('%', '.*'), 's')),
    by: [
      'filters of the feed: takes `_` in a prefix for itself',
      'filters of the feed: takes `%` in a prefix for itself',
      'hostile data: finds streams by prefixes that look alike, or like syntax',
    ],
    within: ['filters of the feed'],
  },
  'takes a backslash in a prefix for an escape': {
    breach: byPrefix((prefix) => literally(prefix.replaceAll(/\\(.)?/g, '$1'))),
    by: ['filters of the feed: takes a backslash, `*`, `?`, brackets, quotes and dots in a prefix for themselves'],
    within: ['hostile data'],
  },
  'takes a prefix for a glob': {
    breach: byPrefix(
      (prefix) =>
        new RegExp(literally(prefix).source.replaceAll('\\?', '.').replaceAll('\\*', '.*').replace('\\[', '[')),
    ),
    by: ['filters of the feed: takes a backslash, `*`, `?`, brackets, quotes and dots in a prefix for themselves'],
    within: ['hostile data'],
  },
  'folds the case of prefixes': {
    breach: byPrefix((prefix) => new RegExp(literally(prefix).source, 'is')),
    by: [
      'filters of the feed: compares prefixes byte for byte, neither folding case nor normalising',
      'hostile data: finds streams by prefixes that look alike, or like syntax',
    ],
  },
  'lets everything through an empty list': {
    breach: (store) => ({
      readAll({ filter, ...query }) {
        const parts = Object.entries(filter ?? {}).filter(([, list]) => (list as readonly string[]).length > 0);
        return store.readAll({ ...query, filter: Object.fromEntries(parts) });
      },
    }),
    by: [
      'filters of the feed: lets nothing through a part that lists nothing, and everything through a filter without parts',
    ],
  },
  'asks for one part of a filter only': {
    breach: filtering((event, { types, streams, streamPrefixes }) => {
      const parts = [
        types?.includes(event.type),
        streams?.includes(event.stream),
        streamPrefixes?.some((prefix) => event.stream.startsWith(prefix)),
      ].filter((part) => part !== undefined);
      return parts.length === 0 || parts.includes(true);
    }),
    by: ['filters of the feed: combines types, streams and prefixes: each has to match'],
    within: ['filters of the feed', 'the feed while others write'],
  },
  'takes a type for a prefix': {
    breach: filtering(
      (event, { types, streams, streamPrefixes }) =>
        (types?.some((type) => event.type.startsWith(type)) ?? true) &&
        (streams?.includes(event.stream) ?? true) &&
        (streamPrefixes?.some((prefix) => event.stream.startsWith(prefix)) ?? true),
    ),
    by: ['filters of the feed: filters by type, byte for byte'],
    within: ['hostile data', 'filters of the feed'],
  },
  'writes positions without padding': {
    breach: positioned((position) => position.replace(/^0+/, '')),
    by: ['the order of events: keeps string order over a thousand events, in one command and in many'],
    within: allThatFollow,
  },
  'gives the events of a command one position': {
    breach: positioned((position) => position.slice(0, -4)),
    by: ['the order of events: gives every event a position of its own, after the start'],
    within: allThatFollow,
  },
  'tells positions by a clock that goes backwards': {
    breach: (store) => ({
      async append(appends) {
        if (appends.length > 1) return store.append(appends);
        const sent = Date.now() + performance.now();
        await breathe();
        return (await store.append(appends)).map((outcome) => {
          if (outcome.kind !== 'committed' || outcome.receipt.events.length === 0) return outcome;
          const position = `${String(10_000_000_000 - Math.trunc(sent)).padStart(16, '0')}.0000` as Position;
          return { ...outcome, receipt: { ...outcome.receipt, position } };
        });
      },
    }),
    by: ['the order of events: gives a later position to what is appended after an acknowledgement'],
    within: [...allThatFollow, 'reading streams'],
  },
  'stands the events of a command in the order of their streams': {
    breach: (store) => ({
      append: (appends) =>
        store.append(
          appends.map((append) => ({
            ...append,
            events: [...append.events].sort((one, other) =>
              one.stream < other.stream ? -1 : one.stream > other.stream ? 1 : 0,
            ),
          })),
        ),
    }),
    by: ['the order of events: keeps the events of a command together and in order, over all its streams'],
    within: ['appending', 'recording events', 'the feed', 'command ids', 'repeated command ids', 'reading streams'],
  },
};

describe('the contract suite rejects a store that', () => {
  for (const [name, breaking] of Object.entries(breaches)) {
    it(
      name,
      async () => {
        expect(await rejection(breaking, minimalStore)).toEqual({ notRejectedBy: [], alsoRejectedBy: [] });
      },
      30_000,
    );
  }
});

/** Writes positions in another way, wherever they come out, and knows them again where they come in. */
function positioned(write: (position: Position) => string): Breach {
  const read = new Map<string, Position>([['', START]]);
  const out = (position: Position): Position => {
    const written = write(position) as Position;
    if (!read.has(written) || read.get(written)! < position) read.set(written, position);
    return written;
  };
  const placed = <Placed extends { readonly position: Position }>(one: Placed): Placed => ({
    ...one,
    position: out(one.position),
  });
  return (store) => ({
    async append(appends) {
      return (await store.append(appends)).map((outcome) => {
        if (outcome.kind !== 'committed' && outcome.kind !== 'duplicate') return outcome;
        const receipt = placed(outcome.receipt);
        return { ...outcome, receipt: { ...receipt, events: receipt.events.map(placed) } };
      });
    },
    async read(request) {
      const { pages, recorded } = await store.read(request);
      const whole = (event: object): boolean => 'position' in event;
      return {
        recorded,
        pages: pages.map((page) => ({
          ...page,
          events: page.events.map((event) => (whole(event) ? placed(event as RecordedEvent) : event)),
        })),
      };
    },
    async readAll(query) {
      const { events, upTo } = await store.readAll({ ...query, after: read.get(query.after) ?? query.after });
      return { events: events.map(placed), upTo: out(upTo) };
    },
  });
}
