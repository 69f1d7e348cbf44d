import { createMemoryStore } from '@eventcore/memory';
import { Metadata } from '../metadata.js';
import { apiSuite } from './api-suite.fixture.js';

apiSuite('the API on a store in memory', async () => {
  const store = createMemoryStore({ metadata: Metadata });
  return { store, close: () => store.close() };
});
