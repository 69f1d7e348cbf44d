/** The store: what may be chosen, and how its parts are put together. */
import { DefinitionError, StoreClosed, type EventStore } from '@eventcore/core';
import {
  Watchers,
  type Append,
  type Capabilities,
  type HoldQuery,
  type Outcome,
  type StoreSettings,
  type StreamPage,
} from '@eventcore/core/store';
import { appender } from './append/append.js';
import { checkpointStore } from './consumers/checkpoints.js';
import type { AnyTables } from './connection/handler-session.js';
import { openDatabase, type Connections } from './connection/open-database.js';
import { translate } from './connection/translate.js';
import { distance } from './feed/distance.js';
import { StalledAppends } from './append/end-stalled.js';
import { eraseEvents, type Erasure } from './schema/erase.js';
import { readFeed } from './feed/feed.js';
import { handlerTransactions, type PostgresContext } from './consumers/handler-transactions.js';
import { head } from './feed/head.js';
import { holdStreams } from './append/hold.js';
import { leaseStore } from './consumers/leases.js';
import { listing } from './read/listing.js';
import { lookup } from './read/lookup.js';
import { Notifier } from './feed/notify.js';
import { RowTable, type OwnTables } from './consumers/own-tables.js';
import { readStreams } from './read/read.js';
import { rowStore } from './consumers/rows.js';
import { checkSchema, type SchemaCheck } from './schema/check.js';
import { migrateSchema, type MigrateOptions, type Migration } from './schema/migrate.js';
import { schemaName } from './sql/sql.js';
import { storeStatements } from './sql/statements.js';

/**
 * What may be chosen when a PostgreSQL store is made.
 *
 * @example
 * ```ts
 * import type { PostgresStoreOptions } from '@eventcore/postgres';
 *
 * const options: PostgresStoreOptions = {
 *   connectionString: 'postgres://bank_app@localhost/bank',
 *   schema: 'bank_events',
 *   poolSize: 20,
 * };
 * ```
 */
export type PostgresStoreOptions<Metadata = unknown> = StoreSettings<Metadata> & {
  /** The schema that holds the store; `eventcore`, unless given. Several stores may share a database. */
  readonly schema?: string;
  /** The most events that one page of a stream, or of the feed, holds: 5,000, unless given. */
  readonly pageSize?: number;
  /** The most bytes of data that one answer holds, about: 4,000,000, unless given. An event is never cut. */
  readonly pageBytes?: number;
  /** Tables of one's own for the rows of read models, by their names. Others' rows are kept as documents. */
  readonly tables?: OwnTables;
} & Connections;

/** An event store in PostgreSQL. */
export interface PostgresStore<Metadata = unknown> extends EventStore<Metadata> {
  readonly capabilities: Required<Capabilities<PostgresContext<AnyTables>>>;
  readonly settings: StoreSettings<Metadata>;
  readonly hold: NonNullable<EventStore['hold']>;
  /**
   * Brings the database to the version that this release needs. Call it once, as the owner of the schema, before
   * applications start; any number of processes may do so at once.
   *
   * What the store rests on and no longer stands, such as a trigger that was disabled, is mended as well.
   *
   * @throws `StoreMisconfigured` where the role may not do that.
   */
  migrate(options?: MigrateOptions): Promise<Migration>;
  /** Tells whether the database is as this release needs it, and changes nothing. Every role that may use the store may ask. */
  check(): Promise<SchemaCheck>;
  /**
   * Forgets what events say, as the owner of the schema: their data is replaced, and with it goes the fingerprint of their
   * commands. All of them, or none; and each is recorded in the table `erasures`. Ids, times, streams and metadata stay.
   *
   * @throws `ValidationError` for an event that isn't there, and without a reason.
   * @throws `StoreMisconfigured` where the role may not do that.
   */
  erase(erasure: Erasure): Promise<void>;
}

/**
 * Makes an event store on a PostgreSQL database, 15 or newer, or on PGlite. Nothing is connected before the first call.
 *
 * @throws `DefinitionError` for options that can't work.
 *
 * @example
 * ```ts
 * import { createPostgresStore } from '@eventcore/postgres';
 *
 * export async function open(connectionString: string) {
 *   const store = createPostgresStore({ connectionString });
 *   await store.migrate();
 *   return store;
 * }
 * ```
 */
export function createPostgresStore<Metadata = unknown>(
  options: PostgresStoreOptions<Metadata>,
): PostgresStore<Metadata> {
  const {
    schema: name = 'eventcore',
    pageSize = 5000,
    pageBytes = 4_000_000,
    tables = {},
    metadata,
    onUnknownEvent,
    share,
  } = options;
  const schema = schemaName(name);
  if (!(pageSize >= 1) || !(pageBytes >= 1)) {
    throw new DefinitionError(
      `A page holds at least one event. Leave pageSize and pageBytes out, or set them to 1 or more.`,
    );
  }
  const limits = { events: pageSize, bytes: pageBytes };
  const statements = storeStatements(schema);
  const own = new Map(Object.entries(tables).map(([readModel, table]) => [readModel, new RowTable(readModel, table)]));
  const writer = { statements, own };
  const { database, holdTimeout, answerTimeout } = openDatabase(options);
  const channel = `eventcore_${name}`;
  const watchers: Watchers = new Watchers(() => database.listen?.(channel, () => watchers.wake()));
  const notifier = new Notifier(database, statements, channel);
  const stalled = new StalledAppends(database, statements, answerTimeout);
  const appendAll = appender(database, statements, name, stalled);
  let closing: Promise<void> | undefined;

  /** What every call passes. */
  async function entered<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closing !== undefined) {
      throw new StoreClosed('The PostgreSQL store is closed. Make the call before close(), or on a new store.');
    }
    try {
      return await work();
    } catch (error) {
      throw translate(error, name);
    }
  }

  /** Every function of a capability, guarded. */
  function guarded<Part extends object>(part: Part): Part {
    const entries = Object.entries(part).map(([key, member]: [string, (...given: unknown[]) => Promise<unknown>]) => [
      key,
      (...given: unknown[]) => entered(() => member(...given)),
    ]);
    return Object.fromEntries(entries) as Part;
  }

  function spread(outcomes: readonly Outcome[]): readonly Outcome[] {
    if (outcomes.some((outcome) => outcome.kind === 'committed' && outcome.receipt.events.length > 0)) {
      watchers.wake();
      notifier.tell();
    }
    return outcomes;
  }

  function close(): Promise<void> {
    return (closing ??= (async () => {
      watchers.end();
      await Promise.all([notifier.close(), stalled.close()]);
      await database.close();
    })());
  }

  const { measure, latest } = guarded({ measure: distance(database, statements), latest: head(database, statements) });

  return {
    settings: Object.freeze({
      ...(metadata && { metadata }),
      ...(onUnknownEvent && { onUnknownEvent }),
      ...(share !== undefined && { share }),
    }),

    migrate: (choices) => entered(() => migrateSchema(database, schema, choices)),
    check: () => entered(() => checkSchema(database, schema)),
    erase: (erasure) => entered(() => eraseEvents(database, statements, erasure)),
    read: (request, call) => entered(() => readStreams(database, statements, request, limits, call)),
    append: (appends: readonly Append[], call) => entered(async () => spread(await appendAll(appends, call))),
    hold: (queries: readonly HoldQuery[], decide: (pages: readonly StreamPage[]) => readonly Append[], call) =>
      entered(async () =>
        spread(
          await holdStreams(database, statements, { schema: name, limit: holdTimeout, stalled }, queries, decide, call),
        ),
      ),
    readAll: (query, call) => entered(() => readFeed(database, statements, query, limits, stalled, call)),
    // Without a connection that listens, nobody would hear of what other processes append.
    ...(database.listen !== undefined && { watch: (signal: AbortSignal) => watchers.watch(signal) }),

    capabilities: {
      // A commit takes as long for two hundred commands as for one.
      sharedCalls: true,
      checkpoints: guarded(checkpointStore(database, statements)),
      leases: guarded(leaseStore(database, statements, stalled)),
      lookup: guarded(lookup(database, statements, limits)),
      listing: guarded(listing(database, statements)),
      distance: measure,
      head: latest,
      oneCommit: true,
      rows: guarded(rowStore(database, writer)),
      transactions: guarded(handlerTransactions(database, writer)),
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}
