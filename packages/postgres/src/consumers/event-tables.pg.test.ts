import { expect, it } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import type { EventTables } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { testDatabase } from '../fixtures/test-database.fixture.js';

const database = testDatabase();

it('events are read with Kysely, in the types that are declared', async () => {
  const pool = database.pool();
  const store = database.store({ pool, schema: 'typed' });
  await store.migrate();
  const append = blindAppend(['note-1'], { correlationId: 'trace', metadata: { user: 'teller' } });
  await store.append([append]);

  const kysely = new Kysely<EventTables<'typed'>>({ dialect: new PostgresDialect({ pool }) });
  expect(
    await kysely
      .selectFrom('typed.events')
      .select([
        'position',
        'index',
        'stream_id',
        'version',
        'type',
        'schema_version',
        'data',
        'metadata',
        'recorded_at',
      ])
      .select(['event_id', 'command_id', 'correlation_id', 'causation_id'])
      .execute(),
  ).toEqual([
    {
      position: '1',
      index: 0,
      stream_id: 'note-1',
      version: '1',
      type: 'Noted',
      schema_version: 1,
      data: {},
      metadata: { user: 'teller' },
      recorded_at: expect.any(Date),
      event_id: append.events[0]!.id,
      command_id: append.commandId,
      correlation_id: 'trace',
      causation_id: null,
    },
  ]);
});
