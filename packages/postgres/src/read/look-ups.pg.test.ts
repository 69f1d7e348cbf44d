/**
 * No look-up goes through the log. Counted by EXPLAIN in pages of the table and its indexes, those of the statements inside
 * of functions among them: a plan that doesn't say "Seq Scan" may go through the whole of an index all the same.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { START, type EventFilter } from '@eventcore/core';
import type pg from 'pg';
import type { Statement, Value } from '../connection/database.js';
import { isoTime } from '../sql/record.js';
import { schemaName } from '../sql/sql.js';
import { storeStatements } from '../sql/statements.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const EVENTS = 100_000;
/** What finding one of them, or a page of ten, may read. The log and its indexes have thousands. */
const FEW = 150;

const database = testDatabase();
const { read, feed, find, list, distance } = storeStatements(schemaName('eventcore'));
const uuid = (kind: number, number: number): string =>
  `${kind}0000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
/** One session. */
let client: pg.Pool;

const last = String(EVENTS - 20);
const stream = (id: string, after: number, most: number) => [
  id,
  `{${after}}`,
  '{NULL}',
  `{${most}}`,
  false,
  '4000000',
  '{}',
];
const idOf = (kind: string, id: string) => [kind, id, '0', '5000', '4000000'];
const feedOf = (after: string, filter: readonly (readonly string[] | null)[]) => [
  after,
  '0',
  '10',
  '4000000',
  ...filter.map((part) => part && JSON.stringify(part)),
];

const LOOK_UPS: readonly (readonly [string, Statement, readonly Value[], string])[] = [
  ['an event by its id', find, idOf('event', uuid(1, 500)), uuid(1, 500)],
  ['an event that is not there', find, idOf('event', uuid(9, 500)), 'null'],
  ["a command's events", find, idOf('command', uuid(2, 501)), uuid(1, 501)],
  ['events by a correlation id of their own', find, idOf('correlation', 'trace-3000'), uuid(1, 3000)],
  ["events by a correlation id that is their command's", find, idOf('correlation', uuid(2, 502)), uuid(1, 502)],
  ['events by a causation id of their own', find, idOf('causation', 'cause-6000'), uuid(1, 6000)],
  ["events by a causation id that is their command's", find, idOf('causation', uuid(2, 503)), uuid(1, 503)],
  ['a page in the middle of a long stream', read, stream('ledger-1', 25_000, 10), '50000'],
  ['the end of a long stream', read, stream('ledger-1', EVENTS / 2 - 10, 5000), '50000'],
  ['a stream that is not there', read, stream('note-none', 0, 5000), '"0"'],
  [
    'whether a command id is recorded',
    read,
    ['', '{}', '{}', '{}', false, '4000000', `{${uuid(2, 504)}}`],
    uuid(1, 504),
  ],
  ['a page of streams by a prefix', list, ['note-1', 'note-15', '10'], 'note-1500'],
  ['streams by a prefix that none has', list, ['nobody-', null, '10'], '[]'],
  ['the distance to the end', distance, [last, '0', String(EVENTS), '0'], '"20"'],
  ['a page of the feed', feed, feedOf('50000', [null, null, null]), uuid(1, 50_005)],
  ['a rare type in the feed', feed, feedOf('0', [['Rare'], null, null]), uuid(1, 90_000)],
  ['a type in the feed that no event has', feed, feedOf('0', [['Never'], null, null]), '100000'],
  ['one stream of the feed', feed, feedOf('50000', [null, ['note-77'], null]), uuid(1, 60_077)],
  ['a long stream of the feed', feed, feedOf('50000', [null, ['ledger-1'], null]), uuid(1, 50_002)],
  ['what is new in the feed by a prefix', feed, feedOf(last, [null, null, ['ledger-']]), uuid(1, EVENTS - 18)],
  ['the end of the feed', feed, feedOf(String(EVENTS), [null, null, null]), '[[null,null,null,null]]'],
];

beforeAll(async () => {
  await database.store({ pool: database.pool({ max: 1 }) }).migrate();
  // As badly as it can be: plans are made while there is nearly nothing, and nobody ever tells that there is more.
  await database.query('ALTER TABLE eventcore.events SET (autovacuum_enabled = off)');
  client = database.pool({ max: 1, idleTimeoutMillis: 0 });
  await insert(1, 20);
  for (const [, statement, values] of LOOK_UPS) await client.query(statement.text, [...values]);
  for (const filter of [
    [null, null, null],
    [['Rare'], null, null],
    [null, ['ledger-1'], null],
    [null, null, ['note-']],
  ]) {
    await client.query(feed.text, feedOf('0', filter));
  }
  await insert(21, EVENTS);
}, 60_000);

/** Ten thousand streams with five events each, and one long one; a rare type; commands of one event. */
async function insert(from: number, to: number): Promise<void> {
  await database.query(`
    INSERT INTO eventcore.events (position, version, recorded_at, event_id, command_id, index, bytes, schema_version, stream_id, type,
                                  data, metadata, correlation_id, causation_id, fingerprint)
    SELECT n, CASE WHEN n % 2 = 0 THEN n / 2 ELSE 1 + n / 20000 END, '${isoTime(0)}',
           ('10000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ('20000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
           0, 8, 1, CASE WHEN n % 2 = 0 THEN 'ledger-1' ELSE 'note-' || n % 20000 END,
           CASE WHEN n % 10000 = 0 THEN 'Rare' ELSE 'Noted' END, '{"n": 1}', '{}',
           CASE WHEN n % 3 = 0 THEN 'trace-' || n END, CASE WHEN n % 3 = 0 THEN 'cause-' || n END, 'Note'
      FROM generate_series(${from}, ${to}) AS n`);
  await database.query(`SELECT setval('eventcore.position_sequence', ${to})`);
}

interface Looked {
  readonly pages: number;
  readonly found: string;
}

/** How many pages a statement touches, when the session has planned it already. */
async function look({ text }: Statement, values: readonly Value[]): Promise<Looked> {
  const { rows } = await client.query<string[]>({ text, values: [...values], rowMode: 'array' });
  const explained = await client.query<Record<'QUERY PLAN', readonly { readonly Plan: Record<string, number> }[]>>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    [...values],
  );
  const plan = explained.rows[0]!['QUERY PLAN'][0]!.Plan;
  return { pages: plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!, found: JSON.stringify(rows) };
}

describe(`in a log of ${EVENTS} events, few pages are read`, () => {
  it.each(LOOK_UPS)('for %s', async (_, statement, values, expected) => {
    const { pages, found } = await look(statement, values);
    expect(found).toContain(expected);
    expect(pages).toBeLessThan(FEW);
  });

  it.each([
    ['events_event_id_idx', find, idOf('event', uuid(1, 500))],
    ['events_correlation_id_idx', find, idOf('correlation', 'trace-3000')],
    ['events_causation_id_idx', find, idOf('causation', 'cause-6000')],
    ['events_type_idx', feed, feedOf('0', [['Rare'], null, null])],
  ])('which they would not be without %s, as this would show', async (index, statement, values) => {
    await client.query('BEGIN');
    await client.query(`DROP INDEX eventcore.${index}`);
    const { pages } = await look(statement, values);
    await client.query('ROLLBACK');
    expect(pages).toBeGreaterThan(10 * FEW);
  });

  it.each([
    // Two of the first are rare ones.
    ['a type and a prefix', [['Noted'], null, ['nobody-']], '20002'],
    ['a type and a stream', [['Never'], ['ledger-1'], null], '40000'],
    ['a stream and a prefix', [null, ['ledger-1'], ['nobody-']], '40000'],
  ])(
    'for %s that no event has both of, twenty thousand events are looked at, and the next call goes on from there',
    async (_, filter, upTo) => {
      const { found } = await look(feed, feedOf('0', filter));
      expect(JSON.parse(found)).toEqual([[upTo, '0', null, null]]);
    },
  );

  it.each([
    ['types and prefixes', { types: ['Rare', 'Noted'], streamPrefixes: ['note-77', 'nobody-'] }],
    ['types and streams', { types: ['Rare'], streams: ['ledger-1', 'note-77'] }],
    ['streams and prefixes', { streams: ['ledger-1', 'note-77', 'note-79'], streamPrefixes: ['note-'] }],
  ])('and by %s whoever goes on finds every one', async (_, filter) => {
    const parts = filter as {
      readonly types?: string[];
      readonly streams?: string[];
      readonly streamPrefixes?: string[];
    };
    const matching = await database.query(
      `SELECT e.event_id AS id FROM eventcore.events e
        WHERE ($1::text[] IS NULL OR e.type = ANY ($1)) AND ($2::text[] IS NULL OR e.stream_id = ANY ($2))
          AND ($3::text[] IS NULL OR EXISTS (SELECT FROM unnest($3::text[]) AS p(prefix) WHERE starts_with(e.stream_id, p.prefix)))
        ORDER BY e.position, e.index`,
      [parts.types ?? null, parts.streams ?? null, parts.streamPrefixes ?? null],
    );
    const store = database.store({ pool: database.pool({ max: 1 }) });
    const found: string[] = [];
    for (let after = START; ;) {
      const page = await store.readAll({ after, limit: 100, filter: filter as EventFilter });
      found.push(...page.events.map(({ id }) => id));
      if (page.upTo === after) break;
      after = page.upTo;
    }
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(matching.map(({ id }) => id));
  });

  it('for a prefix that nothing has, at most those of twenty thousand events at a time', async () => {
    const { pages, found } = await look(feed, feedOf('0', [null, null, ['nobody-']]));
    expect(JSON.parse(found)).toEqual([['20000', '0', null, null]]);
    const all = await database.query("SELECT pg_relation_size('eventcore.events') / 8192 AS pages");
    expect(pages).toBeLessThan(Number(all[0]!['pages']));
  });
});
