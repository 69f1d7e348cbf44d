/** Hostile data: what passes validation comes back exactly, by every way in which events are read. */
import type { EventStore, Json, StreamId } from '@eventcore/core';
import type { LeanEvent } from '@eventcore/core/store';
import { commit, fill, on, race, send } from '../section/arrange.js';
import { conflicted, holds, same } from '../section/expectations.js';
import { hostileKeys, hostileTexts, hostileValues } from './hostile-corpus.js';
import { partsOf, wholeFeed, wholeStream } from '../section/observe.js';
import type { Behaviour, Section } from '../section/section.js';

const alice = 'document-alice';

/** Appends a value as data and as metadata, and looks at it in every way. */
function roundTrip(value: unknown): Behaviour {
  return async ({ store }) => {
    const metadata = typeof value === 'object' && value !== null ? value : { held: value };
    await commit(store, {
      expected: { [alice]: 0 },
      events: [on(alice, 'Kept', value), on(alice, 'Kept', metadata)],
      metadata,
    });
    const [page] = await partsOf(store, { of: alice });
    exactly(page!.events, [value, metadata], 'a lean page');
    exactly(await wholeStream(store, alice), [value, metadata], 'a full page');
    const events = await wholeFeed(store);
    exactly(events, [value, metadata], 'the feed');
    for (const event of events) same(text(event.metadata), text(metadata as Json), 'Metadata comes back exactly.');
    exactly(await missedBy(store), [value, metadata], 'the missed events of a conflict');
    holds(!('polluted' in {}), 'No prototype was touched.');
  };
}

export const hostileData: Section = {
  title: 'hostile data',
  clauses: [
    {
      says: 'What passes validation comes back exactly as it was: nothing depends on the order of keys, nothing is normalised, cut, folded or run.',
      behaviours: Object.fromEntries(
        Object.entries(hostileValues).map(([name, value]) => [`keeps ${name}`, roundTrip(value)]),
      ),
    },
    {
      says: 'Stream ids are compared byte for byte and never normalised. Look-alikes stay distinct, and no character is special.',
      behaviours: {
        'keeps streams apart whose ids look alike, or like syntax': async ({ store }) => {
          const ids = hostileKeys.map((key) => `document-${key}`);
          await send(store, ...ids.map((id) => ({ expected: { [id]: 0 }, events: [on(id, 'Kept', { id })] })));
          const pages = await partsOf(store, ...ids.map((of) => ({ of })));
          for (const [index, { stream, version, events }] of pages.entries()) {
            same([stream, version, events[0]?.data], [ids[index], 1, { id: ids[index] }], 'Each stream is its own.');
          }
          const seen = (await wholeFeed(store)).map(({ stream }) => stream);
          same(seen, ids, 'Ids come back byte for byte.');
        },
        'filters by stream ids that look alike, or like syntax': async ({ store }) => {
          const ids = hostileKeys.map((key) => `document-${key}`) as unknown as readonly StreamId[];
          await fill(store, Object.fromEntries(ids.map((id) => [id, 1])));
          await race(ids.length, async (n) => {
            const seen = (await wholeFeed(store, { filter: { streams: [ids[n]!] } })).map(({ stream }) => stream);
            same(seen, [ids[n]], 'A filter by stream lets that one stream through.');
          });
          same((await wholeFeed(store, { filter: { streams: ids } })).length, ids.length, 'Or all of them.');
        },
        'finds streams by prefixes that look alike, or like syntax': async ({ store }) => {
          const ids = hostileKeys.map((key) => `document-${key}`);
          await fill(store, Object.fromEntries(ids.map((id) => [id, 1])));
          await race(ids.length, async (n) => {
            const filter = { streamPrefixes: [ids[n]!] };
            const seen = (await wholeFeed(store, { filter })).map(({ stream }) => stream);
            const expected = ids.filter((id) => id.startsWith(ids[n]!));
            same(new Set(seen), new Set(expected), 'A prefix is compared byte for byte.');
          });
        },
        'keeps stream types apart that look like syntax': async ({ store }) => {
          const ids = [
            'constructor-1',
            'toString-1',
            'a_b-1',
            'aXb-1',
            'a-b_1',
            'a-1',
            'aB-1',
            'ab-1',
            `${'t'.repeat(64)}-1`,
            `${'t'.repeat(64)}-${'k'.repeat(255)}`,
            `${'t'.repeat(63)}u-${'k'.repeat(255)}`,
          ];
          await send(store, ...ids.map((id) => ({ expected: { [id]: 0 }, events: [on(id)] })));
          same(
            (await wholeFeed(store)).map(({ stream }) => stream),
            ids,
            'Each type is its own.',
          );
        },
      },
    },
    {
      says: "An event's name, correlation and causation ids are text up to 255 bytes without control characters, and come back byte for byte.",
      behaviours: {
        'keeps names of events and tracing ids that look like syntax': async ({ store }) => {
          const commands = hostileKeys.map((name) => ({
            expected: { [alice]: 'any' as const },
            events: [on(alice, name)],
            correlationId: name,
            causationId: name,
          }));
          await send(store, ...commands);
          const seen = (await wholeStream(store, alice)).map(({ type, correlationId, causationId }) => [
            type,
            correlationId,
            causationId,
          ]);
          same(
            seen,
            hostileKeys.map((name) => [name, name, name]),
            'Names come back byte for byte.',
          );
          const [page] = await partsOf(store, { of: alice });
          same(
            page!.events.map(({ type }) => type),
            hostileKeys,
            'In lean pages too.',
          );
        },
        'filters by names of events that look like syntax': async ({ store }) => {
          await commit(store, { expected: { [alice]: 0 }, events: hostileKeys.map((name) => on(alice, name)) });
          await race(hostileKeys.length, async (n) => {
            const seen = (await wholeFeed(store, { filter: { types: [hostileKeys[n]!] } })).map(({ type }) => type);
            same(seen, [hostileKeys[n]], 'A filter by type lets that one type through.');
          });
        },
        'keeps fingerprints that look like syntax': async ({ store }) => {
          const texts = hostileTexts.filter((each) => each !== '');
          const plans = texts.map((fingerprint) => ({
            fingerprint,
            expected: { [alice]: 'any' as const },
            events: [on(alice)],
          }));
          const outcomes = await send(store, ...plans);
          const commands = outcomes.map((outcome) =>
            outcome.kind === 'committed' ? outcome.receipt.commandId : undefined!,
          );
          const { recorded } = await store.read({ streams: [], commands });
          same(
            recorded.map((record) => record?.fingerprint),
            texts,
            'Fingerprints come back byte for byte.',
          );
        },
      },
    },
  ],
};

function exactly(events: readonly LeanEvent[], values: readonly unknown[], where: string): void {
  same(
    events.map(({ data }) => text(data)),
    values.map((value) => text(value as Json)),
    `Data comes back exactly, in ${where}.`,
  );
}

async function missedBy(store: EventStore): Promise<readonly LeanEvent[]> {
  const [outcome] = await send(store, { expected: { [alice]: 0 } });
  const [stale] = conflicted(outcome);
  return (stale?.reason === 'stale' ? stale.missed : undefined) ?? [];
}

/** JSON text with its keys in order: two values are the same if and only if their texts are. */
function text(value: Json): string {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(text).join(',')}]`;
  const entries = Object.entries(value as { readonly [key: string]: Json });
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${text(item)}`).join(',')}}`;
}
