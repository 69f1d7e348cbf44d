/** What becomes of calls whose connection breaks at each moment that matters: the truth, or a doubt that is resolved. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute, START, version, type StreamId } from '@eventcore/core';
import type { Append, AppendDraft } from '@eventcore/core/store';
import type { PostgresStore } from '../index.js';
import { lateEnough } from '../fixtures/late-enough.fixture.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';
import { balanceOf, Deposit, Transfer } from '../fixtures/bank.fixture.js';
import { makeConsumer } from '../fixtures/consumer.fixture.js';
import { makeGate, mutate } from '../fixtures/mutate.fixture.js';
import { startProxy, type FaultKind, type Proxy } from '../fixtures/proxy.fixture.js';
import { makeWriter } from '../fixtures/writer.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
let proxy: Proxy;
/** Past the proxy. */
let direct: PostgresStore;
/** Through it, and not patient. */
let store: PostgresStore;
let schema: string;
let stores = 0;

beforeAll(async () => {
  proxy = await startProxy(database.url);
});
afterAll(() => proxy.close());
beforeEach(async () => {
  schema = `faults_${++stores}`;
  direct = database.store({ pool: database.pool({ max: 2 }), schema, listen: false });
  await direct.migrate();
  store = database.store({
    connectionString: proxy.url,
    schema,
    poolSize: 3,
    listen: false,
    // More than a healthy answer takes where others keep the machine busy.
    timeouts: { answer: 1000 },
  });
});
afterEach(() => {
  proxy.onCall = () => undefined;
  proxy.onConnect = () => false;
  proxy.thaw();
});

const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);

/** The next call of that name meets a fault. Gives how many faults have happened since. */
function once(name: string, kind: FaultKind): () => number {
  const before = proxy.fired[kind];
  if (kind === 'refuse') {
    proxy.onConnect = () => {
      proxy.onConnect = () => false;
      return true;
    };
  } else {
    proxy.onCall = (called) => {
      if (called !== name) return undefined;
      proxy.onCall = () => undefined;
      return kind;
    };
  }
  return () => proxy.fired[kind] - before;
}

const versionOf = async (stream: string): Promise<number> => {
  const { pages } = await direct.read({ streams: [{ stream: stream as StreamId, after: version(0) }] });
  return pages[0]!.version;
};

/** Whether the server has carried out what met the fault. Where nobody can tell yet: undefined. */
const carriedOut: Readonly<Partial<Record<FaultKind, boolean>>> = {
  cutBefore: false,
  cutWithin: false,
  cutAfter: true,
  cutReply: true,
  cutAtReady: true,
  silence: true,
};

describe('an append', () => {
  it('that no connection could be made for was not sent', async () => {
    const fired = once('append', 'refuse');
    await expect(store.append([blindAppend(['note-1'])])).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retriable: true,
    });
    expect(fired()).toBe(1);
    expect(await versionOf('note-1')).toBe(0);
  });

  for (const [kind, applied] of Object.entries(carriedOut) as [FaultKind, boolean][]) {
    it(`is in doubt when it meets ${kind}, and was ${applied ? '' : 'not '}applied, which sending it again tells`, async () => {
      const fired = once('append', kind);
      const append = blindAppend(['note-1', 'note-2']);
      expect(await store.append([append])).toMatchObject([{ kind: 'unknown', error: { code: 'STORE_UNAVAILABLE' } }]);
      expect(fired()).toBe(1);
      expect(await versionOf('note-1')).toBe(applied ? 1 : 0);
      expect(kinds(await store.append([append]))).toEqual([applied ? 'duplicate' : 'committed']);
      expect(await versionOf('note-1')).toBe(1);
      expect(await versionOf('note-2')).toBe(1);
    });
  }

  it('that arrives when its client has gone is applied once, whoever comes first', async () => {
    const fired = once('append', 'late');
    const append = blindAppend(['note-1'], { expected: new Map([['note-1', 0]]) });
    expect(kinds(await store.append([append]))).toEqual(['unknown']);
    const again = kinds(await store.append([append]));
    expect(['committed', 'duplicate']).toContain(again[0]);
    expect(fired()).toBe(1);
    // Until the late one has arrived as well.
    while ((await executions(append)) < 1);
    expect(await versionOf('note-1')).toBe(1);
  });

  it('whose session stays open is waited for by whoever sends it again', async () => {
    // One that gives up by the clock would have the session ended: here somebody else ends the waiting.
    const patient = database.store({ connectionString: proxy.url, schema, poolSize: 1, listen: false });
    const fired = once('append', 'freeze');
    const append = blindAppend(['note-1']);
    const impatient = new AbortController();
    const appended = patient.append([append], { signal: impatient.signal });
    await untilSomebodyKeeps();
    impatient.abort();
    expect(kinds(await appended)).toEqual(['unknown']);
    const again = direct.append([append]);
    await untilSomebodyWaits();
    proxy.thaw();
    expect(kinds(await again)).toEqual(['duplicate']);
    expect(await versionOf('note-1')).toBe(1);
    expect(fired()).toBe(1);
  });

  it('is not committed before the server is ready again: a commit may still be refused after its command is complete', async () => {
    await database.query(`CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not after all'; END $$`);
    await database.query(`CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ${schema}.events
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`);
    expect(await direct.append([blindAppend(['note-1'])])).toMatchObject([
      { kind: 'failed', error: { code: 'DATABASE_REFUSAL', retriable: false } },
    ]);
    expect(await versionOf('note-1')).toBe(0);
  });
});

/** How often an append is in the log. */
async function executions({ commandId }: Append): Promise<number> {
  return (await database.query(`SELECT FROM ${schema}.events WHERE command_id = $1`, [commandId])).length;
}

/** A session has come to its streams, and hears no more from its client. */
async function untilSomebodyKeeps(): Promise<void> {
  const open = `SELECT FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.datname = current_database()
    AND a.wait_event_type = 'Client' AND l.locktype = 'advisory'`;
  while ((await database.query(open)).length === 0);
}

async function untilSomebodyWaits(): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await database.query(waiting)).length === 0);
}

describe('a hold', () => {
  const query = [{ stream: 'note-1' as StreamId, after: version(0), mode: 'write' as const }];

  for (const name of ['hold', 'append']) {
    for (const kind of ['cutBefore', 'cutAfter', 'silence'] as const) {
      it(`whose ${name} meets ${kind} has written nothing, and says so`, async () => {
        const fired = once(name, kind);
        const holding = store.hold(query, () => [blindAppend(['note-1'])]);
        if (name === 'hold')
          await expect(holding).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
        else
          expect(await holding).toMatchObject([
            { kind: 'failed', error: { code: 'STORE_UNAVAILABLE', retriable: true } },
          ]);
        expect(fired()).toBe(1);
        // Its session lets go of the stream.
        expect(kinds(await direct.append([blindAppend(['note-1'])]))).toEqual(['committed']);
        expect(await versionOf('note-1')).toBe(1);
      });
    }
  }

  for (const kind of ['cutBefore', 'cutAfter', 'cutReply', 'cutAtReady', 'silence'] as const) {
    it(`whose commit meets ${kind} is in doubt`, async () => {
      const fired = once('commit', kind);
      const append = blindAppend(['note-1']);
      expect(kinds(await store.hold(query, () => [append]))).toEqual(['unknown']);
      expect(fired()).toBe(1);
      expect(kinds(await direct.append([append]))).toEqual([kind === 'cutBefore' ? 'committed' : 'duplicate']);
      expect(await versionOf('note-1')).toBe(1);
    });
  }
});

describe('a command', () => {
  const faults: readonly FaultKind[] = [
    'refuse',
    'cutBefore',
    'cutWithin',
    'cutAfter',
    'cutReply',
    'cutAtReady',
    'late',
    'silence',
    'delay',
  ];
  for (const kind of faults) {
    it(`is applied once when its append meets ${kind}`, async () => {
      await execute(new Deposit({ account: 'ann', amount: 100 }), direct);
      const fired = once('append', kind);
      const { events } = await execute(new Transfer({ from: 'ann', to: 'bob', amount: 60 }), store);
      expect(events).toHaveLength(2);
      expect(fired()).toBe(1);
      await settled();
      expect([await balanceOf(direct, 'ann'), await balanceOf(direct, 'bob')]).toEqual([40, 60]);
    });
  }

  it('is applied once when its read breaks', async () => {
    await execute(new Deposit({ account: 'ann', amount: 100 }), direct);
    const fired = once('read', 'cutAfter');
    await execute(new Transfer({ from: 'ann', to: 'bob', amount: 60 }), store);
    expect(fired()).toBe(1);
    expect([await balanceOf(direct, 'ann'), await balanceOf(direct, 'bob')]).toEqual([40, 60]);
  });

  it('that is aborted before it is sent is aborted, and afterwards indeterminate', async () => {
    const before = AbortSignal.abort(new Error('enough'));
    await expect(execute(new Deposit({ account: 'ann', amount: 1 }), store, { signal: before })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const end = new AbortController();
    const fired = once('append', 'freeze');
    const deposited = execute(new Deposit({ account: 'ann', amount: 1 }), store, { signal: end.signal });
    while (fired() === 0) await new Promise((resolve) => setImmediate(resolve));
    end.abort(new Error('enough'));
    await expect(deposited).rejects.toMatchObject({ code: 'INDETERMINATE' });
    proxy.thaw();
    await settled();
    expect(await balanceOf(direct, 'ann')).toBe(1);
  });

  it('that comes to its deadline after it was sent is indeterminate, and can be asked for by its id', async () => {
    await execute(new Deposit({ account: 'ann', amount: 1 }), store);
    const fired = once('append', 'freeze');
    const commandId = '018f2f6e-0000-7000-8000-000000000001';
    const command = new Deposit({ account: 'ann', amount: 1 });
    await expect(lateEnough((deadline) => execute(command, store, { commandId, deadline }))).rejects.toMatchObject({
      code: 'INDETERMINATE',
    });
    expect(fired()).toBe(1);
    proxy.thaw();
    const { duplicate } = await execute(command, direct, { commandId });
    expect(duplicate).toBe(true);
    expect(await balanceOf(direct, 'ann')).toBe(2);
  });
});

/** No session is in the middle of a statement: what was late has arrived. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const busy = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`;
  while ((await database.query(busy)).length > 0);
}

describe('a process that stops between sending an append and committing it', () => {
  /** Its session has to be one that waits for it by now. */
  async function freeze(change: Partial<AppendDraft> = {}): Promise<void> {
    const fired = once('append', 'freeze');
    // It has no patience that could end, as a process has none that is stopped.
    const stopped = await makeWriter(proxy.url, schema);
    stopped.append(blindAppend(['note-stopped'], change)).then(
      () => stopped.end(),
      () => stopped.end(),
    );
    while (fired() === 0) await new Promise((resolve) => setImmediate(resolve));
    await untilSomebodyKeeps();
  }

  it('is ended by a consumer that it holds up', async () => {
    await freeze();
    await direct.append([blindAppend(['note-1'])]);
    const consumer = makeConsumer(store);
    while ((await consumer.readOn()).length === 0);
    expect(consumer.streams).toEqual(['note-1']);
    expect(await versionOf('note-stopped')).toBe(0);
  });

  it('is ended by an append to a stream that it keeps', async () => {
    await freeze();
    const append = blindAppend(['note-stopped']);
    let kind: string | undefined;
    while (kind !== 'committed') [kind] = kinds(await store.append([append]));
    expect(await versionOf('note-stopped')).toBe(1);
  });

  it.each(['append', 'hold'])(
    'is ended by a %s of a stream that it keeps, if it would have written nothing',
    async (how) => {
      await freeze({ expected: new Map([['note-stopped', 7]]) });
      const append = blindAppend(['note-stopped']);
      const query = { stream: 'note-stopped' as StreamId, after: version(0), mode: 'write' as const };
      let kind: string | undefined;
      while (kind !== 'committed') {
        if (how === 'append') [kind] = kinds(await store.append([append]));
        else [kind] = kinds(await store.hold([query], () => [append]).catch(() => []));
      }
      expect(await versionOf('note-stopped')).toBe(1);
    },
  );

  it('is told from one whose append takes its time', async () => {
    const gate = makeGate(database);
    await mutate(database, schema, 'append', [
      /(?=FOR c IN 1 \.\. cardinality\(commands\) LOOP\s+IF positions\[c\] < 0)/,
      gate.wait,
    ]);
    await gate.close();
    const appended = direct.append([blindAppend(['note-slow'])]);
    await gate.reached();
    expect(await database.query(`SELECT ${schema}.end_stalled('0', 'note-slow') AS ended`)).toEqual([{ ended: '0' }]);
    await gate.open();
    expect(kinds(await appended)).toEqual(['committed']);
  });

  it('is told from one that is idle in a transaction of its own, for which there are other timeouts', async () => {
    const idle = await makeWriter(database.url, schema);
    await idle.query('BEGIN');
    await idle.append(blindAppend(['note-idle']));
    expect(await database.query(`SELECT ${schema}.end_stalled('0', 'note-idle') AS ended`)).toEqual([{ ended: '0' }]);
    await idle.query('COMMIT');
    await idle.end();
  });

  it('is left alone as long as it may still come back', async () => {
    await freeze();
    await direct.append([blindAppend(['note-1'])]);
    const patient = database.store({ pool: database.pool({ max: 1 }), schema, listen: false });
    for (let looks = 0; looks < 10; looks++) {
      expect((await patient.readAll({ after: START, limit: 1 })).events).toEqual([]);
    }
    proxy.thaw();
    const consumer = makeConsumer(patient);
    while ((await consumer.readOn()).length < 2);
    expect(consumer.streams).toEqual(['note-stopped', 'note-1']);
  });
});

describe('a consumer', () => {
  it('whose reading breaks goes on from where it was', async () => {
    await direct.append(['note-1', 'note-2', 'note-3'].map((stream) => blindAppend([stream])));
    const consumer = makeConsumer(store, 1);
    for (const kind of ['cutBefore', 'cutAfter', 'cutReply', 'silence'] as const) {
      const fired = once('feed', kind);
      await expect(consumer.readOn()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(fired()).toBe(1);
    }
    expect(await consumer.readOn()).toEqual(['note-1', 'note-2', 'note-3']);
  });
});
