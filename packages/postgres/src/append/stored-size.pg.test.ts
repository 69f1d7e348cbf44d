/** Sizes are those of what is kept, and so given back: measured here against the server's own texts. */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { START, systemRuntime, version, type RecordedEvent, type StreamId } from '@eventcore/core';
import { MAX_EVENT_BYTES, prepareAppend, type Append } from '@eventcore/core/store';
import type pg from 'pg';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
let pool: pg.Pool;
let schema: string;
let store: PostgresStore;
let stores = 0;

beforeAll(() => {
  pool = database.pool({ max: 2 });
});
beforeEach(async () => {
  schema = `sizes_${++stores}`;
  store = database.store({ pool, schema, pageBytes: 1000 });
  await store.migrate();
});

const append = (datas: readonly unknown[], { stream = 'note-1', metadata = {} as unknown } = {}): Append =>
  prepareAppend({
    commandId: systemRuntime.uuid(),
    fingerprint: 'Note',
    expected: new Map([[stream, 'any']]),
    events: datas.map((data) => ({ id: systemRuntime.uuid(), stream, type: 'Noted', data })),
    metadata,
  });

describe('what is stored of a command', () => {
  it('has its metadata once, and the sizes of the texts that are given back', async () => {
    const metadata = { user: 'teller', limits: [1e21, 1e-7] };
    const datas = [{ b: 1, a: [1, 2.5e30] }, 'é€😀\u0001"\\', {}, [], null, 0.1, 1e308, 5e-324, -1e21];
    await store.append([append(datas, { metadata })]);
    const rows = await database.query(
      `SELECT bytes, octet_length(data::text) AS data, metadata_bytes, octet_length(metadata::text) AS metadata
         FROM ${schema}.events ORDER BY index`,
    );
    expect(rows.map(({ bytes }) => bytes)).toEqual(rows.map(({ data }) => data));
    const [{ metadata: first } = {}] = rows;
    expect(rows.map(({ metadata_bytes }) => metadata_bytes)).toEqual(datas.map(() => first));
    expect(rows.map(({ metadata: own }) => own)).toEqual([first, ...datas.slice(1).map(() => null)]);
    expect(rows[6]?.['bytes']).toBe(309);
  });

  it('has no metadata where the command had none, and gives back an empty object', async () => {
    await store.append([append([1]), append([2], { metadata: null })]);
    expect(await database.query(`SELECT metadata, metadata_bytes FROM ${schema}.events ORDER BY position`)).toEqual([
      { metadata: null, metadata_bytes: null },
      { metadata: null, metadata_bytes: 4 },
    ]);
    const { events } = await store.readAll({ after: START, limit: 10 });
    expect(events.map(({ metadata }) => metadata)).toEqual([{}, null]);
  });

  it('has the sizes of a large call, too', async () => {
    const large = Array.from({ length: 30_000 }, (_, n) => n);
    await store.append([append([large, 1]), append([{ large }], { metadata: { large } }), append([2])]);
    expect(
      await database.query(
        `SELECT count(*)::int AS events FROM ${schema}.events e
          WHERE bytes = octet_length(data::text) AND metadata_bytes IS NOT DISTINCT FROM octet_length(metadata::text)`,
      ),
    ).toEqual([{ events: 4 }]);
  });
});

describe('what an answer says', () => {
  it('of a command it says once, in how many streams it may be found', async () => {
    const streams = Array.from({ length: 50 }, (_, n) => `note-${n}`);
    const metadata = { text: 'x'.repeat(10_000) };
    await store.append([blindAppend(streams, { metadata })]);
    const [answer] = await database.query(
      `SELECT count(*)::int AS pages, sum(octet_length(r.records))::int AS bytes
         FROM ${schema}.read($1, $2, $3, $3, true, NULL, '{}') AS r`,
      [streams.join('\u001f'), `{${streams.map(() => 0)}}`, `{${streams.map(() => 'NULL')}}`],
    );
    expect(answer?.['pages']).toBe(50);
    expect(answer?.['bytes']).toBeLessThan(2 * metadata.text.length);
    const { pages } = await store.read({
      streams: streams.map((stream) => ({ stream: stream as StreamId, after: version(0), detail: 'full' })),
    });
    expect(pages.map(({ events }) => (events as readonly RecordedEvent[])[0]?.metadata)).toEqual(
      streams.map(() => metadata),
    );
  });
});

describe('an append', () => {
  it('is kept when only the spaces between its values make it larger than an event may be', async () => {
    const digits = Array.from({ length: MAX_EVENT_BYTES / 2 - 1 }, () => 1);
    await store.append([append(Array.from({ length: 16 }, () => digits))]);
    const { events } = await store.readAll({ after: START, limit: 1 });
    expect(events.map(({ data }) => (data as readonly number[]).length)).toEqual(events.map(() => digits.length));
    expect(events).toHaveLength(16);
  });

  it('is refused, and told how large it is, when its numbers make it larger, in an event, in metadata, or in all', async () => {
    const numbers = (count: number) => Array.from({ length: count }, () => 1e308);
    const size = (count: number) => count * 309 + (count - 1) * 2 + 2;
    const outcomes = await store.append([
      append([1, numbers(10_000)]),
      append([1], { metadata: numbers(20_000) }),
      append(Array.from({ length: 20 }, () => numbers(4000))),
      append([numbers(4000)], { metadata: numbers(4000) }),
    ]);
    const refused = (subject: string, bytes: number, most: string) => ({
      kind: 'failed',
      error: {
        code: 'VALIDATION',
        retriable: false,
        subject,
        message: expect.stringMatching(
          new RegExp(`takes ${bytes.toLocaleString('en')} bytes as PostgreSQL keeps JSON.*; ${most} at most`),
        ),
      },
    });
    expect(outcomes).toMatchObject([
      refused('event Noted', size(10_000), '1,500,000'),
      refused('metadata', size(20_000), '1,500,000'),
      refused('The append', 20 * size(4000), '24,000,000'),
      { kind: 'committed' },
    ]);
    expect((await store.readAll({ after: START, limit: 10 })).events).toHaveLength(1);
  });

  it('is refused under a hold as well, and its neighbours go on', async () => {
    const held = { stream: 'note-1' as StreamId, after: version(0), mode: 'write' as const };
    const large = Array.from({ length: 10_000 }, () => 1e308);
    const outcomes = await store.hold([held], () => [append([large]), append([1])]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'committed']);
  });

  it('that was applied is known again, whatever comes under its id', async () => {
    const first = append([1]);
    await store.append([first]);
    const { commandId, fingerprint } = first;
    const large = { ...append([Array.from({ length: 10_000 }, () => 1e308)]), commandId, fingerprint };
    expect(await store.append([large])).toMatchObject([{ kind: 'duplicate' }]);
  });
});

describe('a page of a thousand bytes', () => {
  const metadata = { text: 'x'.repeat(300) };
  const data = { text: 'x'.repeat(100) };

  beforeEach(async () => {
    for (let n = 0; n < 6; n++) await store.append([append([data, data], { metadata })]);
  });

  it('of the feed counts metadata once a command', async () => {
    // Two commands of 2 × 113 + 313 bytes come to more than a thousand.
    expect((await store.readAll({ after: START, limit: 100 })).events).toHaveLength(4);
    const filter = { types: ['Noted'] };
    expect((await store.readAll({ after: START, limit: 100, filter })).events).toHaveLength(4);
  });

  it('of whole records does so as well, and one for folding counts none', async () => {
    const query = { stream: 'note-1' as StreamId, after: version(0) };
    const lengths = async (...queries: Parameters<PostgresStore['read']>[0]['streams'][number][]) =>
      (await store.read({ streams: queries })).pages.map(({ events }) => events.length);
    expect(await lengths({ ...query, detail: 'full' })).toEqual([4]);
    expect(await lengths(query)).toEqual([9]);
    // Together they have a thousand bytes, and each of them its first event.
    expect(await lengths({ ...query, detail: 'full' }, query)).toEqual([2, 2]);
  });

  it('of a look-up is read on to its end', async () => {
    const ids = (await database.query(`SELECT event_id AS id FROM ${schema}.events ORDER BY position, index`)).map(
      ({ id }) => id,
    );
    const correlated = { correlationId: 'together', causationId: 'together' };
    for (let n = 0; n < 7; n++) await store.append([{ ...append([data, data], { metadata }), ...correlated }]);
    const { lookup } = store.capabilities;
    const [byCorrelation, byCausation] = [await lookup.byCorrelation('together'), await lookup.byCausation('together')];
    expect(byCorrelation).toEqual((await wholeFeed()).slice(ids.length));
    expect(byCausation).toEqual(byCorrelation);
  });

  it('begins inside of a command with its metadata, too', async () => {
    const [, second, third] = await wholeFeed();
    const { events } = await store.readAll({ after: (await wholeFeed())[0]!.position, limit: 2 });
    expect(events[0]).toEqual(second);
    expect(events[1]).toEqual(third);
    const { pages } = await store.read({
      streams: [{ stream: 'note-1' as StreamId, after: version(1), detail: 'full' }],
    });
    expect(pages[0]?.events.slice(0, 2)).toEqual([second, third]);
  });

  async function wholeFeed() {
    const events = [];
    for (let after = START; ;) {
      const page = await store.readAll({ after, limit: 100 });
      if (page.upTo === after) return events;
      events.push(...page.events);
      after = page.upTo;
    }
  }
});
