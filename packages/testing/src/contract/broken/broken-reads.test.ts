/** Stores that read wrongly, or bend what they keep, and the tests that reject them. */
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore } from '@eventcore/core';
import type { Append, LeanEvent, NewEvent, ReadRequest, ReadResult, StreamPage } from '@eventcore/core/store';
import { breathe } from '../section/arrange.js';
import { failuresOf, minimalStore, rejection, type Breach, type Breaking } from './broken-store.fixture.js';
import { partsOf } from '../section/observe.js';

/** Changes what a read answers. */
const answering =
  (change: (page: StreamPage, request: ReadRequest, index: number) => StreamPage): Breach =>
  (store) => ({
    async read(request) {
      const { pages, recorded } = await store.read(request);
      return { pages: pages.map((page, index) => change(page, request, index)), recorded };
    },
  });

/** Changes what a read is asked. */
const asking =
  (change: (query: ReadRequest['streams'][number]) => ReadRequest['streams'][number]): Breach =>
  (store) => ({ read: (request) => store.read({ ...request, streams: request.streams.map(change) }) });

/** Changes what is kept of events. */
const keeping =
  (change: (event: NewEvent) => Partial<NewEvent>, rest: (append: Append) => Partial<Append> = () => ({})): Breach =>
  (store) => ({
    append: (appends) =>
      store.append(
        appends.map((append) => ({
          ...append,
          ...rest(append),
          events: append.events.map((event) => ({ ...event, ...change(event) })),
        })),
      ),
  });

/** Data that went through a text and back, with something lost on the way. */
const rewritten = (change: (text: string) => string): Breach =>
  keeping(({ data }) => ({
    data: JSON.parse(change(JSON.stringify(data)), (_key, value: unknown) => Object.freeze(value)) as NewEvent['data'],
  }));

/** A read that is answered once for all who ask the same within a moment. */
function cached(read: EventStore['read']): EventStore['read'] {
  const answers = new Map<string, Promise<ReadResult>>();
  return (request) => {
    const question = JSON.stringify(request);
    const answer = answers.get(question) ?? read(request);
    if (!answers.has(question)) {
      answers.set(question, answer);
      setTimeout(() => answers.delete(question), 5);
    }
    return answer;
  };
}

const breaches: Readonly<Record<string, Breaking>> = {
  'reads each stream in a snapshot of its own': {
    breach: (store) => ({
      async read(request) {
        const pages: StreamPage[] = [];
        for (const query of request.streams) {
          const answer = await store.read({ streams: [query] });
          pages.push(...answer.pages);
          await breathe();
        }
        return { pages, recorded: (await store.read({ ...request, streams: [] })).recorded };
      },
    }),
    by: [
      'snapshots: never tears a reading of several streams while money moves between them',
      'snapshots: never tears a reading of commands that write to many streams',
      'snapshots: says that a command was applied exactly when its events are in the pages',
    ],
  },
  'looks command ids up in a snapshot of their own': {
    breach: (store) => ({
      async read(request) {
        const { pages } = await store.read(request);
        if (request.commands === undefined) return { pages, recorded: [] };
        await breathe();
        return { pages, recorded: (await store.read({ ...request, streams: [] })).recorded };
      },
    }),
    by: ['snapshots: says that a command was applied exactly when its events are in the pages'],
  },
  'answers a read with what was there a moment ago': {
    breach: (store) => ({ read: cached((request) => store.read(request)) }),
    by: ['reading streams: sees every append that was acknowledged, whichever client made it'],
    // Whoever reads, appends and reads the same again sees this.
    within: [
      'conflicts',
      'several appends in a call',
      'command ids',
      'repeated command ids',
      'racing appends',
      'write skew',
      'snapshots',
      'sizes',
      'recording events',
      'chains of appends in a call',
      'signals and deadlines',
    ],
  },
  "tells the page's version for the stream's": {
    breach: answering((page, { streams }, index) => ({
      ...page,
      version: (streams[index]!.after + page.events.length) as StreamPage['version'],
    })),
    by: [
      'reading streams: gives at most as many events as the limit, the first ones',
      'reading streams: gives no events after the end of a stream, and its version all the same',
    ],
    within: allThatRead(),
  },
  'gives the last events where the first were asked for': {
    breach: (store) => ({
      async read(request) {
        const { pages } = await store.read({ streams: request.streams.map(({ limit: _, ...query }) => query) });
        const { recorded } = await store.read({ ...request, streams: [] });
        const last = pages.map((page, index) => {
          const { limit } = request.streams[index]!;
          return limit === undefined
            ? page
            : { ...page, events: page.events.slice(Math.max(0, page.events.length - limit)) };
        });
        return { pages: last, recorded };
      },
    }),
    by: ['reading streams: gives at most as many events as the limit, the first ones'],
    within: ['reading streams'],
  },
  'pays no heed to the limit': {
    breach: asking(({ limit: _, ...query }) => query),
    by: ['reading streams: gives at most as many events as the limit, the first ones'],
    within: allThatRead(),
  },
  'pays no heed to the version up to which it is asked': {
    breach: asking(({ upTo: _, ...query }) => query),
    by: [
      'reading streams: gives the events up to a version and none beyond it',
      'reading streams: can be read on from a page that ended early while the stream grows',
    ],
    within: allThatRead(),
  },
  'gives the event at the version after which it was asked': {
    breach: asking((query) => ({ ...query, after: Math.max(0, query.after - 1) as typeof query.after })),
    by: ['reading streams: gives the events after a version'],
    within: allThatRead(),
  },
  'gives pages in the order of the ids': {
    breach: (store) => ({
      async read(request) {
        const { pages, recorded } = await store.read(request);
        return { pages: [...pages].sort((one, other) => (one.stream < other.stream ? -1 : 1)), recorded };
      },
    }),
    by: ['reading streams: gives one page for each query, in their order, missing streams among them'],
    within: allThatRead(),
  },
  'gives one page for two queries': {
    breach: (store) => ({
      read: (request) =>
        store.read({
          ...request,
          streams: request.streams.filter(
            (query, n, all) => all.findIndex(({ stream }) => stream === query.stream) === n,
          ),
        }),
    }),
    by: ['reading streams: answers two queries for one stream with a page each'],
    within: ['reading streams'],
  },
  'leaves missing streams out': {
    breach: (store) => ({
      async read(request) {
        const { pages, recorded } = await store.read(request);
        return { pages: pages.filter(({ version }) => version > 0), recorded };
      },
    }),
    by: [
      'reading streams: answers for a stream that does not exist with version 0 and no events',
      'reading streams: gives one page for each query, in their order, missing streams among them',
    ],
    within: allThatRead(),
  },
  'gives lean events to those who ask for whole records': {
    breach: answering((page) => ({
      ...page,
      events: page.events.map(({ type, schemaVersion, data }): LeanEvent => ({ type, schemaVersion, data })),
    })),
    by: ['reading streams: gives lean events unless whole records are asked for, query by query'],
    within: allThatRead(),
  },
  'hands out its own lists': {
    breach: (store) => {
      const lists = new Map<string, LeanEvent[]>();
      return {
        async read(request) {
          const { pages, recorded } = await store.read(request);
          const own = pages.map((page, index) => {
            const { after, upTo, limit, detail = 'lean' } = request.streams[index]!;
            if (after > 0 || upTo !== undefined || limit !== undefined) return page;
            const key = `${detail} ${page.stream}`;
            const list = lists.get(key) ?? page.events.map((event) => JSON.parse(JSON.stringify(event)) as LeanEvent);
            lists.set(key, list);
            return { ...page, events: list };
          });
          return { pages: own, recorded };
        },
        async append(appends) {
          const outcomes = await store.append(appends);
          for (const [key, list] of lists) {
            const [page] = await partsOf(store, { of: key.slice(5), detail: key.slice(0, 4) as 'lean' | 'full' });
            list.push(...page!.events.slice(list.length));
          }
          return outcomes;
        },
      };
    },
    by: [
      'reading streams: leaves a page that was handed out as it was when the stream grows',
      'reading streams: is not changed by what a reader does to what it was given',
    ],
    within: allThatRead(),
  },
  'drops metadata': {
    breach: keeping(
      () => ({}),
      () => ({ metadata: {} }),
    ),
    by: [
      'recording events: records everything that the append says of an event',
      'recording events: keeps the metadata of neighbours in a call apart',
    ],
    within: ['recording events', 'hostile data', 'sizes'],
  },
  'takes the correlation for the causation': {
    breach: keeping(
      () => ({}),
      ({ correlationId }) => ({ causationId: correlationId }),
    ),
    by: ['recording events: records everything that the append says of an event'],
    within: ['recording events'],
  },
  'takes every event for one of the first schema version': {
    breach: keeping(() => ({ schemaVersion: 1 })),
    by: ['recording events: keeps the schema version of each event, for folding too'],
    within: ['recording events'],
  },
  'gives events other ids': {
    breach: keeping(({ id }) => ({ id: id.replace(/^......../, '00000000') as NewEvent['id'] })),
    by: ['recording events: records everything that the append says of an event'],
    within: ['recording events'],
  },
  'loses keys that are names of the prototype': {
    breach: keeping(({ data }) => ({
      data: typeof data === 'object' && data !== null && !Array.isArray(data) ? reassigned(data as object) : data,
    })),
    by: ['hostile data: keeps keys that are names of the prototype', 'hostile data: keeps a prototype in a prototype'],
  },
  'keeps fifteen digits of a number': {
    breach: rewritten((text) =>
      text.replace(/\d+\.\d+(e-?\d+)?/g, (digits) => String(Number(Number(digits).toPrecision(15)))),
    ),
    by: ['hostile data: keeps fractions to the last digit'],
  },
  'ends texts where an escape looks like U+0000': {
    breach: rewritten((text) => text.replaceAll('u0000', '')),
    by: ['hostile data: keeps hostile texts'],
    within: ['hostile data'],
  },
  'normalises texts': {
    breach: rewritten((text) => text.normalize('NFC')),
    by: ['hostile data: keeps hostile texts', 'hostile data: keeps keys that look alike'],
    within: ['hostile data'],
  },
  'trims texts': {
    breach: rewritten((text) => text.replaceAll(/ +"/g, '"')),
    by: ['hostile data: keeps hostile texts'],
    within: ['hostile data'],
  },
  'normalises stream ids': {
    breach: namingStreams((id) => id.normalize('NFC')),
    by: ['hostile data: keeps streams apart whose ids look alike, or like syntax'],
    within: ['hostile data', 'filters of the feed'],
  },
  'folds the case of stream ids': {
    breach: namingStreams((id) => id.toLowerCase()),
    by: ['hostile data: keeps streams apart whose ids look alike, or like syntax'],
    within: ['hostile data', 'filters of the feed'],
  },
  'takes the smallest command id for none': {
    breach: (store) => {
      const nil = '00000000-0000-0000-0000-000000000000';
      let used = 0;
      return {
        append: (appends) =>
          store.append(
            appends.map((append) =>
              append.commandId === nil
                ? { ...append, commandId: `00000000-0000-4000-8000-${String((used += 1)).padStart(12, '0')}` as never }
                : append,
            ),
          ),
      };
    },
    by: [
      'the same as in memory: answers ids at the edges, chains and conflicts as the in-memory store does',
      'recording events: takes UUIDs of any version as ids',
    ],
  },
  'refuses, in words of its own, a character that it cannot keep': {
    breach: (store) => ({
      async append(appends) {
        const refused = appends.some(({ events }) =>
          events.some(({ data }) => JSON.stringify(data).includes('\uffff')),
        );
        if (!refused) return store.append(appends);
        return appends.map(() => ({ kind: 'failed', error: new StoreUnavailable('invalid byte sequence') }));
      },
    }),
    by: [
      'the same as in memory: answers every hostile value as the in-memory store does',
      'hostile data: keeps hostile texts',
      'hostile data: keeps every character that a text may hold',
    ],
    within: ['hostile data', 'the same as in memory'],
  },
  'cuts tracing ids': {
    breach: keeping(
      () => ({}),
      ({ correlationId }) => ({ correlationId: correlationId.slice(0, 100) }),
    ),
    by: [
      'the same as in memory: answers every hostile name as the in-memory store does',
      'hostile data: keeps names of events and tracing ids that look like syntax',
    ],
  },
  'cuts stream ids': {
    breach: namingStreams((id) => id.slice(0, 255)),
    by: ['hostile data: keeps streams apart whose ids look alike, or like syntax'],
    within: ['hostile data'],
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

  it('answers the reads of one client with what another one has moved since', async () => {
    const failures = await failuresOf({
      makeStore: async () => minimalStore(() => ({})),
      makePeer: async (store) => ({ ...store, read: cached((request) => store.read(request)), close: async () => {} }),
      racers: 40,
    });
    expect([...failures.keys()]).toContain(
      'reading streams: sees every append that was acknowledged, whichever client made it',
    );
  }, 30_000);
});

/** Sections that read streams in parts, where a wrong page shows. */
function allThatRead(): readonly string[] {
  return [
    'reading streams',
    'appending',
    'recording events',
    'conflicts',
    'several appends in a call',
    'chains of appends in a call',
    'command ids',
    'repeated command ids',
    'the order of events',
    'racing appends',
    'write skew',
    'snapshots',
    'the feed while others write',
    'hostile data',
    'signals and deadlines',
  ];
}

/** As an object is copied by those who forget that `__proto__` may be a key. */
function reassigned(data: object): NewEvent['data'] {
  const copy: Record<string, NewEvent['data']> = {};
  for (const [key, value] of Object.entries(data)) copy[key] = value as NewEvent['data'];
  return Object.freeze({ ...copy });
}

/** Gives streams other names, wherever they are named. */
function namingStreams(change: (id: string) => string): Breach {
  const name = <Id extends string>(id: Id): Id => change(id) as Id;
  return (store) => ({
    read: (request) =>
      store.read({ ...request, streams: request.streams.map((query) => ({ ...query, stream: name(query.stream) })) }),
    append: (appends) =>
      store.append(
        appends.map((append) => ({
          ...append,
          expected: new Map([...append.expected].map(([id, each]) => [name(id), each])),
          events: append.events.map((event) => ({ ...event, stream: name(event.stream) })),
        })),
      ),
  });
}
