/**
 * On PGlite, PostgreSQL in this very process: one session, so calls queue up and nothing ever races. The protocol is the
 * same.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DefinitionError } from '@eventcore/core';
import type { CallOptions } from '@eventcore/core/store';
import { CallFailed, sentAndFailed } from './call-failed.js';
import type { Database, Row, Run, Statement, Value } from './database.js';
import { HandlerPatience } from './handler-patience.js';
import { handlerSession, type AnyTransaction, type AskDriver } from './handler-session.js';
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
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: unknown[]; readonly affectedRows?: number | undefined }>;
}

export function pgliteDatabase(
  pglite: PGliteDatabase,
  { handlerTimeout }: { readonly handlerTimeout: number },
): Database {
  /** Whoever is in a transaction of handlers. */
  const handling = new AsyncLocalStorage<{ isOver: boolean }>();

  let last = Promise.resolve();
  /**
   * A turn of the event loop for each call. What works in this process answers at once, so whoever asks again and again would
   * keep the loop: no request would be answered meanwhile, and no timer ring.
   */
  const turn = (): Promise<void> => (last = last.then(() => new Promise((resolve) => setImmediate(resolve))));

  /** There is one session, and it would wait for itself. */
  function refuseWithinHandler(): void {
    // What a handler has left behind, such as a timer, may ask when the transaction is over.
    if (handling.getStore()?.isOver !== false) return;
    throw new DefinitionError(
      'PGlite has one session, and it is in the transaction of this handler: the store would wait for itself. Ask by tx.',
    );
  }

  async function run(statement: Statement, values: readonly Value[], call?: CallOptions): Promise<readonly Row[]> {
    refuseWithinHandler();
    refuseIfOver(call);
    let sent = false;
    const answered = turn().then(() => {
      refuseIfOver(call);
      sent = true;
      return ask(pglite, statement, values);
    });
    return patiently(answered, call, () => (sent ? 'unanswered' : 'unsent'));
  }

  async function transaction<Result>(work: (run: Run) => Promise<Result>, call?: CallOptions): Promise<Result> {
    refuseWithinHandler();
    refuseIfOver(call);
    const progress = { worked: false, abandoned: false };
    const carriedOut = inSession((session) => work((statement, values) => ask(session, statement, values)), progress);
    return patiently(carriedOut, call, () => {
      progress.abandoned = true;
      return progress.worked ? 'unanswered' : 'refused';
    });
  }

  async function handle<Result>(work: (tx: AnyTransaction, run: Run) => Promise<Result>): Promise<Result> {
    refuseWithinHandler();
    const patience = new HandlerPatience(handlerTimeout);
    const within = { isOver: false };
    return inSession((session) => {
      const run: Run = (statement, values) => patience.during(() => ask(session, statement, values));
      const askDriver: AskDriver = async (text, values) => {
        const { rows, affectedRows = null } = await patience.during(() => session.query(text, [...values]));
        return { rows, affected: affectedRows };
      };
      return patience.limit(() => handling.run(within, () => handlerSession(askDriver, (tx) => work(tx, run))));
    }).finally(() => (within.isOver = true));
  }

  async function inSession<Result>(
    work: (session: PGliteSession) => Promise<Result>,
    progress = { worked: false, abandoned: false },
  ): Promise<Result> {
    await turn();
    try {
      return await pglite.transaction(async (session) => {
        const result = await work(session);
        if (progress.abandoned) throw new CallFailed('refused', undefined, 'signal');
        progress.worked = true;
        return result;
      });
    } catch (error) {
      if (progress.worked) throw sentAndFailed(error);
      if (error instanceof CallFailed) throw new CallFailed('refused', error.cause, error.reason);
      throw error;
    }
  }

  return {
    run,
    transaction,
    handle,
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
