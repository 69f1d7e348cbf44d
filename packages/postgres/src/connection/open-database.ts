/** The ways to a server that a user may choose from, and how patient each of them is. */
import { DefinitionError } from '@eventcore/core';
import type { Database, Listen } from './database.js';
import { hear } from './ears.js';
import { kyselyDatabase, type KyselyConnections } from './kysely.js';
import { listenBy, type ListeningClient } from './listen.js';
import { ownPool, poolConfig, type OwnPoolOptions } from './own-pool.js';
import { pgliteDatabase, type PGliteDatabase } from './pglite.js';
import { poolDatabase } from './pool.js';
import type { PostgresPool } from './postgres-pool.js';

/**
 * One of four ways to a server.
 *
 * @example
 * ```ts
 * import { createPostgresStore, type Connections } from '@eventcore/postgres';
 *
 * const connections: Connections = { connectionString: 'postgres://bank_app@localhost/bank' };
 * const store = createPostgresStore(connections);
 * ```
 */
export type Connections =
  | (ByConnectionString & PoolTuning & NotGiven<'pool' | 'kysely' | 'pglite'>)
  | (ByPool & PoolTuning & NotGiven<'connectionString' | 'kysely' | 'pglite' | 'poolSize'>)
  | (ByKysely &
      Pick<PoolTuning, 'listen' | 'timeouts'> &
      NotGiven<'connectionString' | 'pglite' | 'poolSize' | 'pooler'>)
  | (ByPGlite & NotGiven<'connectionString' | 'pool' | 'kysely' | 'poolSize' | 'pooler' | 'listen'>);

type NotGiven<Names extends string> = { readonly [Name in Names]?: never };

interface ByConnectionString {
  /** `postgres://user:password@host:5432/database`: the store makes a pool of its own, with `pg`. */
  readonly connectionString: string;
  /** The most connections of the store's own pool: 10, unless given. Listening takes one more. */
  readonly poolSize?: number;
}

interface ByPool {
  /** A pool of `pg` that others may use as well. It is never ended here, and none of its settings are changed. */
  readonly pool: PostgresPool;
}

interface ByKysely {
  /** A Kysely on PostgreSQL. Slower than a pool, and for servers without synchronous standbys alone. */
  readonly kysely: KyselyConnections;
  /**
   * The pool of `pg` that its dialect was given, or `'none'` for a dialect that isn't on `pg`. A connection that breaks would end
   * the process if nobody listened to its client, and Kysely shows none of its clients.
   */
  readonly pool: PostgresPool | 'none';
}

interface ByPGlite {
  /** PostgreSQL in this process: `new PGlite('./data')`. */
  readonly pglite: PGliteDatabase;
  /** There is no server that could be waited for. */
  readonly timeouts?: Pick<Timeouts, 'handler'>;
}

/** What may be tuned on the way to a server. */
export interface PoolTuning {
  /** `transaction`: there is a pooler in between, such as pgbouncer, that gives each transaction another connection. */
  readonly pooler?: 'transaction';
  /**
   * Where notifications are heard, by one connection beside the pool: a connection string that leads past a pooler, or
   * `false` for nowhere. By default where the store connects; with a pooler or Kysely, nowhere.
   */
  readonly listen?: string | false;
  readonly timeouts?: Timeouts;
}

/** In milliseconds. */
export interface Timeouts {
  /** For how long a connection may be waited for: 10,000, unless given. */
  readonly connect?: number;
  /**
   * For how long the server may be silent before the connection is given up: 30,000, unless given. And for how long the client
   * of an append, before it commits; then its session is ended by whoever it holds up.
   */
  readonly answer?: number;
  /** After how long without work a connection of the store's own pool is closed: 30,000, unless given. */
  readonly idle?: number;
  /** For how long streams are held while this process says nothing: 5,000, unless given. */
  readonly hold?: number;
  /**
   * For how long a projection's handler may do something else, such as call another service, in the middle of its transaction:
   * 10,000, unless given. Then the server ends the transaction, and the events are handled again.
   */
  readonly handler?: number;
}

export interface OpenDatabase {
  readonly database: Database;
  readonly holdTimeout: number;
  readonly answerTimeout: number;
}

/** @throws `DefinitionError` for none of the ways, or several. */
export function openDatabase(connections: Connections): OpenDatabase {
  const { connectionString, pool, kysely, pglite, poolSize = 10, pooler, listen, timeouts = {} } = connections;
  const ways = [connectionString, kysely ?? pool, pglite].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new DefinitionError(
      `A PostgreSQL store needs one way to its database: connectionString, pool, kysely or pglite. ${ways.length === 0 ? 'None' : 'Several'} were given.`,
    );
  }
  const { connect = 10_000, answer = 30_000, idle = 30_000, hold = 5000, handler = 10_000 }: Timeouts = timeouts;
  refuseIfNoTimers({ connect, answer, idle, hold, handler });
  const own = (string: string): OwnPoolOptions => ({
    connectionString: string,
    size: poolSize,
    connectTimeout: connect,
    answerTimeout: answer,
    idleTimeout: idle,
    startupSettings: pooler === undefined,
  });
  // Checked now: whoever listens tries again and again, and tells nobody why.
  if (typeof listen === 'string') poolConfig(own(listen));
  const elsewhere = typeof listen === 'string' ? listenBy(() => clientOf(poolConfig(own(listen)))) : undefined;
  const hears = (here: Listen): Listen | undefined =>
    listen === false ? undefined : (elsewhere ?? (pooler === undefined ? here : undefined));
  const settings = {
    prepared: pooler === undefined,
    connectTimeout: connect,
    answerTimeout: answer,
    handlerTimeout: handler,
  };

  const patience = { holdTimeout: hold, answerTimeout: answer };

  if (pglite !== undefined) return { database: pgliteDatabase(pglite, { handlerTimeout: handler }), ...patience };
  if (kysely !== undefined) {
    if (pool === undefined) throw nobodyListens();
    if (pool !== 'none') hear(pool);
    return {
      database: kyselyDatabase(kysely, { connectTimeout: connect, handlerTimeout: handler, listen: elsewhere }),
      ...patience,
    };
  }
  if (pool !== undefined) {
    hear(pool);
    return {
      database: poolDatabase(pool, { ...settings, listen: hears(listenBy(() => clientLike(pool))) }),
      ...patience,
    };
  }
  const config = own(connectionString!);
  // Checked now, and not at the first call.
  poolConfig(config);
  const made = ownPool(config);
  const heard = hears(listenBy(() => clientOf(poolConfig(config))));
  return { database: poolDatabase(made, { ...settings, listen: heard, end: () => made.end() }), ...patience };
}

function nobodyListens(): DefinitionError {
  return new DefinitionError(
    "A connection of pg that breaks ends the process if nobody listens to its client, and a Kysely shows none of its clients. Give the store the pool as well that its dialect was given: { kysely, pool }; or pool: 'none' for a dialect that isn't on pg.",
  );
}

/** The longest that a timer can be set for. A longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function refuseIfNoTimers(timeouts: Required<Timeouts>): void {
  for (const [name, limit] of Object.entries(timeouts)) {
    if (limit > 0 && limit <= LONGEST_TIMER) continue;
    throw new DefinitionError(
      `timeouts.${name} is ${limit}. It takes milliseconds, more than 0 and at most ${LONGEST_TIMER}; for the usual limit leave it out.`,
    );
  }
}

async function clientOf(config: object): Promise<ListeningClient> {
  const { default: pg } = await import('pg');
  return new pg.Client(config);
}

/** A client like those of a pool, of which the pool knows nothing: one of its own could be the last one that it has. */
async function clientLike(pool: PostgresPool): Promise<ListeningClient> {
  const { Client, options } = pool as PostgresPool & {
    readonly Client: new (options: object) => ListeningClient;
    readonly options: object;
  };
  return new Client(options);
}
