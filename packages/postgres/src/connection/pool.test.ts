/** What a pool that misbehaves makes of calls. Real servers are asked in `connection.pg.test.ts`. */
import { describe, expect, it } from '@jest/globals';
import { poolDatabase } from './pool.js';
import type { PostgresClient } from './postgres-pool.js';

/** A pool of one client, which answers by the text of a statement, and what became of it. */
function poolOf(answer: (text: string) => unknown) {
  const ends: string[] = [];
  const client: PostgresClient = {
    async query(query) {
      const { text } = query as { readonly text: string };
      const command = answer(text);
      if (command instanceof Error) throw command;
      return { rows: [], command: String(command) };
    },
    on: () => undefined,
    release: (destroy) => void ends.push(destroy === true ? 'destroyed' : 'given back'),
  };
  const pool = { connect: async () => client, on: () => undefined };
  const limits = { prepared: true, connectTimeout: 1000, answerTimeout: 1000, handlerTimeout: 1000, listen: undefined };
  return { database: poolDatabase(pool, limits), ends };
}

const tag = (text: string): string => text.split(' ')[0]!;

describe('a transaction', () => {
  it('begins at READ COMMITTED, and gives its client back', async () => {
    const said: string[] = [];
    const { database, ends } = poolOf((text) => (said.push(text), tag(text)));
    expect(await database.transaction(async () => 'done')).toBe('done');
    expect(said).toEqual(['BEGIN ISOLATION LEVEL READ COMMITTED', 'COMMIT']);
    expect(ends).toEqual(['given back']);
  });

  it('was refused when the server answers its COMMIT with ROLLBACK', async () => {
    const { database } = poolOf((text) => (text === 'COMMIT' ? 'ROLLBACK' : tag(text)));
    await expect(database.transaction(async () => 'done')).rejects.toMatchObject({ stage: 'refused' });
  });

  it('may have been carried out when the connection ends at its COMMIT', async () => {
    const { database, ends } = poolOf((text) => (text === 'COMMIT' ? new Error('gone') : tag(text)));
    await expect(database.transaction(async () => 'done')).rejects.toMatchObject({ stage: 'unanswered' });
    expect(ends).toEqual(['destroyed']);
  });

  it('was certainly not when the connection ends before that', async () => {
    const { database, ends } = poolOf((text) => (text === 'SELECT 1' ? new Error('gone') : tag(text)));
    const work = database.transaction(async (run) => run({ text: 'SELECT 1' }, []));
    await expect(work).rejects.toMatchObject({ stage: 'refused' });
    expect(ends).toEqual(['destroyed']);
  });

  it('is rolled back, and throws the same, when its work fails by itself', async () => {
    const said: string[] = [];
    const { database, ends } = poolOf((text) => (said.push(text), tag(text)));
    const fault = new Error('insufficient funds');
    const thrown = await database.transaction(() => Promise.reject(fault)).catch((error: unknown) => error);
    expect(thrown).toBe(fault);
    expect(said.at(-1)).toBe('ROLLBACK');
    expect(ends).toEqual(['given back']);
  });

  it('is rolled back when nobody waits for it any more, and its COMMIT was not sent', async () => {
    const said: string[] = [];
    const { database } = poolOf((text) => (said.push(text), tag(text)));
    const end = new AbortController();
    const worked = Promise.withResolvers<void>();
    const waiting = database.transaction(() => worked.promise, { signal: end.signal });
    // By now it has begun.
    await new Promise(setImmediate);
    end.abort();
    await expect(waiting).rejects.toMatchObject({ stage: 'refused', reason: 'signal' });
    worked.resolve();
    await new Promise(setImmediate);
    expect(said).toEqual(['BEGIN ISOLATION LEVEL READ COMMITTED', 'ROLLBACK']);
  });
});

describe('one statement', () => {
  it('destroys its client when the answer fails', async () => {
    const { database, ends } = poolOf(() => new Error('gone'));
    await expect(database.run({ text: 'SELECT 1' }, [])).rejects.toMatchObject({ stage: 'unanswered' });
    expect(ends).toEqual(['destroyed']);
  });

  it('was not sent when the pool throws where it should reject', async () => {
    const pool = {
      connect(): Promise<PostgresClient> {
        throw new Error('no such thing');
      },
      on: () => undefined,
    };
    const limits = {
      prepared: true,
      connectTimeout: 1000,
      answerTimeout: 1000,
      handlerTimeout: 1000,
      listen: undefined,
    };
    const database = poolDatabase(pool, limits);
    await expect(database.run({ text: 'SELECT 1' }, [])).rejects.toMatchObject({ stage: 'unsent' });
  });
});
