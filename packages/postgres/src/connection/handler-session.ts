/** What a projection's handlers ask by: a Kysely transaction on a connection that the store has begun one on, and will end it. */
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type KyselyPlugin,
  type QueryResult,
  type Transaction,
} from 'kysely';
import { sqlStateOf } from './call-failed.js';
import { transactionIsOver } from './handler-patience.js';

/** Which tables there are, only those who write handlers know. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own word for it, as in its migrations
export type AnyTables = any;
export type AnyTransaction = Transaction<AnyTables>;

/** Runs what Kysely has compiled, and answers as a driver does. */
export type AskDriver = (
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: unknown[]; readonly affected: number | null }>;

/** Work with a transaction that begins, commits and rolls back nothing. It can't be used when the work is over. */
export async function handlerSession<Result>(
  ask: AskDriver,
  work: (tx: AnyTransaction) => Promise<Result>,
  plugins: readonly KyselyPlugin[] = [],
): Promise<Result> {
  const connection = new SessionConnection(ask);
  const kysely = new Kysely<AnyTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SessionDriver(connection),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [...plugins],
  });
  try {
    return await kysely.transaction().execute(work);
  } finally {
    connection.isOver = true;
  }
}

/** A deadlock, or a conflict of transactions: nobody's fault, and over when it is tried again. */
export function isUndoneByServer(error: unknown): boolean {
  const state = sqlStateOf(rootOf(error));
  return state === '40P01' || state === '40001';
}

/** The server's error, whatever it was wrapped in: by handlers, and by the runner, whose wrapping is no Error. */
export function rootOf(error: unknown): unknown {
  if (sqlStateOf(error) !== undefined || typeof error !== 'object' || error === null) return error;
  const { cause } = error as { readonly cause?: unknown };
  return cause === undefined ? error : rootOf(cause);
}

/** The transaction can't go on, since a statement has failed in it; and nobody heard of that, or it wouldn't have come so far. */
export function isSwallowed(error: unknown): boolean {
  return error instanceof Error && sqlStateOf(error.cause) === '25P02';
}

class SessionConnection implements DatabaseConnection {
  readonly #ask: AskDriver;
  isOver = false;

  constructor(ask: AskDriver) {
    this.#ask = ask;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.isOver) throw transactionIsOver();
    const { rows, affected } = await this.#ask(sql, parameters);
    return { rows: rows as Row[], ...(affected !== null && { numAffectedRows: BigInt(affected) }) };
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed in a handler. Select them in pages.');
  }
}

class SessionDriver implements Driver {
  readonly #connection: SessionConnection;

  constructor(connection: SessionConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
