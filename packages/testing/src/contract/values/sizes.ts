/** Large events, large appends and large calls, up to the limits that every store has. */
import { isDeepStrictEqual } from 'node:util';
import type { CommandId, EventStore, RecordedEvent } from '@eventcore/core';
import { MAX_STREAMS } from '@eventcore/core/store';
import { MAX_APPEND_EVENTS, MAX_EVENT_BYTES, type StreamPage } from '@eventcore/core/store';
import { at, commit, numbered, on, race, racing, send, stream } from '../section/arrange.js';
import { committed, conflicted, holds, lean, same } from '../section/expectations.js';
import { partsOf, versionOf, wholeFeed, wholeStream, wholeStreams } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'document-alice';
const bob = 'document-bob';
const carol = 'document-carol';

/** Data that takes exactly so many bytes of UTF-8 JSON: `{"text":"…"}`. */
const weighing = (bytes: number, letter = 'x'): { readonly text: string } => {
  const room = bytes - '{"text":""}'.length;
  const letters = Math.floor(room / Buffer.byteLength(letter));
  return { text: letter.repeat(letters) + 'y'.repeat(room - letters * Buffer.byteLength(letter)) };
};

const mostStreams = (store: EventStore): number => Math.min(MAX_STREAMS, store.limits?.streams ?? MAX_STREAMS);

/** What readers of all kinds find has to be what the feed has. */
async function readEveryWay(
  store: EventStore,
  expected: {
    readonly commandId: CommandId;
    readonly correlationId: string;
    readonly streams: readonly string[];
    readonly types: readonly string[];
  },
): Promise<void> {
  const { commandId, correlationId, streams, types } = expected;
  const feed = await wholeFeed(store);
  const events = (having: (event: RecordedEvent) => boolean) => feed.filter(having).map(({ id }) => id);
  const ids = (found: readonly RecordedEvent[]) => found.map(({ id }) => id);

  const filtered = await wholeFeed(store, { filter: { types } });
  same(
    ids(filtered),
    events(({ type }) => types.includes(type)),
    'The feed, through a filter.',
  );
  for (const id of streams) {
    const whole = await wholeStream(store, id);
    same(
      ids(whole),
      events(({ stream }) => stream === id),
      'A stream, in whole records.',
    );
    const [page] = await partsOf(store, { of: id });
    holds(isDeepStrictEqual(lean(page!.events), lean(whole)), 'A stream, for folding.');
    const [outcome] = await send(store, { expected: { [id]: whole.length + 1 }, events: [on(id)] });
    same(conflicted(outcome)[0]?.actual, whole.length, 'A conflict, whatever it leaves out of what was missed.');
  }
  let held: readonly StreamPage[] = [];
  await store.hold?.(
    streams.map((id) => ({ stream: stream(id), after: at(0), mode: 'read', detail: 'full' })),
    (pages) => ((held = pages), []),
  );
  for (const { stream: id, events: found } of held) {
    same(
      ids(found as readonly RecordedEvent[]),
      events((event) => event.stream === id),
      'Under a hold.',
    );
  }
  const { lookup } = store.capabilities;
  if (lookup === undefined) return;
  const ofCommand = await lookup.byCommand(commandId);
  same(
    ids(ofCommand),
    events((event) => event.commandId === commandId),
    'By the command.',
  );
  same((await lookup.byEvent(ofCommand.at(-1)!.id))?.id, ofCommand.at(-1)!.id, 'By the event.');
  const correlated = await lookup.byCorrelation(correlationId);
  same(
    ids(correlated),
    events((event) => event.correlationId === correlationId),
    'By the correlation.',
  );
}

export const sizes: Section = {
  title: 'sizes',
  clauses: [
    {
      says: "An event's data takes up to 1,000,000 bytes of UTF-8 JSON; an append holds up to 10,000 events and 16 MB.",
      behaviours: {
        'keeps an event of a million bytes': async ({ store }) => {
          for (const letter of ['x', '€', '😀']) {
            const data = weighing(MAX_EVENT_BYTES, letter);
            same(Buffer.byteLength(JSON.stringify(data)), MAX_EVENT_BYTES, 'It is as large as an event may be.');
            await commit(store, { expected: { [alice]: 'any' }, events: [on(alice, 'Kept', data)] });
            const kept = (await wholeStream(store, alice)).at(-1)?.data as { readonly text: string };
            holds(kept.text === data.text, `All of it comes back, written in ${letter}.`);
          }
        },
        'keeps metadata of a million bytes': async ({ store }) => {
          const metadata = weighing(MAX_EVENT_BYTES);
          await commit(store, { expected: { [alice]: 0 }, events: [on(alice)], metadata });
          const kept = (await wholeStream(store, alice))[0]?.metadata as { readonly text: string };
          holds(kept.text === metadata.text, 'All of it comes back.');
        },
        'appends ten thousand events at once': async ({ store }) => {
          const receipt = await commit(store, { expected: { [alice]: 0 }, events: numbered(alice, MAX_APPEND_EVENTS) });
          same(
            [receipt.events.length, receipt.versions],
            [MAX_APPEND_EVENTS, new Map([[alice, MAX_APPEND_EVENTS]])],
            'All in one receipt.',
          );
          const numbers = (await wholeStream(store, alice)).map(({ data }) => (data as { readonly n: number }).n);
          holds(
            numbers.every((n, index) => n === index + 1),
            'They stand in the order in which they were emitted.',
          );
          const ordered = (await wholeFeed(store)).map(({ version }) => version);
          holds(
            ordered.length === MAX_APPEND_EVENTS && ordered.every((version, index) => version === index + 1),
            'And in the feed.',
          );
        },
        'appends sixteen megabytes at once': async ({ store }) => {
          const data = weighing(MAX_EVENT_BYTES);
          await commit(store, {
            expected: { [alice]: 0 },
            events: Array.from({ length: 16 }, () => on(alice, 'Kept', data)),
          });
          const [events] = await wholeStreams(store, [alice]);
          const lengths = new Set(events!.map((event) => (event.data as { readonly text: string }).text.length));
          same(
            [events!.length, lengths],
            [16, new Set([data.text.length])],
            'A stream is read whole, in as many pages as it takes.',
          );
        },
      },
    },
    {
      says: 'Sizes count what is given back: the stored text, metadata included, once a command. What is committed can be read, by every way of reading.',
      behaviours: {
        'gives back many events of a command whose metadata is large, and what comes after them': async ({ store }) => {
          const metadata = weighing(990_000);
          const events = [on(bob, 'Begun'), ...numbered(alice, 559), on(bob, 'Ended')];
          const plan = { expected: { [alice]: 0, [bob]: 0 }, events, metadata, correlationId: 'large' };
          const { commandId } = await commit(store, plan);
          await commit(store, { expected: { [alice]: 559 }, events: [on(alice, 'Next')] });
          await readEveryWay(store, {
            commandId,
            correlationId: 'large',
            streams: [alice, bob],
            types: ['Ended', 'Next'],
          });
          for (const event of (await wholeFeed(store)).slice(0, events.length)) {
            same((event.metadata as typeof metadata).text.length, metadata.text.length, 'Each event carries it.');
          }
        },
        'gives back a command that has written to many streams, with its metadata, from all of them at once': async ({
          store,
        }) => {
          const ids = Array.from({ length: Math.min(600, mostStreams(store)) }, (_, n) => `document-${n}`);
          const metadata = weighing(990_000);
          const expected = Object.fromEntries(ids.map((id) => [id, 0]));
          await commit(store, { expected, events: ids.map((id) => on(id)), metadata });
          const pages = await partsOf(store, ...ids.map((of) => ({ of, detail: 'full' as const })));
          for (const { events } of pages) {
            const [event] = events as readonly RecordedEvent[];
            same((event!.metadata as typeof metadata).text.length, metadata.text.length, 'Each event carries it.');
          }
        },
        'gives back what grows when it is kept, or refuses it for certain, and its neighbours go on': async ({
          store,
        }) => {
          // Some databases keep 1e308 with all of its 309 digits.
          const huge = Array.from({ length: 140_000 }, () => 1e308);
          const many = Array.from({ length: 13 }, () => on(alice, 'Grown', huge));
          const outcomes = await send(
            store,
            { expected: { [alice]: 0 }, events: [on(alice, 'First')] },
            { expected: { [alice]: { after: 0 } }, events: many, correlationId: 'grown' },
            { expected: { [bob]: 0 }, events: [on(bob)], metadata: { huge } },
            { expected: { [alice]: { after: 1 } }, events: [on(alice)] },
            { expected: { [carol]: 0 }, events: [on(carol, 'Last')] },
          );
          const [first, grown, described, chained, last] = outcomes;
          for (const outcome of [first, last]) committed(outcome);
          for (const outcome of [grown, described]) {
            const refused = outcome?.kind === 'failed' && !outcome.error.retriable;
            holds(refused || outcome?.kind === 'committed', 'It is kept, or refused for good and for certain.');
          }
          same(
            chained?.kind,
            grown?.kind === 'committed' ? 'committed' : 'conflict',
            'What rests on it ends as it does.',
          );
          const receipts = outcomes.flatMap((outcome) => (outcome.kind === 'committed' ? [outcome.receipt] : []));
          const kept = receipts.flatMap(({ events }) => events).length;
          same((await wholeFeed(store)).length, kept, 'The feed gives what was committed, and nothing else.');
          const { commandId } = committed(last);
          await readEveryWay(store, {
            commandId,
            correlationId: 'grown',
            streams: [alice, bob, carol],
            types: ['Last'],
          });
        },
        'gives back many commands that are large together': async ({ store }) => {
          const data = weighing(MAX_EVENT_BYTES);
          for (let n = 0; n < 12; n++) {
            const plan = { expected: { [alice]: n }, correlationId: 'together', metadata: data };
            await commit(store, { ...plan, events: [on(alice, 'Kept', data)] });
          }
          const { commandId } = await commit(store, { expected: { [bob]: 0 }, events: [on(bob)] });
          await readEveryWay(store, { commandId, correlationId: 'together', streams: [alice, bob], types: ['Kept'] });
        },
      },
    },
    {
      says: 'A command names at most a thousand streams, or fewer where the store says so by its `limits`. A call takes many appends.',
      behaviours: {
        'checks and writes a thousand streams in one append': async ({ store }) => {
          const ids = Array.from({ length: mostStreams(store) }, (_, n) => `document-${n}`);
          const lastId = ids.at(-1)!;
          const plan = (version: number) => ({
            expected: Object.fromEntries(ids.map((id) => [id, version])),
            events: ids.map((id) => on(id)),
          });
          await commit(store, plan(0));
          await commit(store, { expected: { [lastId]: 1 }, events: [on(lastId)] });
          const [outcome] = await send(store, plan(1));
          holds(outcome?.kind === 'conflict', 'One stream in a thousand has moved, and that is one too many.');
          same(
            outcome.stale.map(({ stream }) => stream),
            [lastId],
            'It is the one that is reported.',
          );
        },
        'takes wide appends side by side': async (given) => {
          const wide = (n: number) => {
            const ids = Array.from({ length: mostStreams(given.store) }, (_, at) => `document-${n}-${at}`);
            return { expected: Object.fromEntries(ids.map((id) => [id, 0])), events: [on(ids[0]!), on(ids.at(-1)!)] };
          };
          for (const outcome of await racing(
            given,
            Array.from({ length: 12 }, (_, n) => wide(n)),
          ))
            committed(outcome);
        },
        'takes appends that name more streams together than one of them may': async ({ store }) => {
          const wide = (n: number, more: Readonly<Record<string, number | { readonly after: number }>> = {}) => {
            const ids = Array.from({ length: Math.floor(mostStreams(store) * 0.6) }, (_, at) => `document-${n}-${at}`);
            const expected = { ...Object.fromEntries(ids.map((id) => [id, 0])), ...more };
            return { expected, events: Object.keys(expected).map((id) => on(id)) };
          };
          for (const outcome of await send(store, wide(1), wide(2), wide(3))) committed(outcome);
          const [, chained, refused, rest, last] = await send(
            store,
            wide(4),
            wide(5, { 'document-4-0': { after: 0 } }),
            wide(6, { 'document-5-0': 0 }),
            wide(7, { 'document-6-0': { after: 2 } }),
            wide(8),
          );
          for (const outcome of [chained, last]) committed(outcome);
          same(
            [refused, rest].map((outcome) => conflicted(outcome).map(({ stream, reason }) => [stream, reason])),
            [[['document-5-0', 'moved']], [['document-6-0', 'chain']]],
            'However many calls the store makes of it, each is judged as in one.',
          );
          same(await versionOf(store, 'document-4-0'), 2, 'What rests on an earlier append is written after it.');
        },
        'takes five hundred appends in one call': async ({ store }) => {
          const plan = (n: number) => ({ expected: { [`document-${n}`]: 0 }, events: numbered(`document-${n}`, 2) });
          const outcomes = await send(store, ...Array.from({ length: 500 }, (_, n) => plan(n)));
          for (const outcome of outcomes) committed(outcome);
          const versions = await race(10, (n) => versionOf(store, `document-${n * 50}`));
          same(new Set(versions), new Set([2]), 'Each was applied.');
        },
      },
    },
  ],
};
