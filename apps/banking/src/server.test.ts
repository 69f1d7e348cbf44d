import { describe, expect, it } from '@jest/globals';
import { Client, eventsOf } from './api/client.fixture.js';
import { memoryBank } from './api/memory-bank.fixture.js';
import type { AccountView, LiveAccounts, Session } from './api/messages.js';
import { startServer } from './server.js';
import { TellerAt } from './teller-at.fixture.js';

const env = { STORAGE: 'memory', PORT: '0' };

describe('a fresh bank', () => {
  it('is open before it is seeded, and ready afterwards', async () => {
    const { url, ready, close } = await startServer(env);
    try {
      // Each command of the seed, of which there are many, lets those who ask go first.
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const early = await fetch(`${url}/readyz`);
      expect([early.status, await early.json()]).toEqual([503, expect.objectContaining({ code: 'seeding' })]);
      expect((await fetch(url)).headers.get('Content-Type')).toContain('text/html');
      const teller = await new TellerAt(url).signIn();
      const live = await teller.listen();
      expect(await teller.accounts()).toEqual([]);
      await ready;
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(await teller.accounts()).toHaveLength(6);
      // Whoever looked on was told of them as they came; of one that is missing it would be waited for until the test's limit.
      const told = new Set<string>();
      for await (const { data } of eventsOf<Partial<LiveAccounts>>(live)) {
        for (const { account } of data.accounts ?? []) told.add(account);
        if (told.size === 6) break;
      }
    } finally {
      await close();
    }
  });

  it('can be closed while it is seeded, and more than once', async () => {
    const { url, ready, close } = await startServer(env);
    await Promise.all([close(), close()]);
    await expect(ready).rejects.toMatchObject({ name: 'AbortError' });
    await expect(fetch(url)).rejects.toThrow();
  });

  it('can be closed while it is seeded, and nobody needs to know that it was never ready', async () => {
    const { close } = await startServer(env);
    await close();
  });

  it('is not seeded when nobody wants it', async () => {
    const { url, ready, close } = await startServer({ ...env, SEED: 'none' });
    await ready;
    expect(await (await new TellerAt(url).signIn()).accounts()).toEqual([]);
    await close();
  });
});

describe('a bank that is not ready', () => {
  it('lets users sign in and look, and changes nothing', async () => {
    let isReady = false;
    await using open = await memoryBank({ isReady: () => isReady });
    const alice = await Client.signIn(open.app, 'alice');
    expect((await alice.get<Session>('/api/session')).user?.id).toBe('alice');
    expect(await alice.get<AccountView[]>('/api/accounts')).toEqual([]);
    const wanted = { name: 'First', currency: 'EUR' };
    const { status, headers, body } = await alice.ask<object>('POST', '/api/accounts', wanted, 'under this key');
    expect([status, headers.get('Retry-After'), body]).toEqual([
      503,
      '1',
      expect.objectContaining({ code: 'seeding' }),
    ]);
    isReady = true;
    expect(await alice.post('/api/accounts', wanted, 'under this key')).toMatchObject({ duplicate: false });
  });
});
