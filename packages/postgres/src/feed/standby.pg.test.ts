/**
 * A standby shows neither the locks of appends nor where the sequence stands, so its feed would skip events; and it lags
 * behind, so a command that is rejected there may be rejected wrongly.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseStreamId, START, version } from '@eventcore/core';
import * as fs from 'node:fs';
import * as path from 'node:path';
import pg from 'pg';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { startTestServer, type TestServer } from '../fixtures/test-server.fixture.js';

let server: TestServer;
let store: PostgresStore;

beforeAll(async () => {
  server = await startTestServer({ restarts: true });
  store = createPostgresStore({ connectionString: server.url, listen: false });
  await store.migrate();
}, 60_000);
afterAll(async () => {
  await store.close();
  await server.stop();
});

it('the feed and the streams of a standby are refused, and so are appends', async () => {
  await store.append([blindAppend(['note-1'])]);
  expect((await store.readAll({ after: START, limit: 1 })).events).toHaveLength(1);

  // A server that finds this file when it starts waits for a primary, and answers questions meanwhile.
  fs.writeFileSync(path.join(new URL(server.url).searchParams.get('host')!, 'data', 'standby.signal'), '');
  process.kill(server.postmaster(), 'SIGKILL');
  await untilStandby();

  await expect(store.readAll({ after: START, limit: 1 })).rejects.toMatchObject({
    code: 'STORE_MISCONFIGURED',
    message: expect.stringContaining('this server is a standby'),
  });
  const streams = [{ stream: parseStreamId('note-1'), after: version(0) }];
  await expect(store.read({ streams })).rejects.toMatchObject({
    code: 'STORE_MISCONFIGURED',
    message: expect.stringContaining('reads streams on a primary, and this server is a standby'),
  });
  expect(await store.append([blindAppend(['note-1'])])).toMatchObject([{ kind: 'failed' }]);
}, 60_000);

async function untilStandby(): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
      if (rows[0].standby === true) return;
    } catch {
      // It is on its way down, or up.
    } finally {
      await client.end().catch(() => {});
    }
  }
}
