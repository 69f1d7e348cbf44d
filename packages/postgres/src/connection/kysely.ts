/**
 * Through a Kysely that the user has made, whatever its dialect runs on.
 *
 * What it hides is lost: plans are not kept, warnings that come with a COMMIT are not heard (so nothing is appended where
 * there are synchronous standbys), a connection that hangs can't be given up, and nobody listens.
 */
import type { CallOptions } from '@eventcore/core/store';
import { CompiledQuery, type QueryResult } from 'kysely';
import { CallFailed, sentAndFailed } from './call-failed.js';
import type { Database, Listen, Row, Run, Statement, Value } from './database.js';
import { HandlerPatience } from './handler-patience.js';
import { handlerSession, type AnyTransaction, type AskDriver } from './handler-session.js';
import { patiently, refuseIfOver } from './patience.js';

/**
 * What the store needs of a Kysely, whatever tables it knows.
 *
 * @example
 * ```ts
 * import { createPostgresStore, type KyselyConnections, type PostgresPool } from '@eventcore/postgres';
 *
 * export function storeFor(kysely: KyselyConnections, pool: PostgresPool) {
 *   return createPostgresStore({ kysely, pool });
 * }
 * ```
 */
export interface KyselyConnections {
  /** Plugins may change what rows hold, such as texts that look like JSON, and the store takes those apart by itself. */
  withoutPlugins(): KyselyConnections;
  connection(): { execute<Result>(work: (connection: KyselyConnection) => Promise<Result>): Promise<Result> };
  transaction(): {
    setIsolationLevel(level: 'read committed'): {
      execute<Result>(work: (tx: AnyTransaction) => Promise<Result>): Promise<Result>;
    };
  };
}

/** One connection, for as long as the work with it takes. */
export interface KyselyConnection {
  executeQuery<Found>(query: CompiledQuery<Found>): Promise<QueryResult<Found>>;
}

export interface KyselySettings {
  /** For how many milliseconds a connection may be waited for. */
  readonly connectTimeout: number;
  /** For how many milliseconds handlers may do something else in the middle of their transaction. */
  readonly handlerTimeout: number;
  readonly listen: Listen | undefined;
}

export function kyselyDatabase(
  withPlugins: KyselyConnections,
  { connectTimeout, handlerTimeout, listen }: KyselySettings,
): Database {
  const kysely = withPlugins.withoutPlugins();

  const connected = <Result>(
    call: CallOptions | undefined,
    work: (connection: KyselyConnection) => Promise<Result>,
  ): Promise<Result> => opened(call, (using) => kysely.connection().execute(using), work);

  /** Work on one connection, or in a transaction. What fails before it has one has sent nothing. */
  async function opened<Session, Result>(
    call: CallOptions | undefined,
    open: (using: (session: Session) => Promise<Result>) => Promise<Result>,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    refuseIfOver(call);
    let begun = false;
    const waiting = Promise.withResolvers<never>();
    const late = new CallFailed('unsent', undefined, 'timeout');
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      waiting.reject(late);
    }, connectTimeout);
    // One that comes when nobody waits for it any more goes back at once.
    const carriedOut = async (): Promise<Result> =>
      open(async (session) => {
        if (isLate) throw late;
        clearTimeout(timer);
        begun = true;
        return work(session);
      });
    try {
      return await Promise.race([carriedOut(), waiting.promise]);
    } catch (error) {
      throw begun || error === late ? error : new CallFailed('unsent', error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function run(statement: Statement, values: readonly Value[], call?: CallOptions): Promise<readonly Row[]> {
    let sent = false;
    const answered = connected(call, (connection) => {
      refuseIfOver(call);
      sent = true;
      return ask(connection, statement, values);
    });
    return patiently(answered, call, () => (sent ? 'unanswered' : 'unsent'));
  }

  async function transaction<Result>(work: (run: Run) => Promise<Result>, call?: CallOptions): Promise<Result> {
    let committing = false;
    let abandoned = false;
    const carriedOut = connected(call, async (connection) => {
      await ask(connection, { text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
      try {
        const result = await work((statement, values) => ask(connection, statement, values));
        if (abandoned) throw new CallFailed('refused', undefined, 'signal');
        committing = true;
        await ask(connection, { text: 'COMMIT' });
        return result;
      } catch (error) {
        // It goes back to its pool, so it must not go back in the middle of a transaction. If this fails it is broken anyway.
        await ask(connection, { text: 'ROLLBACK' }).catch(() => {});
        if (error instanceof CallFailed && !committing) throw new CallFailed('refused', error.cause, error.reason);
        throw error;
      }
    });
    return patiently(carriedOut, call, () => {
      abandoned = true;
      return committing ? 'unanswered' : 'refused';
    });
  }

  /** In a transaction of Kysely's own, since there is no other way to one; with its plugins. */
  async function handle<Result>(work: (tx: AnyTransaction, run: Run) => Promise<Result>): Promise<Result> {
    const progress = { committing: false, lost: false };
    const begin = withPlugins.transaction().setIsolationLevel('read committed');
    try {
      return await opened(
        undefined,
        (using) => begin.execute<Result>(using),
        async (tx: AnyTransaction) => {
          const plain = tx.withoutPlugins();
          const patience = new HandlerPatience(handlerTimeout);
          const run: Run = (statement, values) => patience.during(() => ask(plain, statement, values));
          const askDriver: AskDriver = async (text, values) => {
            const query = CompiledQuery.raw(text, [...values]);
            const { rows, numAffectedRows } = await patience.during(() => plain.executeQuery(query));
            return { rows, affected: numAffectedRows === undefined ? null : Number(numAffectedRows) };
          };
          const { plugins } = tx.getExecutor();
          try {
            // For a process that stands still. One that goes on would hear of it by a connection that is gone, and not why; so it
            // looks at the clock itself, and is first.
            await ask(plain, { text: `SET LOCAL idle_in_transaction_session_timeout = ${2 * handlerTimeout}` });
            const result = await patience.limit(() => handlerSession(askDriver, (own) => work(own, run), plugins));
            progress.committing = true;
            return result;
          } catch (error) {
            // Kysely does so as well. Whether there still is a connection, nothing else would tell.
            await ask(plain, { text: 'ROLLBACK' }).catch(() => (progress.lost = true));
            throw error;
          }
        },
      );
    } catch (error) {
      if (progress.lost) throw new CallFailed('refused', error);
      throw progress.committing ? sentAndFailed(error) : error;
    }
  }

  return { run, transaction, handle, hearsWarnings: false, listen, async close() {} };
}

async function ask(connection: KyselyConnection, { text }: Statement, values: readonly Value[] = []) {
  try {
    const { rows } = await connection.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]));
    return rows.map((row) => Object.values(row).map((value) => (value === null ? null : String(value))));
  } catch (error) {
    throw sentAndFailed(error);
  }
}
