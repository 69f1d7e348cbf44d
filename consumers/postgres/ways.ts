// The ways to a server, given what its drivers make. There is nobody at this port.
import assert from 'node:assert/strict';
import { isEventCoreError, START } from '@eventcore/core';
import { createPostgresStore, type EventTables, type PostgresStoreOptions } from '@eventcore/postgres';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

const connectionString = 'postgres://nobody@localhost:1/nowhere';
const pool = new pg.Pool({ connectionString });
const kysely = new Kysely<EventTables>({ dialect: new PostgresDialect({ pool }) });
const ways: readonly PostgresStoreOptions[] = [{ pool }, { connectionString, poolSize: 1 }, { kysely, pool }];
for (const way of ways) {
  const store = createPostgresStore(way);
  await assert.rejects(store.readAll({ after: START, limit: 1 }), (error) =>
    isEventCoreError(error, 'STORE_UNAVAILABLE'),
  );
  await store.close();
}
// @ts-expect-error one way, not two
assert.throws(() => createPostgresStore({ pool, connectionString }), { code: 'DEFINITION' });
await pool.end();
