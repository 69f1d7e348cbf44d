/** The order of the feed under torture: appends that race, dawdle, are cancelled and cut off; readers that remember only `upTo`. */
import { beforeAll, expect, it } from '@jest/globals';
import { START, type EventStore, type Position } from '@eventcore/core';
import { seededRandom } from '@eventcore/testing';
import { atLength } from '../../../../tools/at-length.mjs';
import { mutate } from '../fixtures/mutate.fixture.js';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
const readers = [1, 7, 100];
/** Sessions of writers, told from those of readers. */
const WRITER = 'torture-writer';

let stores: readonly PostgresStore[];
let schema: string;
let runs = 0;

beforeAll(() => {
  stores = [];
});

async function prepare(): Promise<void> {
  schema = `torture_${++runs}`;
  const pools = [WRITER, WRITER, 'torture-reader'].map((application_name) =>
    database.pool({ max: 6, application_name }),
  );
  stores = pools.map((pool) => database.store({ pool, schema, listen: false }));
  await stores[0]!.migrate();
  // Between the draw and the commit, for some: so positions become visible in another order than they were drawn in.
  await database.query(`CREATE FUNCTION ${schema}.dawdle() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF random() < 0.3 THEN PERFORM pg_sleep(random() * 0.03); END IF; RETURN NULL; END $$`);
  await database.query(
    `CREATE TRIGGER dawdle AFTER INSERT ON ${schema}.events FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.dawdle()`,
  );
}

interface Result {
  readonly log: readonly string[];
  readonly given: readonly (readonly string[])[];
}

/** Races until so many events are written, and so many numbers were drawn for nothing. */
async function torture(wanted: { readonly events: number; readonly gaps: number }): Promise<Result> {
  let enough = false;
  const random = seededRandom(runs);
  const given = readers.map((): string[] => []);

  async function write(store: EventStore, name: number): Promise<void> {
    while (!enough) {
      const streams = random.sample([...'abcdefghijklmnop']).slice(0, random.integer(1, 3));
      await store.append([blindAppend(streams.map((stream) => `note-${stream}${name % 3}`))]).catch(() => undefined);
    }
  }

  async function disturb(): Promise<void> {
    while (!enough) {
      const how = random.chance(0.5) ? 'pg_cancel_backend' : 'pg_terminate_backend';
      await database.query(
        `SELECT ${how}(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = $1 AND state = 'active' ORDER BY random() LIMIT 1) AS victim`,
        [WRITER],
      );
      const { events, gaps } = await counted();
      enough = events >= wanted.events && gaps >= wanted.gaps;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  let writing = true;
  async function follow(limit: number, ids: string[]): Promise<void> {
    let after: Position = START;
    for (;;) {
      const last = !writing;
      const { events, upTo } = await stores[2]!.readAll({ after, limit });
      ids.push(...events.map(({ id }) => id));
      if (upTo === after && last) return;
      after = upTo;
    }
  }

  const following = readers.map((limit, index) => follow(limit, given[index]!));
  await Promise.all([...Array.from({ length: 10 }, (_, name) => write(stores[name % 2]!, name)), disturb()]);
  // What was cut off may still be under way.
  const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 AND state <> 'idle'`;
  while ((await database.query(busy, [WRITER])).length > 0);
  writing = false;
  await Promise.all(following);
  const log = await database.query(`SELECT event_id FROM ${schema}.events ORDER BY position, index`);
  return { log: log.map(({ event_id: id }) => String(id)), given };
}

/** Events that are there, and numbers that were drawn and never used, or not yet. */
async function counted(): Promise<{ readonly events: number; readonly gaps: number }> {
  const [{ events, gaps } = {}] = await database.query(
    `SELECT count(*) AS events, (SELECT last_value FROM ${schema}.position_sequence) - count(DISTINCT position) AS gaps
       FROM ${schema}.events`,
  );
  return { events: Number(events), gaps: Number(gaps) };
}

it('readers are given every event once, in order, whatever writers do and is done to them', async () => {
  await prepare();
  const { log, given } = await torture(atLength ? { events: 5000, gaps: 400 } : { events: 1000, gaps: 80 });
  for (const ids of given) expect(ids).toEqual(log);
}, 60_000);

it('would skip some, as this very test would show, if they went by the last position', async () => {
  await prepare();
  await mutate(database, schema, 'safe_position', [/least\(last_drawn, low_water\)/, 'last_drawn']);
  const { log, given } = await torture({ events: 500, gaps: 20 });
  const seen = given.map((ids) => new Set(ids));
  expect(log.filter((id) => seen.some((ids) => !ids.has(id))).length).toBeGreaterThan(0);
}, 60_000);
