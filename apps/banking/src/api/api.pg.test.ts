import { PGlite } from '@electric-sql/pglite';
import { createPostgresStore } from '@eventcore/postgres';
import { Metadata } from '../metadata.js';
import { createTestDatabase } from '../test-database.fixture.js';
import { apiSuite } from './api-suite.fixture.js';

apiSuite('the API on PostgreSQL', async () => {
  const { url, drop } = await createTestDatabase();
  const store = createPostgresStore({ connectionString: url, metadata: Metadata });
  await store.migrate();
  const close = async (): Promise<void> => {
    await store.close();
    await drop();
  };
  return { store, close };
});

apiSuite('the API on PGlite', async () => {
  const pglite = await PGlite.create();
  const store = createPostgresStore({ pglite, metadata: Metadata });
  await store.migrate();
  const close = async (): Promise<void> => {
    await store.close();
    await pglite.close();
  };
  return { store, close };
});
