import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, fromPage } from './client.fixture.js';
import { memoryBank, type MemoryBank } from './memory-bank.fixture.js';
import type { Session } from './messages.js';

let open: MemoryBank;
beforeAll(async () => {
  open = await memoryBank();
});
afterAll(() => open.close());

describe('a session', () => {
  it('tells who could sign in, and who is', async () => {
    const nobody = await Client.nobody(open.app).get<Session>('/api/session');
    expect(nobody).toMatchObject({ user: null, storage: 'memory' });
    expect(nobody.users.map(({ id }) => id)).toEqual(['alice', 'bob', 'carol', 'acme', 'tess']);
    const alice = await Client.signIn(open.app, 'alice');
    expect((await alice.get<Session>('/api/session')).user).toEqual({
      id: 'alice',
      name: 'Alice Archer',
      role: 'customer',
    });
  });

  it('is in a cookie that scripts and other sites do not get', async () => {
    const body = JSON.stringify({ user: 'alice' });
    const ask = (url: string) => open.app.request(url, { method: 'POST', headers: fromPage, body });
    const cookie = (await ask('/api/session')).headers.get('Set-Cookie');
    expect(cookie).toMatch(/^bank-session=alice\..*; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('https://bank.example/api/session')).headers.get('Set-Cookie')).toContain('; Secure');
  });

  it('is needed for all but signing in', async () => {
    for (const path of ['/api/accounts', '/api/payees', '/api/live', '/api/projections', '/api/explorer/events']) {
      const problem = await Client.nobody(open.app).refused('GET', path);
      expect([path, problem.status, problem.code]).toEqual([path, 401, 'signed-out']);
    }
  });

  it('can not be forged, nor outlives its time', async () => {
    const alice = await Client.signIn(open.app, 'alice');
    const cookie = alice.cookie;
    const statusOf = async (forged: string) =>
      (await open.app.request('/api/accounts', { headers: { Cookie: forged } })).status;
    expect(await statusOf(cookie)).toBe(200);
    expect(await statusOf(cookie.replace('alice', 'tess'))).toBe(401);
    expect(await statusOf('bank-session=alice.9999999999')).toBe(401);
    const long = Math.floor(Date.now() / 1000) - 1;
    expect(await statusOf(await signed(`alice.${long}`))).toBe(401);
    expect(await statusOf(await signed(`alice.${long + 60}`))).toBe(200);
  });

  it('ends', async () => {
    const alice = await Client.signIn(open.app, 'alice');
    const { status, headers } = await alice.ask('DELETE', '/api/session');
    expect(status).toBe(204);
    expect(headers.get('Set-Cookie')).toMatch(/^bank-session=; Max-Age=0/);
  });

  it('is not for strangers', async () => {
    const problem = await Client.nobody(open.app).refused('POST', '/api/session', { user: 'mallory' });
    expect(problem).toMatchObject({ status: 401, code: 'unknown-user' });
  });
});

/** As the bank would sign it, had it ever said so. */
async function signed(value: string): Promise<string> {
  const { serializeSigned } = await import('hono/utils/cookie');
  return (await serializeSigned('bank-session', value, 'known to the test')).split(';')[0]!;
}
