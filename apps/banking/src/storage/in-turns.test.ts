import { expect, it } from '@jest/globals';
import type { PGliteDatabase } from '@eventcore/postgres';
import { inTurns } from './in-turns.js';

it('PGlite in turns lets whoever has waited go before the next question', async () => {
  const order: string[] = [];
  const ask = (what: string): void => {
    order.push(what);
    setImmediate(() => order.push(`after ${what}`));
  };
  const atOnce: PGliteDatabase = {
    query: async (text) => {
      ask(text);
      return { rows: [] };
    },
    transaction: async (work) => {
      ask('a transaction');
      return work(atOnce);
    },
    listen: async () => async () => {},
  };
  const pglite = inTurns(atOnce);
  await Promise.all([pglite.query('one'), pglite.transaction(async () => {}), pglite.query('two')]);
  expect(order).toEqual(['one', 'after one', 'a transaction', 'after a transaction', 'two']);
});
