/** Starts the bank: storage, consumers, API, page. */
import { serve } from '@hono/node-server';
import { randomBytes } from 'node:crypto';
import { createApp } from './api/app.js';
import { Bank } from './bank.js';
import { seed } from './seed.js';
import { openStorage } from './storage/open-storage.js';

const { name: storage, store } = await openStorage();
const bank = new Bank(store);
await seed(bank);
const app = await createApp(bank, {
  secret: process.env['SESSION_SECRET'] || randomBytes(32).toString('hex'),
  storage,
});
const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`The bank is open at http://localhost:${port}`),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    void bank.close().then(() => store.close());
  });
}
