/** Large events, large appends and large calls, up to the limits that every store has. */
import { MAX_APPEND_EVENTS, MAX_EVENT_BYTES } from '@eventcore/core/store';
import { commit, numbered, on, race, send } from '../section/arrange.js';
import { committed, holds, same } from '../section/expectations.js';
import { versionOf, wholeFeed, wholeStream, wholeStreams } from '../section/observe.js';
import type { Section } from '../section/section.js';

const alice = 'document-alice';

/** Data that takes exactly so many bytes of UTF-8 JSON: `{"text":"…"}`. */
const weighing = (bytes: number, letter = 'x'): { readonly text: string } => {
  const room = bytes - '{"text":""}'.length;
  const letters = Math.floor(room / Buffer.byteLength(letter));
  return { text: letter.repeat(letters) + 'y'.repeat(room - letters * Buffer.byteLength(letter)) };
};

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
      says: 'An append may rest on a thousand streams, and a call take many appends.',
      behaviours: {
        'checks and writes a thousand streams in one append': async ({ store }) => {
          const ids = Array.from({ length: 1000 }, (_, n) => `document-${n}`);
          const plan = (version: number) => ({
            expected: Object.fromEntries(ids.map((id) => [id, version])),
            events: ids.map((id) => on(id)),
          });
          await commit(store, plan(0));
          await commit(store, { expected: { 'document-999': 1 }, events: [on('document-999')] });
          const [outcome] = await send(store, plan(1));
          holds(outcome?.kind === 'conflict', 'One stream in a thousand has moved, and that is one too many.');
          same(
            outcome.stale.map(({ stream }) => stream),
            ['document-999'],
            'It is the one that is reported.',
          );
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
