// Before the first test that needs PostgreSQL, and only if there is one: a server for the whole run. `DATABASE_URL` names one
// that is there already; then nothing is started, and each test file makes a database of its own on it.

import { startTestServer } from '../packages/postgres/src/fixtures/test-server.fixture.ts';

export default async function setup() {
  if (process.env.DATABASE_URL) {
    process.env.EVENTCORE_TEST_SERVER = process.env.DATABASE_URL;
    return;
  }
  // Tests in a browser and those without share it.
  if (globalThis.eventcoreTestServer !== undefined) return;
  const server = await startTestServer({ settings: { max_connections: '200' } });
  process.env.EVENTCORE_TEST_SERVER = server.url;
  globalThis.eventcoreTestServer = server;
}
