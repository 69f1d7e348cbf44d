/**
 * `@eventcore/postgres`: the store that lasts. Strictly serializable commands over several streams, in two round trips.
 */
export { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres-store.js';

// ---- the ways to a server
export type { Connections, PoolTuning, Timeouts } from './connection/open-database.js';
export type { PostgresClient, PostgresPool } from './connection/postgres-pool.js';
export type { KyselyConnection, KyselyConnections } from './connection/kysely.js';
export type { PGliteDatabase, PGliteSession } from './connection/pglite.js';

// ---- what consumers write
export type { PostgresContext } from './consumers/handler-transactions.js';
export type { OwnTable, OwnTables } from './consumers/own-tables.js';

// ---- the schema
export type { EventsTable, EventTables } from './consumers/event-tables.js';
export type { Erasure } from './schema/erase.js';
export type { SchemaCheck } from './schema/check.js';
export type { MigrateOptions, Migration } from './schema/migrate.js';

// ---- what only this store raises
export { DatabaseRefusal } from './connection/database-refusal.js';
