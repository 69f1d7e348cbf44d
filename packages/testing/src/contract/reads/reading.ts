/** Reading streams: pages, versions, and how a page that ended early is read on. */
import type { LeanEvent } from '@eventcore/core/store';
import { at, commit, fill, numbered, on, stream } from '../section/arrange.js';
import { lean, same } from '../section/expectations.js';
import { partsOf, versionOf, wholeStream, wholeStreams } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'account-alice';
const bob = 'account-bob';

const notes = (first: number, last: number): readonly unknown[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    type: 'Noted',
    schemaVersion: 1,
    data: { n: first + index },
  }));

export const reading: Section = {
  title: 'reading streams',
  clauses: [
    {
      says: 'A version is the count of the events of one stream; 0 means that it does not exist yet.',
      behaviours: {
        'answers for a stream that does not exist with version 0 and no events': async ({ store }) => {
          const [page] = await partsOf(store, { of: alice });
          same(page, { stream: alice, version: 0, events: [] }, 'A missing stream is an empty page at version 0.');
        },
        'gives all events of a stream in the order of their versions': async ({ store }) => {
          await commit(store, { expected: { [alice]: 0 }, events: numbered(alice, 2) });
          await commit(store, { expected: { [alice]: 2 }, events: numbered(alice, 3, 3) });
          const events = await wholeStream(store, alice);
          same(lean(events), notes(1, 5), 'Events come in the order in which they were appended.');
          const versions = events.map((event) => event.version);
          same(versions, [1, 2, 3, 4, 5], 'Versions count from 1, without a gap.');
        },
        'keeps streams apart, also where one id begins with another': async ({ store }) => {
          await fill(store, { 'account-a': 1, 'account-ab': 2, 'account-a-b': 3 });
          same(await versionOf(store, 'account-a'), 1, '"account-a" holds its own event alone.');
          same(await versionOf(store, 'account-ab'), 2, '"account-ab" holds its own events alone.');
          same(await versionOf(store, 'account-b'), 0, '"account-b" was never appended to.');
        },
      },
    },
    {
      says: '`read` answers with one page for each query, in the order of the queries.',
      behaviours: {
        'answers a request for nothing with nothing': async ({ store }) => {
          same(await store.read({ streams: [] }), { pages: [], recorded: [] }, 'No queries, no pages.');
        },
        'gives one page for each query, in their order, missing streams among them': async ({ store }) => {
          await fill(store, { [alice]: 2, [bob]: 1 });
          const pages = await partsOf(store, { of: bob }, { of: 'account-carol' }, { of: alice });
          same(
            pages.map(({ stream: id, version, events }) => [id, version, events.length]),
            [
              [bob, 1, 1],
              ['account-carol', 0, 0],
              [alice, 2, 2],
            ],
            'Pages stand in the order of the queries.',
          );
        },
        'answers two queries for one stream with a page each': async ({ store }) => {
          await fill(store, { [alice]: 4 });
          const pages = await partsOf(store, { of: alice, after: 3 }, { of: alice, upTo: 1 });
          same(
            pages.map(({ events }) => lean(events)),
            [notes(4, 4), notes(1, 1)],
            'Each query has its own page.',
          );
        },
        'reads a thousand streams in one call': async ({ store }) => {
          const ids = Array.from({ length: 1000 }, (_, index) => `account-${index}`);
          const expected = Object.fromEntries(ids.map((id) => [id, 0]));
          const odd = ids.filter((_, index) => index % 2 === 1);
          await commit(store, { expected, events: odd.map((id) => on(id)) });
          const lengths = (await wholeStreams(store, ids)).map(({ length }) => length);
          same(
            lengths,
            ids.map((_, index) => index % 2),
            'Each page is that of its own stream.',
          );
        },
      },
    },
    {
      says: "`page.version` is the stream's version in the snapshot, whatever part of the stream was asked for.",
      behaviours: {
        'gives the events after a version': async ({ store }) => {
          await fill(store, { [alice]: 5 });
          const [page] = await partsOf(store, { of: alice, after: 3 });
          same(lean(page!.events), notes(4, 5), '`after: 3` gives the events from the fourth on.');
          same(page!.version, 5, "The version is the stream's, not the page's.");
        },
        'gives no events after the end of a stream, and its version all the same': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const pages = await partsOf(store, { of: alice, after: 2 }, { of: alice, after: 9 }, { of: bob, after: 9 });
          const seen = pages.map(({ version, events }) => [version, events.length]);
          same(
            seen,
            [
              [2, 0],
              [2, 0],
              [0, 0],
            ],
            'There is nothing after the end.',
          );
        },
        'gives the events up to a version and none beyond it': async ({ store }) => {
          await fill(store, { [alice]: 5 });
          const pages = await partsOf(store, { of: alice, after: 1, upTo: 3 }, { of: alice, after: 3, upTo: 9 });
          same(
            pages.map(({ events }) => lean(events)),
            [notes(2, 3), notes(4, 5)],
            '`upTo` is the last version given.',
          );
          same(
            pages.map(({ version }) => version),
            [5, 5],
            '`upTo` bounds the events, not the version.',
          );
        },
        'gives at most as many events as the limit, the first ones': async ({ store }) => {
          await fill(store, { [alice]: 5 });
          const pages = await partsOf(store, { of: alice, after: 1, limit: 2 }, { of: alice, limit: 9 });
          same(
            pages.map(({ events }) => lean(events)),
            [notes(2, 3), notes(1, 5)],
            'A limit gives the first events.',
          );
          same(
            pages.map(({ version }) => version),
            [5, 5],
            'A limit bounds the events, not the version.',
          );
        },
      },
    },
    {
      says: 'A page may end early; it goes on with `after += events.length, upTo = version`. History is immutable, so later pages need no snapshot.',
      behaviours: {
        'can be read on from a page that ended early while the stream grows': async ({ store }) => {
          await fill(store, { [alice]: 5 });
          const [first] = await partsOf(store, { of: alice, limit: 2 });
          await commit(store, { expected: { [alice]: 5 }, events: numbered(alice, 3, 6) });
          const [rest] = await partsOf(store, { of: alice, after: 2, upTo: first!.version });
          same(
            lean([...first!.events, ...rest!.events]),
            notes(1, 5),
            'Both make up the stream of the first snapshot.',
          );
        },
        'can be read to its end, however long the stream': async ({ store }) => {
          await fill(store, { [alice]: 1200 });
          same(lean(await wholeStream(store, alice)), notes(1, 1200), 'Page by page, nothing is lost or repeated.');
        },
        'leaves a page that was handed out as it was when the stream grows': async ({ store }) => {
          await fill(store, { [alice]: 2 });
          const { pages } = await store.read({ streams: [{ stream: stream(alice), after: at(0) }] });
          const before = structuredClone(pages);
          await commit(store, { expected: { [alice]: 2 }, events: numbered(alice, 1, 3) });
          same(pages, before, 'A page is a snapshot, not a view.');
        },
        'is not changed by what a reader does to what it was given': async ({ store }) => {
          await fill(store, { [alice]: 1 });
          for (const detail of ['lean', 'full'] as const) {
            const request = { streams: [{ stream: stream(alice), after: at(0), detail }] };
            const { pages } = await store.read(request);
            const before = structuredClone(pages);
            const events = pages[0]!.events as LeanEvent[];
            attempt(() => Object.assign(events[0]!, { type: 'Forged' }));
            attempt(() => Object.assign(events[0]!.data as object, { n: 2 }));
            attempt(() => events.pop());
            same((await store.read(request)).pages, before, 'History is immutable.');
          }
        },
      },
    },
    {
      says: 'Lean pages carry type, schema version and data. Whole records are asked for, with `detail: "full"`.',
      behaviours: {
        'gives lean events unless whole records are asked for, query by query': async ({ store }) => {
          const receipt = await commit(store, { expected: { [alice]: 0 }, events: numbered(alice, 1) });
          const details = [{}, { detail: 'full' }, { detail: 'lean' }] as const;
          const pages = await partsOf(store, ...details.map((detail) => ({ of: alice, ...detail })));
          for (const { events } of pages) same(lean(events), notes(1, 1), 'Every detail holds what folding needs.');
          const record = pages[1]!.events[0] as unknown as Record<string, unknown>;
          same(
            ['id', 'stream', 'version', 'position'].map((field) => record[field]),
            [receipt.events[0]!.id, alice, 1, receipt.position],
            'A full page holds whole records.',
          );
        },
      },
    },
    {
      says: '`read` sees everything that was acknowledged before it was called.',
      behaviours: {
        'sees every append that was acknowledged, whichever client made it': async ({ store, peer }) => {
          for (let count = 0; count < 20; count++) {
            const [writer, reader] = count % 2 === 0 ? [store, peer] : [peer, store];
            await commit(writer, { expected: { [alice]: count }, events: numbered(alice, 1) });
            same(await versionOf(reader, alice), count + 1, 'What was acknowledged is seen by whoever reads next.');
          }
        },
      },
    },
  ],
};

/** Data that was handed out may be frozen: just as well. */
function attempt(change: () => unknown): void {
  try {
    change();
  } catch {
    // Refused.
  }
}
