/** Streams that are longer, and events that are larger, than what a process has memory for. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { START, version, type StreamId } from '@eventcore/core';
import type { PostgresStore } from '../index.js';
import { runSource } from '../fixtures/source-process.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const LONG = 1_000_000;
const HEAVY = 100;
const MEGABYTE = 1_000_000;

const database = testDatabase();
let store: PostgresStore;

/** `text` is SQL, for a text of so many bytes. */
async function insert(
  stream: string,
  count: number,
  text: string,
  bytes: number,
  firstPosition: number,
): Promise<void> {
  await database.query(`
    INSERT INTO eventcore.events (position, version, recorded_at, event_id, command_id, index, bytes, schema_version, stream_id, type, data, metadata)
    SELECT ${firstPosition} + n, n, 'epoch', '00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000000', 0, ${bytes}, 1,
           '${stream}', 'Added', jsonb_build_object('n', n, 'text', ${text}), '{}'
      FROM generate_series(1, ${count}) AS n`);
}

beforeAll(async () => {
  store = database.store({ pool: database.pool({ max: 1 }) });
  await store.migrate();
  // Filling those would take three times as long as all the rest, and none of them is used here.
  for (const index of ['type_idx', 'event_id_idx', 'correlation_id_idx', 'causation_id_idx', 'command_id_key']) {
    await database.query(`DROP INDEX eventcore.events_${index}`);
  }
  await insert('ledger-long', LONG, `repeat('x', 100)`, 120, 0);
  await insert('ledger-heavy', HEAVY, `repeat('x', ${MEGABYTE - 40})`, MEGABYTE, LONG);
  await database.query(`SELECT setval('eventcore.position_sequence', ${LONG + HEAVY})`);
}, 120_000);

const sum = (count: number): number => (count * (count + 1)) / 2;

describe('large streams', () => {
  it(`of ${LONG} events, and of ${HEAVY} megabytes, are folded with 256 MB of heap`, async () => {
    const flags = ['--max-old-space-size=256'];
    const { code, stdout, stderr } = await runSource('fixtures/fold-large-streams.fixture.ts', [database.url], {
      flags,
    }).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      long: { version: LONG + 1, data: { n: sum(LONG), text: '' } },
      heavy: { events: HEAVY, sum: sum(HEAVY) },
      feed: { found: HEAVY, pages: HEAVY / 4 },
    });
  }, 60_000);

  it('are read in pages that are bounded by bytes, of one stream, of several together, and of the feed', async () => {
    const heavy = { stream: 'ledger-heavy' as StreamId, after: version(0) };
    const long = { stream: 'ledger-long' as StreamId, after: version(0) };
    const lengths = async (streams: readonly (typeof heavy)[]) =>
      (await store.read({ streams })).pages.map(({ events }) => events.length);
    expect(await lengths([heavy])).toEqual([4]);
    expect(await lengths([heavy, long])).toEqual([2, 5000]);
    expect(await lengths([heavy, heavy, heavy, heavy, heavy])).toEqual([1, 1, 1, 1, 1]);
    const { events } = await store.readAll({ after: START, limit: 10_000, filter: { streams: [heavy.stream] } });
    expect(events).toHaveLength(4);
  });
});
