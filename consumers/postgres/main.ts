import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { defineCommand, defineStream, execute, load } from '@eventcore/core';
import { createPostgresStore, type EventTables } from '@eventcore/postgres';
import { Kysely, PGliteDialect } from 'kysely';
import * as v from 'valibot';

const Counter = defineStream('counter', {
  events: { Counted: v.object({ by: v.number() }) },
  state: () => ({ total: 0 }),
  fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
});

const Move = defineCommand('Move', {
  streams: { from: Counter, to: Counter },
  input: { by: v.number() },
  handle: ({ input, emit }) => {
    emit('from', 'Counted', { by: -input.by });
    emit('to', 'Counted', { by: input.by });
  },
});

// PostgreSQL in this process: no server is needed.
const pglite = await PGlite.create();
const store = createPostgresStore({ pglite });
await store.migrate();
const receipt = await execute(new Move({ from: 'left', to: 'right', by: 2 }), store);
assert.deepEqual(
  receipt.events.map(({ stream, version }) => [stream, version]),
  [
    ['counter-left', 1],
    ['counter-right', 1],
  ],
);
assert.deepEqual(await load(store, Counter.at('right')), { total: 2 });

// Its events, read as a table.
const db = new Kysely<EventTables>({ dialect: new PGliteDialect({ pglite }) });
const rows = await db.selectFrom('eventcore.events').select(['stream_id', 'index']).orderBy('index').execute();
assert.deepEqual(rows, [
  { stream_id: 'counter-left', index: 0 },
  { stream_id: 'counter-right', index: 1 },
]);
await store.close();
await pglite.close();
