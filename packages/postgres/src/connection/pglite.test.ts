import { expect, it } from '@jest/globals';
import { pgliteDatabase, type PGliteDatabase } from './pglite.js';

/** Answers in the same turn of the event loop, as PGlite does. */
function atOnce(order: string[]): PGliteDatabase {
  const pglite: PGliteDatabase = {
    query: async (text) => {
      order.push(text);
      setImmediate(() => order.push(`after ${text}`));
      return { rows: [] };
    },
    transaction: (work) => work(pglite),
    listen: async () => async () => {},
  };
  return pglite;
}

it('whoever has waited has his turn before the next call of a crowd', async () => {
  const order: string[] = [];
  const database = pgliteDatabase(atOnce(order), { handlerTimeout: 1000 });
  await Promise.all([
    database.run({ text: 'one' }, []),
    database.transaction((run) => run({ text: 'two' }, [])),
    database.run({ text: 'three' }, []),
  ]);
  expect(order).toEqual(['one', 'after one', 'two', 'after two', 'three']);
});

it('a call that is aborted before its turn was not sent', async () => {
  const order: string[] = [];
  const database = pgliteDatabase(atOnce(order), { handlerTimeout: 1000 });
  const ended = new AbortController();
  const call = database.run({ text: 'one' }, [], { signal: ended.signal });
  ended.abort();
  await expect(call).rejects.toMatchObject({ stage: 'unsent', reason: 'signal' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
});
