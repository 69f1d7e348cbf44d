/** The feed never skips an event, whatever commits late, and waits for nobody who doesn't append. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { START, type Position, type RecordedEvent } from '@eventcore/core';
import type { PostgresStore } from '../index.js';
import { blindAppend, openAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();
let store: PostgresStore;
let schema: string;
let stores = 0;

async function newStore(): Promise<PostgresStore> {
  const made = database.store({ pool: (pool ??= database.pool({ max: 4 })), schema: (schema = `feed_${++stores}`) });
  await made.migrate();
  return made;
}
let pool: ReturnType<typeof database.pool> | undefined;

beforeEach(async () => {
  store = await newStore();
});

const left = (stream: string) => openAppend(database.url, blindAppend([stream]), schema);

/** A consumer that remembers only where it is. */
function consumer(of: PostgresStore) {
  let after: Position = START;
  return async (): Promise<readonly string[]> => {
    const seen: RecordedEvent[] = [];
    for (;;) {
      const { events, upTo } = await of.readAll({ after, limit: 2 });
      seen.push(...events);
      if (upTo === after) return seen.map(({ stream }) => stream);
      after = upTo;
    }
  };
}

describe('the feed', () => {
  it('holds back what was committed after a number that somebody else has drawn, until he is done', async () => {
    const consume = consumer(store);
    await store.append([blindAppend(['note-before'])]);
    const late = await left('note-late');
    await store.append([blindAppend(['note-early'])]);
    expect(await consume()).toEqual(['note-before']);
    await late.commit();
    expect(await consume()).toEqual(['note-late', 'note-early']);
  });

  it('would skip the late one if it went by the largest position that it sees, as this test would show', async () => {
    // The same as above with a naive reader: what the lock is for.
    await database.query(
      `CREATE OR REPLACE FUNCTION ${schema}.safe_position() RETURNS bigint LANGUAGE sql AS $$ SELECT last_value FROM ${schema}.position_sequence $$`,
    );
    const consume = consumer(store);
    const late = await left('note-late');
    await store.append([blindAppend(['note-early'])]);
    expect(await consume()).toEqual(['note-early']);
    await late.commit();
    expect(await consume()).toEqual([]);
  });

  it('goes on when he rolls back, and when his session is ended', async () => {
    const consume = consumer(store);
    const first = await left('note-1');
    await store.append([blindAppend(['note-2'])]);
    const second = await left('note-3');
    await store.append([blindAppend(['note-4'])]);
    expect(await consume()).toEqual([]);
    await first.rollBack();
    expect(await consume()).toEqual(['note-2']);
    await database.query('SELECT pg_terminate_backend($1, 5000)', [second.pid]);
    expect(await consume()).toEqual(['note-4']);
  });

  it('is held up by the oldest of several that are under way', async () => {
    const consume = consumer(store);
    const late = [await left('note-1'), await left('note-2'), await left('note-3')];
    await late[2]!.commit();
    await late[0]!.commit();
    expect(await consume()).toEqual(['note-1']);
    await late[1]!.commit();
    expect(await consume()).toEqual(['note-2', 'note-3']);
  });

  it('is not held up by transactions that append nothing, whatever else they write', async () => {
    const other = await database.pool({ max: 1 }).connect();
    try {
      await other.query(
        'BEGIN ISOLATION LEVEL SERIALIZABLE; CREATE TABLE unrelated (id int); INSERT INTO unrelated VALUES (1)',
      );
      const consume = consumer(store);
      await store.append([blindAppend(['note-1'])]);
      expect(await consume()).toEqual(['note-1']);
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
  });

  it('is not held up by an append to another store in the same database', async () => {
    const elsewhere = await left('note-elsewhere');
    const beside = await newStore();
    const consume = consumer(beside);
    await beside.append([blindAppend(['note-1'])]);
    expect(await consume()).toEqual(['note-1']);
    await elsewhere.rollBack();
  });

  it('gives checkpoints that are events, never numbers that were rolled back', async () => {
    const [outcome] = await store.append([blindAppend(['note-1'])]);
    const rolledBack = await left('note-2');
    await rolledBack.rollBack();
    const position = outcome?.kind === 'committed' ? outcome.receipt.position : undefined;
    for (const filter of [{}, { types: ['Nothing'] }, { streamPrefixes: ['nobody-'] }, { streams: [] }]) {
      expect((await store.readAll({ after: START, limit: 10, filter })).upTo).toBe(position);
    }
  });

  it('holds a filtered consumer back as well', async () => {
    const late = await left('note-late');
    await store.append([blindAppend(['note-early'])]);
    for (const filter of [{ types: ['Noted'] }, { streamPrefixes: ['note-'] }]) {
      expect(await store.readAll({ after: START, limit: 10, filter })).toEqual({ events: [], upTo: START });
    }
    await late.commit();
  });

  it('refuses to read at another isolation level, where it would look at the locks with an old snapshot', async () => {
    const repeatable = database.pool({ max: 1, options: '-c default_transaction_isolation=repeatable\\ read' });
    const blind = database.store({ pool: repeatable, schema });
    await expect(blind.readAll({ after: START, limit: 1 })).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
  });
});
