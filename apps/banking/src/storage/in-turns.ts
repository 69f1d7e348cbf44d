/**
 * PGlite that lets others have their turn. It works in this process and answers at once, so whoever asks again and again keeps the
 * event loop to himself: until a crowd of transfers is through, no request is answered, no timer rings, and no Ctrl-C is heard.
 */
import type { PGliteDatabase } from '@eventcore/postgres';

/** The same database, of which each question has a turn of the event loop of its own. */
export function inTurns(pglite: PGliteDatabase): PGliteDatabase {
  let last = Promise.resolve();
  const turn = (): Promise<void> => (last = last.then(() => new Promise((resolve) => setImmediate(resolve))));
  return {
    query: async (text, values) => {
      await turn();
      return pglite.query(text, values);
    },
    transaction: async (work) => {
      await turn();
      return pglite.transaction(work);
    },
    listen: (channel, hear) => pglite.listen(channel, hear),
  };
}
