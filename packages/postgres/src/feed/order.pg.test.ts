/**
 * The order of the feed, with each interleaving that could break it made to happen; and that what the order rests on is
 * needed: without it, the same test fails.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { makeConsumer } from '../fixtures/consumer.fixture.js';
import { makeGate, mutate, type Gate } from '../fixtures/mutate.fixture.js';
import { makeWriter, type Writer } from '../fixtures/writer.fixture.js';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
const neighbour = testDatabase();
let pool: pg.Pool;
let schema: string;
let store: PostgresStore;
let gate: Gate;
let stores = 0;
let writers: Writer[] = [];

beforeAll(() => {
  pool = database.pool({ max: 6 });
});
beforeEach(async () => {
  store = await newStore();
  gate = makeGate(database);
});
afterEach(async () => {
  await gate.open();
  await Promise.all(writers.map((writer) => writer.end()));
  writers = [];
});

async function newStore(): Promise<PostgresStore> {
  const made = database.store({ pool, schema: (schema = `order_${++stores}`), listen: false });
  await made.migrate();
  return made;
}

async function writer(): Promise<Writer> {
  const made = await makeWriter(database.url, schema);
  writers.push(made);
  return made;
}

async function append(stream: string): Promise<void> {
  expect(await store.append([blindAppend([stream])])).toMatchObject([{ kind: 'committed' }]);
}

/** A test, and the ways to do it wrong that it has to find: what each consumer was given then. */
interface Scenario {
  readonly run: () => Promise<readonly string[]>;
  readonly given: readonly string[];
  /** What is given where it is done wrong: less. */
  readonly wrongly: readonly string[];
}

/** An append draws its position, another one passes it by and commits, and a consumer looks before the first one commits. */
const lateCommit: Scenario = {
  async run() {
    const consumer = makeConsumer(store);
    const late = await writer();
    await late.query('BEGIN');
    await late.append(blindAppend(['note-late']));
    await append('note-early');
    await consumer.readOn();
    await late.query('COMMIT');
    return consumer.readOn();
  },
  given: ['note-late', 'note-early'],
  wrongly: ['note-early'],
};

/** An append stops half-way between its mark and its draw, whichever comes first; another one passes it by. */
const stoppedAtTheDraw: Scenario = {
  async run() {
    const consumer = makeConsumer(store);
    await gate.close();
    const late = await writer();
    await late.query("SET eventcore.stop_here = 'yes'");
    const appended = late.append(blindAppend(['note-late']));
    await gate.reached();
    await append('note-early');
    await consumer.readOn();
    await gate.open();
    await appended;
    return [...(await consumer.readOn())].sort();
  },
  given: ['note-early', 'note-late'],
  wrongly: ['note-early'],
};

/** Between a consumer's two looks, at the sequence and at the marks, an append begins and another one passes it by. */
const stoppedBetweenTheLooks: Scenario = {
  async run() {
    const consumer = makeConsumer(store);
    await append('note-before');
    await gate.close();
    const reading = consumer.readOn();
    await gate.reached();
    const late = await writer();
    await late.query('BEGIN');
    await late.append(blindAppend(['note-late']));
    await append('note-early');
    await gate.open();
    await reading;
    await late.query('COMMIT');
    return consumer.readOn();
  },
  given: ['note-before', 'note-late', 'note-early'],
  wrongly: ['note-before', 'note-early'],
};

/** A consumer has begun to read when the late one commits, and looks how far it may read only then. */
const stoppedBeforeTheLooks: Scenario = {
  async run() {
    const consumer = makeConsumer(store);
    const late = await writer();
    await late.query('BEGIN');
    await late.append(blindAppend(['note-late']));
    await append('note-early');
    await gate.close();
    const reading = consumer.readOn();
    await gate.reached();
    await late.query('COMMIT');
    await gate.open();
    await reading;
    return consumer.readOn();
  },
  given: ['note-late', 'note-early'],
  wrongly: ['note-early'],
};

/** A session that has appended before, and whatever it may have kept of that, is late; another one passes it by. */
const lateAgain: Scenario = {
  async run() {
    const consumer = makeConsumer(store);
    const late = await writer();
    await late.append(blindAppend(['note-before']));
    const early = await writer();
    await early.append(blindAppend(['note-early']));
    await late.query('BEGIN');
    await late.append(blindAppend(['note-late']));
    await consumer.readOn();
    await late.query('COMMIT');
    return consumer.readOn();
  },
  given: ['note-before', 'note-early', 'note-late'],
  wrongly: ['note-before', 'note-early'],
};

/** Another store of the same database has an append under way. */
const elsewhere: Scenario = {
  async run() {
    const other = await writer();
    await other.query('BEGIN');
    await other.append(blindAppend(['note-elsewhere']));
    store = await newStore();
    await setUpStore?.();
    const consumer = makeConsumer(store);
    await append('note-here');
    const given = [...(await consumer.readOn())];
    await other.query('ROLLBACK');
    return given;
  },
  given: ['note-here'],
  wrongly: [],
};

/** A store of the same name, in another database of the same server, has an append under way. */
const inAnotherDatabase: Scenario = {
  async run() {
    const twin = neighbour.store({ pool: neighbour.pool({ max: 1 }), schema, listen: false });
    await twin.migrate();
    const other = await makeWriter(neighbour.url, schema);
    writers.push(other);
    await other.query('BEGIN');
    await other.append(blindAppend(['note-elsewhere']));
    const consumer = makeConsumer(store);
    await append('note-here');
    return consumer.readOn();
  },
  given: ['note-here'],
  wrongly: [],
};

/** What has to be done with every store that a scenario makes. */
let setUpStore: (() => Promise<void>) | undefined;

const MARK = /PERFORM pg_advisory_xact_lock_shared\([^;]*;/;
const DRAW = /FOR c IN 1 \.\. cardinality\(commands\) LOOP\s+IF positions\[c\] < 0[^;]*; END IF;\s+END LOOP;/;
const LAST = /last_drawn := [^;]*;/;
const LOWEST = /SELECT min\([^;]*;/;
const SAFE = /safe := [^;]*;/;
const stopsWriter = (): string => `IF current_setting('eventcore.stop_here', true) = 'yes' THEN ${gate.wait} END IF;`;

async function textOf(name: string, part: RegExp): Promise<string> {
  const [row] = await database.query(
    'SELECT prosrc FROM pg_proc WHERE pronamespace = $1::regnamespace AND proname = $2',
    [schema, name],
  );
  return part.exec(String(row?.['prosrc']))![0];
}

/** Puts two steps in another order, or the same, with a stop between them. */
async function stopBetween(name: string, first: RegExp, second: RegExp, stop: string, swapped: boolean): Promise<void> {
  const [one, other] = [await textOf(name, first), await textOf(name, second)];
  const [before, after] = swapped ? [other, one] : [one, other];
  await mutate(database, schema, name, [first, '<1>'], [second, '<2>'], ['<1>', `${before} ${stop}`], ['<2>', after]);
}

const arrangements: readonly {
  readonly scenario: Scenario;
  readonly what: string;
  /** Only stops where the scenario needs a stop. */
  readonly arrange: () => Promise<void>;
  readonly wrong: string;
  readonly mutant: () => Promise<void>;
}[] = [
  {
    scenario: lateCommit,
    what: 'an append that commits after one that has drawn a later position',
    arrange: async () => {},
    wrong: 'a naive reader goes up to the last position',
    mutant: () => mutate(database, schema, 'safe_position', [/least\(last_drawn, low_water\)/, 'last_drawn']),
  },
  {
    scenario: stoppedAtTheDraw,
    what: 'an append that stops between announcing itself and drawing',
    arrange: () => stopBetween('append', MARK, DRAW, stopsWriter(), false),
    wrong: 'positions are drawn before the mark is set',
    mutant: () => stopBetween('append', MARK, DRAW, stopsWriter(), true),
  },
  {
    scenario: stoppedBetweenTheLooks,
    what: 'appends that begin between the two looks of a reader',
    arrange: () => stopBetween('safe_position', LAST, LOWEST, gate.wait, false),
    wrong: 'the marks are looked at before the last position',
    mutant: () => stopBetween('safe_position', LAST, LOWEST, gate.wait, true),
  },
  {
    scenario: stoppedBeforeTheLooks,
    what: 'an append that commits while a reader is about to look',
    arrange: async () =>
      mutate(database, schema, 'read_feed', [SAFE, `${gate.wait} ${await textOf('read_feed', SAFE)}`]),
    wrong: 'looking and reading share one snapshot',
    mutant: async () =>
      mutate(
        database,
        schema,
        'read_feed',
        [SAFE, `${gate.wait} ${await textOf('read_feed', SAFE)}`],
        // VOLATILE isn't written down, being the default.
        [/LANGUAGE plpgsql\n/, 'LANGUAGE plpgsql STABLE\n'],
      ),
  },
  {
    scenario: lateAgain,
    what: 'a session that has appended before',
    arrange: async () => {},
    wrong: 'the sequence keeps numbers for each session',
    mutant: async () => void (await database.query(`ALTER SEQUENCE ${schema}.position_sequence CACHE 10`)),
  },
  {
    scenario: elsewhere,
    what: 'an append to another store of the same database, which it does not wait for',
    arrange: async () => {},
    wrong: 'stores have no numbers of their own',
    mutant: async () => {
      setUpStore = () => mutate(database, schema, 'eventcore_store_number', [/SELECT \d+/, 'SELECT 4711']);
      await setUpStore();
    },
  },
  {
    scenario: inAnotherDatabase,
    what: 'an append to a store of the same name in another database, which it does not wait for',
    arrange: async () => {},
    wrong: 'the marks of all databases are looked at',
    mutant: () => mutate(database, schema, 'safe_position', [/AND l\.database = [^;]*;/, ';']),
  },
];

describe('a consumer that remembers only how far it has come', () => {
  afterEach(() => {
    setUpStore = undefined;
  });

  for (const { scenario, what, arrange, wrong, mutant } of arrangements) {
    it(`is given everything, in order: ${what}`, async () => {
      await arrange();
      expect(await scenario.run()).toEqual(scenario.given);
    });

    it(`would not be, which this very test would show, if ${wrong}`, async () => {
      await mutant();
      expect(await scenario.run()).toEqual(scenario.wrongly);
    });
  }
});
