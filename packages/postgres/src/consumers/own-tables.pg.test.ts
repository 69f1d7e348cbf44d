/** Rows of read models in tables of the user's own. */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defineStream, isEventCoreError, START, type EventStore, type Position } from '@eventcore/core';
import { defineReadModel, deadLettersOf, rebuild, remove, rowsOf, runConsumers } from '@eventcore/core/consumers';
import { systemRuntime } from '@eventcore/core';
import { prepareAppend } from '@eventcore/core/store';
import { Kysely, PostgresDialect } from 'kysely';
import * as v from 'valibot';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const Account = defineStream('account', {
  events: {
    Opened: v.object({ owner: v.string() }),
    Deposited: v.object({ amount: v.number() }),
    Tagged: v.object({ tag: v.string() }),
    Closed: v.object({}),
  },
  state: () => ({}),
  fold: {},
});

const Balances = defineReadModel('balances', {
  row: () => ({ owner: '', balance: 0, tags: [] as readonly string[] }),
}).from(Account, {
  Opened: (row, { data }) => ({ ...row, owner: data.owner }),
  Deposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
  Tagged: (row, { data }) => ({ ...row, tags: [...row.tags, data.tag] }),
  Closed: () => remove,
});

interface Tables {
  readonly balances: { readonly account: string; readonly owner: string; readonly balance: string };
}

const database = testDatabase();
const balances = { table: 'bank.balances', key: 'account', columns: ['owner', 'balance', 'tags'] };
let store: PostgresStore;

beforeAll(async () => {
  const pool = database.pool({ max: 4 });
  store = database.store({ pool, tables: { balances } });
  await store.migrate();
  await database.query('CREATE SCHEMA bank');
  await database.query(
    `CREATE TABLE bank.balances (account text COLLATE "C" PRIMARY KEY, owner text NOT NULL, balance bigint NOT NULL CHECK (balance < 1000),
       tags jsonb NOT NULL, in_euros numeric GENERATED ALWAYS AS (balance / 100.0) STORED, noted text NOT NULL DEFAULT 'nothing')`,
  );
});

beforeEach(async () => {
  await database.query('ALTER TABLE eventcore.events DISABLE TRIGGER events_are_immutable');
  for (const table of [
    'eventcore.events',
    'eventcore.checkpoints',
    'eventcore.leases',
    'eventcore.rows',
    'bank.balances',
  ]) {
    await database.query(`DELETE FROM ${table}`);
  }
});

/** Appends an event of an account; its position. */
async function happened(key: string, type: string, data: object, target: EventStore = store): Promise<Position> {
  const stream = `account-${key}`;
  const [outcome] = await target.append([
    prepareAppend({
      commandId: systemRuntime.uuid(),
      fingerprint: type,
      expected: new Map([[stream, 'any']]),
      events: [{ id: systemRuntime.uuid(), stream, type, data: data as never }],
    }),
  ]);
  if (outcome?.kind !== 'committed') throw new Error(`It was not appended: ${JSON.stringify(outcome)}`);
  return outcome.receipt.position;
}

async function build(): Promise<void> {
  for await (const progress of rebuild(store, Balances)) void progress;
}

describe('a read model with a table of its own', () => {
  it('has its rows there, typed, for whoever queries by SQL or Kysely', async () => {
    await happened('alice', 'Opened', { owner: 'Alice "the" \\ Archer' });
    await happened('bob', 'Opened', { owner: 'Bob' });
    await happened('alice', 'Tagged', { tag: 'vip' });
    const last = await happened('alice', 'Deposited', { amount: 60 });
    await using runner = runConsumers(store, [Balances]);
    await runner.caughtUp(last);

    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool({ max: 1 }) }) });
    const rich = kysely
      .withSchema('bank')
      .selectFrom('balances')
      .select(['account', 'balance'])
      .where('balance', '>', '50');
    expect(await rich.execute()).toEqual([{ account: 'alice', balance: '60' }]);
    expect(
      await database.query('SELECT in_euros, noted, tags FROM bank.balances WHERE account = $1', ['alice']),
    ).toEqual([{ in_euros: '0.60000000000000000000', noted: 'nothing', tags: ['vip'] }]);
    expect(await rowsOf(store, Balances).row('alice')).toEqual({
      owner: 'Alice "the" \\ Archer',
      balance: 60,
      tags: ['vip'],
    });
    expect(await database.query('SELECT FROM eventcore.rows WHERE table_name = $1', ['balances'])).toEqual([]);
  });

  it('is listed page by page, in the order of its keys', async () => {
    const keys = ['B', 'a', 'a1', 'a10', 'ä', 'it\'s "so" {odd}, \\', 'z'];
    for (const key of keys) await happened(key, 'Opened', { owner: key });
    await build();
    const listed: string[] = [];
    for (;;) {
      const after = listed.at(-1);
      const page = await store.capabilities.rows.list('balances', { limit: 2, ...(after !== undefined && { after }) });
      if (page.length === 0) break;
      listed.push(...page.map(({ key }) => key));
    }
    expect(listed).toEqual(keys.toSorted());
    expect((await rowsOf(store, Balances).rows(keys)).size).toBe(keys.length);
  });

  it('loses rows that are removed, and all of them before it is rebuilt', async () => {
    await happened('alice', 'Opened', { owner: 'Alice' });
    await happened('bob', 'Opened', { owner: 'Bob' });
    await happened('bob', 'Closed', {});
    await build();
    await database.query(`INSERT INTO bank.balances (account, owner, balance, tags) VALUES ('stale', '', 0, '[]')`);
    await build();
    expect(await database.query('SELECT account, owner FROM bank.balances')).toEqual([
      { account: 'alice', owner: 'Alice' },
    ]);
    await happened('alice', 'Closed', {});
    await build();
    expect(await database.query('SELECT FROM bank.balances')).toEqual([]);
  });

  it('moves together with its checkpoint, or not at all', async () => {
    const position = await happened('alice', 'Opened', { owner: 'Alice' });
    const { fence } = await store.capabilities.leases.takeOver('balances', 'first', 60_000);
    await store.capabilities.leases.takeOver('balances', 'second', 60_000);
    const row = { owner: 'Mallory', balance: 1, tags: [] };
    const step = {
      consumer: 'balances',
      to: position,
      rows: [{ table: 'balances', key: 'alice', row }],
      clear: ['balances'],
    };
    for (const [late, code] of [
      [{ ...step, fence }, 'LEASE_LOST'],
      [{ ...step, from: position }, 'CHECKPOINT_MOVED'],
    ] as const) {
      await expect(store.capabilities.rows.step(late)).rejects.toMatchObject({ code });
    }
    await expect(
      store.capabilities.rows.step({ ...step, rows: [{ ...step.rows[0]!, row: { ...row, balance: 5000 } }] }),
    ).rejects.toMatchObject({ code: 'DATABASE_REFUSAL' });
    expect(await database.query('SELECT FROM bank.balances')).toEqual([]);
    expect(await store.capabilities.checkpoints.load('balances')).toBe(START);
  });

  it('keeps its dead letters with those of the others', async () => {
    await happened('alice', 'Opened', { owner: 'Alice' });
    const last = await happened('alice', 'Deposited', { amount: 5000 });
    await using runner = runConsumers(store, [Balances], {
      onFailure: { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' },
    });
    await runner.caughtUp(last);
    const letters: string[] = [];
    for await (const { type } of deadLettersOf(store, Balances)) letters.push(type);
    expect(letters).toEqual(['Deposited']);
    expect(await rowsOf(store, Balances).row('alice')).toMatchObject({ owner: 'Alice' });
  });

  it('gives up the event whose row the table refuses, where the policy says so', async () => {
    for (const [key, amount] of [
      ['alice', 5],
      ['bob', 5000],
      ['alice', 6],
    ] as const)
      await happened(key, 'Deposited', { amount });
    const last = await happened('carol', 'Deposited', { amount: 7 });
    await using runner = runConsumers(store, [Balances], {
      onFailure: { retry: { attempts: 1, delay: () => 0 }, then: 'deadLetter' },
    });
    await runner.caughtUp(last);
    const letters: string[] = [];
    for await (const { stream, error } of deadLettersOf(store, Balances)) letters.push(`${stream} ${error.message}`);
    expect(letters).toEqual([expect.stringMatching(/^account-bob .*check constraint/)]);
    const rows = await rowsOf(store, Balances).rows(['alice', 'bob', 'carol']);
    expect([...rows].map(([key, { balance }]) => [key, balance]).sort()).toEqual([
      ['alice', 11],
      ['carol', 7],
    ]);
  });

  it('refuses a table that takes keys for equal that are not', async () => {
    await database.query('CREATE TABLE bank.padded (account char(9) PRIMARY KEY, owner text)');
    await database.query("INSERT INTO bank.padded VALUES ('alice', 'Alice')");
    const padded = database.store({
      pool: database.pool({ max: 2 }),
      listen: false,
      tables: { balances: { table: 'bank.padded', key: 'account', columns: ['owner'] } },
    });
    await expect(rowsOf(padded, Balances).row('alice    ')).rejects.toMatchObject({
      code: 'DEFINITION',
      message: expect.stringContaining("takes keys for equal that aren't"),
    });
  });

  it('refuses a row that has more than the table has columns for', async () => {
    const narrow = createPostgresStore({
      pool: database.pool({ max: 2 }),
      listen: false,
      tables: { balances: { ...balances, columns: ['owner', 'balance'] } },
    });
    await happened('alice', 'Opened', { owner: 'Alice' });
    const failure = await (async () => {
      for await (const progress of rebuild(narrow, Balances)) void progress;
    })().catch((error: unknown) => error);
    await narrow.close();
    expect(isEventCoreError(failure, 'DEFINITION')).toBe(true);
    expect(String(failure)).toContain(
      'The row "alice" has "tags", and the table "bank.balances" has no column for it.',
    );
  });

  it('may hold its key as a property as well', async () => {
    const Keyed = defineReadModel('balances', { row: (key) => ({ account: key, owner: '', balance: 0 }) }).from(
      Account,
      {
        Opened: (row, { data }) => ({ ...row, owner: data.owner }),
        Deposited: (row, { data }) => ({ ...row, balance: row.balance + data.amount }),
      },
    );
    const keyed = database.store({
      pool: database.pool({ max: 2 }),
      listen: false,
      tables: { balances: { table: 'bank.keyed', key: 'account', columns: ['account', 'owner', 'balance'] } },
    });
    await database.query('CREATE TABLE IF NOT EXISTS bank.keyed (account text PRIMARY KEY, owner text, balance int)');
    for (let n = 0; n < 3; n++) await happened('alice', 'Deposited', { amount: 5 });
    for await (const progress of rebuild(keyed, Keyed, { batchSize: 1 })) void progress;
    expect(await rowsOf(keyed, Keyed).row('alice')).toEqual({ account: 'alice', owner: '', balance: 15 });
  });

  it('is built anew where its rows were documents before, and goes on in no empty table', async () => {
    const before = database.store({ pool: database.pool({ max: 2 }), listen: false });
    await happened('alice', 'Opened', { owner: 'Alice' });
    for await (const progress of rebuild(before, Balances)) void progress;

    const after = database.store({ pool: database.pool({ max: 2 }), listen: false, tables: { balances } });
    const refused = { code: 'DEFINITION', message: expect.stringContaining('its rows are documents, from before') };
    await expect(rowsOf(after, Balances).row('alice')).rejects.toMatchObject(refused);
    await expect(rowsOf(after, Balances).page({ limit: 1 })).rejects.toMatchObject(refused);
    for await (const progress of rebuild(after, Balances)) void progress;
    expect(await rowsOf(after, Balances).row('alice')).toMatchObject({ owner: 'Alice' });
    expect(await database.query("SELECT FROM eventcore.rows WHERE table_name = 'balances'")).toEqual([]);
  });

  it('says whose table it is that is missing, or that nobody may write to', async () => {
    const missing = database.store({
      pool: database.pool({ max: 2 }),
      listen: false,
      tables: { balances: { ...balances, table: 'bank.nowhere' } },
    });
    await expect(rowsOf(missing, Balances).row('alice')).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringMatching(
        /^The table bank.nowhere, in which the read model "balances" keeps its rows, can't be used: .*It is yours/,
      ),
    });
  });

  it.each([
    { ...balances, table: 'bank.balances; DROP' },
    { ...balances, key: 'a"b' },
    { ...balances, columns: [] },
    { ...balances, columns: ["b'c"] },
  ])('needs names that can be ones: %j', (table) => {
    expect(() =>
      createPostgresStore({ connectionString: 'postgres://localhost/bank', tables: { balances: table } }),
    ).toThrow('The table of the read model "balances" needs names');
  });
});
