/**
 * On PGlite, PostgreSQL in this very process: one session, so calls queue up and nothing ever races. The protocol is the
 * same.
 */
import type { CallOptions } from '@eventcore/core';
import { CallFailed, sentAndFailed } from './call-failed.js';
import type { Database, Row, Run, Statement, Value } from './database.js';
import { patiently, refuseIfOver } from './patience.js';

/**
 * What the store needs of a PGlite.
 *
 * @example
 * ```ts
 * import { createPostgresStore, type PGliteDatabase } from '@eventcore/postgres';
 *
 * export function storeFor(pglite: PGliteDatabase) {
 *   return createPostgresStore({ pglite });
 * }
 * ```
 */
export interface PGliteDatabase extends PGliteSession {
  transaction<Result>(work: (session: PGliteSession) => Promise<Result>): Promise<Result>;
  listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>;
}

/** What a statement is run on: PGlite itself, or a transaction of it. */
export interface PGliteSession {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

export function pgliteDatabase(pglite: PGliteDatabase): Database {
  async function run(statement: Statement, values: readonly Value[], call?: CallOptions): Promise<readonly Row[]> {
    refuseIfOver(call);
    return patiently(ask(pglite, statement, values), call, () => 'unanswered');
  }

  async function transaction<Result>(work: (run: Run) => Promise<Result>, call?: CallOptions): Promise<Result> {
    refuseIfOver(call);
    let worked = false;
    let abandoned = false;
    const carriedOut = (async () => {
      try {
        return await pglite.transaction(async (session) => {
          const result = await work((statement, values) => ask(session, statement, values));
          if (abandoned) throw new CallFailed('refused', undefined, 'signal');
          worked = true;
          return result;
        });
      } catch (error) {
        if (worked) throw sentAndFailed(error);
        if (error instanceof CallFailed) throw new CallFailed('refused', error.cause, error.reason);
        throw error;
      }
    })();
    return patiently(carriedOut, call, () => {
      abandoned = true;
      return worked ? 'unanswered' : 'refused';
    });
  }

  return {
    run,
    transaction,
    hearsWarnings: true,
    listen(channel, hear) {
      const listening = pglite.listen(channel, hear);
      // It fails when the database is closed, and then there is nothing to hear, and nothing to leave.
      listening.catch(() => {});
      return () => void listening.then((stop) => stop()).catch(() => {});
    },
    async close() {},
  };
}

async function ask(session: PGliteSession, { text }: Statement, values: readonly Value[]): Promise<readonly Row[]> {
  try {
    const { rows } = await session.query(text, [...values]);
    return (rows as readonly Record<string, unknown>[]).map((row) =>
      Object.values(row).map((value) => (value === null ? null : String(value))),
    );
  } catch (error) {
    throw sentAndFailed(error);
  }
}
