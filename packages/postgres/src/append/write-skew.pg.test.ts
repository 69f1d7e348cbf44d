/**
 * Two commands, each of which reads what the other one writes, and the first of them has not committed yet: the second one
 * has to wait, and then to see. And that what this rests on is needed: without it, the same test fails.
 */
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Append } from '@eventcore/core/store';
import { mutate } from '../fixtures/mutate.fixture.js';
import { makeWriter } from '../fixtures/writer.fixture.js';
import type { PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

// A machine may be busy with other things, and nothing is concluded from how long it takes.
jest.setTimeout(60_000);

const database = testDatabase();
let schema: string;
let store: PostgresStore;
let stores = 0;

beforeEach(async () => {
  schema = `skew_${++stores}`;
  store = database.store({ pool: database.pool({ max: 1 }), schema, listen: false });
  await store.migrate();
});

/** Writes to one stream, and rests on what is in the other, or on its not being there. */
function half(writes: string, reads: string, version: number): Append {
  return blindAppend([writes], {
    expected: new Map([
      [writes, version],
      [reads, version],
    ]),
  });
}

/** What the second one is told. */
async function race(version: number, isolation = 'READ COMMITTED'): Promise<string> {
  for (let n = 0; n < version; n++) await store.append([blindAppend(['duty-ann', 'duty-bob'])]);
  const [first, second] = [await makeWriter(database.url, schema), await makeWriter(database.url, schema)];
  await first.query('BEGIN');
  await second.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  expect(await first.append(half('duty-ann', 'duty-bob', version))).toMatchObject({ kind: 'committed' });
  const answered = second.append(half('duty-bob', 'duty-ann', version));
  let over = false;
  const ended = answered.then(
    ({ kind }) => kind as string,
    ({ message }: Error) => message,
  );
  void ended.then(() => (over = true));
  const waiting = `SELECT FROM pg_locks WHERE pid = $1 AND NOT granted`;
  while (!over && (await database.query(waiting, [second.pid])).length === 0);
  await first.query('COMMIT');
  const end = await ended;
  await second.query('COMMIT');
  await Promise.all([first.end(), second.end()]);
  return end;
}

describe('of two commands that read what the other one writes', () => {
  it.each([0, 1])('the second one meets a conflict, where the streams have %d events', async (version) => {
    expect(await race(version)).toBe('conflict');
  });

  it.each([0, 1])(
    'both would be applied, as this very test would show, if nothing were locked (%d)',
    async (version) => {
      await mutate(database, schema, 'lock_streams', [/PERFORM CASE[^;]*;/, '']);
      expect(await race(version)).toBe('committed');
    },
  );

  it('both would be, if what is only read were not compared', async () => {
    await mutate(database, schema, 'append', ['IF before[s] <> e THEN', 'IF before[s] <> e AND writes[x] > 0 THEN']);
    expect(await race(1)).toBe('committed');
  });

  it('both would be, if versions were compared in a snapshot that is older than the locks', async () => {
    await mutate(database, schema, 'guard_transaction', [
      /transaction_isolation'\) <> 'read committed'/,
      "transaction_isolation') = ''",
    ]);
    expect(await race(1, 'REPEATABLE READ')).toBe('committed');
  });

  it('the second one is refused at an isolation level where that would be so', async () => {
    expect(await race(1, 'REPEATABLE READ')).toContain('READ COMMITTED');
  });
});
