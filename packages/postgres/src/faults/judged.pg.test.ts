/**
 * Everything at once, and judged: commands of several clients, each through a bad network of its own, while sessions are
 * cancelled and ended; what they did has to be strictly serializable, whole, and once, and consumers have to be given it all.
 *
 * `EVENTCORE_FAULT_SECONDS=60 npm test -- judged` goes on for so long, and prints its figures; `EVENTCORE_FAULT_SEED` is what the
 * clients and the network draw from.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isEventCoreError, START, type AnyCommand, type EventStore, type Position } from '@eventcore/core';
import {
  aroundStore,
  checkHistory,
  recordHistory,
  seededRandom,
  workload,
  type SeededRandom,
} from '@eventcore/testing';
import { atLength } from '../../../../tools/at-length.mjs';
import type { PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { balanceOf, ChangeCovered, Deposit, Transfer } from '../fixtures/bank.fixture.js';
import { faultKinds, startProxy, type FaultKind, type Proxy } from '../fixtures/proxy.fixture.js';

const database = testDatabase();
const schema = 'judged';
const seconds = Number(process.env['EVENTCORE_FAULT_SECONDS'] ?? (atLength ? 20 : 4));
const seed = Number(process.env['EVENTCORE_FAULT_SEED'] ?? 7);
/** Sessions that may be ended. */
const VICTIM = 'eventcore';

let proxy: Proxy;
let direct: PostgresStore;

beforeAll(async () => {
  proxy = await startProxy(database.url);
  direct = database.store({ pool: database.pool({ max: 4 }), schema, listen: false });
  await direct.migrate();
  // Some take their time between comparing and committing: what locks are for.
  await database.query(`CREATE FUNCTION ${schema}.dawdle() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF random() < 0.3 THEN PERFORM pg_sleep(random() * 0.02); END IF; RETURN NULL; END $$`);
  await database.query(
    `CREATE TRIGGER dawdle AFTER INSERT ON ${schema}.events FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.dawdle()`,
  );
});
afterAll(() => proxy.close());

const ours = ['north', 'south', 'east', 'west'];
const EACH = 1000;

function nextCommand(random: SeededRandom, name: string): AnyCommand | Promise<AnyCommand> {
  if (random.chance(0.2)) {
    const [account, cover] = random.sample(['sun', 'moon'], 2);
    return new ChangeCovered({ account, cover, by: random.integer(-50, 50) });
  }
  if (random.chance(0.5)) return workload.commands({ name, random, store: direct, peek: direct });
  const [from, to] = random.sample(ours, 2);
  return new Transfer({ from, to, amount: random.integer(1, 50) });
}

/** What a client may be told by a store that it can't reach. Any other error is a fault of the program. */
const expected = [
  'BUSINESS_RULE_VIOLATION',
  'RETRIES_EXHAUSTED',
  'VERSION_CONFLICT',
  'STORE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INDETERMINATE',
];

it('nothing is lost, duplicated, torn or out of order under random faults, and no doubt is called a failure', async () => {
  const recorder = recordHistory(direct, { told: workload.told! });
  for (const command of workload.before) await recorder.execute('before', command);
  for (const account of ours) await recorder.execute('before', new Deposit({ account, amount: EACH }));
  const chance = seededRandom(seed);
  const figures = {
    ended: 0,
    cancelled: 0,
    committed: 0,
    conflict: 0,
    unknown: 0,
    failed: 0,
    duplicate: 0,
    idReused: 0,
  };
  const resolved: Record<string, number> = {};
  const ends: Record<string, number> = {};
  const until = performance.now() + seconds * 1000;
  const kinds = faultKinds.filter((kind) => kind !== 'refuse');
  /** A fault that never happened has shown nothing, so a slow machine takes longer. */
  const enough = (): boolean =>
    faultKinds.every((kind) => proxy.fired[kind] > 0) &&
    [figures.ended, figures.cancelled, figures.conflict, resolved['committed'], resolved['duplicate']].every(Boolean);
  const goesOn = (): boolean => performance.now() < until || (performance.now() < until + 60_000 && !enough());

  proxy.onConnect = () => goesOn() && chance.chance(0.05);
  proxy.onCall = (name): FaultKind | undefined => {
    if (!goesOn() || !chance.chance(0.06)) return undefined;
    const kind = chance.pick(kinds);
    // A simple query is one message, of which nothing can be kept back; and who only reads keeps nobody waiting.
    return kind === 'freeze' && name !== 'append' ? 'delay' : kind;
  };

  /** Counts what becomes of appends, and of those in doubt. */
  function counted(store: EventStore): EventStore {
    const doubts = new Set<string>();
    const count = (id: string, kind: keyof typeof figures): void => {
      figures[kind] += 1;
      if (kind === 'unknown') doubts.add(id);
      else if (kind !== 'failed' && doubts.delete(id)) resolved[kind] = (resolved[kind] ?? 0) + 1;
    };
    return aroundStore(store, {
      async append(appends, call) {
        const outcomes = await store.append(appends, call);
        outcomes.forEach(({ kind }, index) => count(appends[index]!.commandId, kind));
        return outcomes;
      },
      async hold(queries, decide, call) {
        let id = '';
        const outcomes = await store.hold!(
          queries,
          (pages) => {
            const appends = decide(pages);
            id = appends[0]?.commandId ?? '';
            return appends;
          },
          call,
        );
        for (const { kind } of outcomes) count(id, kind);
        return outcomes;
      },
    });
  }

  const connect = (): PostgresStore =>
    database.store({
      connectionString: proxy.url,
      schema,
      poolSize: 3,
      listen: false,
      timeouts: { answer: 300, hold: 300 },
    });

  async function client(index: number): Promise<void> {
    const random = seededRandom(chance.integer(1, 2 ** 31));
    const store = counted(connect());
    const name = `client-${index}`;
    for (let round = 0; goesOn(); round++) {
      const command = await nextCommand(random, name);
      const commandId = random.chance(0.5) ? crypto.randomUUID() : undefined;
      const deadline = random.chance(0.1) ? Date.now() + random.integer(1, 100) : undefined;
      for (let sending = true; sending;) {
        sending = false;
        try {
          const given = { ...(commandId && { commandId }), ...(deadline && { deadline }) };
          await recorder.execute(name, command, { ...given, through: store });
          ends['ok'] = (ends['ok'] ?? 0) + 1;
        } catch (error) {
          const code = expected.find((known) => isEventCoreError(error, known as never));
          if (code === undefined) throw error;
          ends[code] = (ends[code] ?? 0) + 1;
          // Whoever gave an id may ask again.
          sending = code === 'INDETERMINATE' && commandId !== undefined && deadline === undefined && goesOn();
        }
      }
    }
  }

  let writing = true;
  async function consume(index: number): Promise<void> {
    const give = recorder.feed(`consumer-${index}`);
    const store = connect();
    let after: Position = START;
    for (;;) {
      const last = !writing;
      try {
        const { events, upTo } = await store.readAll({ after, limit: index * 10 + 1 });
        events.forEach(give);
        if (upTo === after && last) return;
        after = upTo;
      } catch (error) {
        if (!isEventCoreError(error, 'STORE_UNAVAILABLE')) throw error;
      }
    }
  }

  async function disturb(): Promise<void> {
    while (goesOn()) {
      const [how, figure] = chance.pick([
        ['pg_cancel_backend', 'cancelled'],
        ['pg_terminate_backend', 'ended'],
      ] as const);
      const victims = await database.query(
        `SELECT ${how}(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = $1 AND state <> 'idle' ORDER BY random() LIMIT 1) AS victim`,
        [VICTIM],
      );
      figures[figure] += victims.length;
      if (chance.chance(0.1)) proxy.thaw();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  const consuming = [0, 1, 2].map(consume);
  await Promise.all([...Array.from({ length: 6 }, (_, index) => client(index)), disturb()]);
  proxy.thaw();
  const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 AND state <> 'idle'`;
  await untilEmpty(busy);
  writing = false;
  await Promise.all(consuming);

  const verdict = checkHistory(await recorder.history());
  if (process.env['EVENTCORE_FAULT_SECONDS'] !== undefined) {
    process.stdout.write(
      `${JSON.stringify({ seed, faults: proxy.fired, figures, resolved, ends, counts: verdict.counts })}\n${String(verdict)}\n`,
    );
  }
  expect(String(verdict)).toMatch(/^No anomaly/);
  const balances = await Promise.all(ours.map((account) => balanceOf(direct, account)));
  expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(ours.length * EACH);
  expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
  expect(enough() ? 'enough has happened' : { fired: proxy.fired, figures, resolved }).toBe('enough has happened');
}, 120_000);

/** No session that was cut off is still at work. */
async function untilEmpty(query: string): Promise<void> {
  // Those that arrive late have to arrive first.
  await new Promise((resolve) => setTimeout(resolve, 100));
  while ((await database.query(query, [VICTIM])).length > 0);
}
