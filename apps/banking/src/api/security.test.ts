import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, fromPage } from './client.fixture.js';
import { memoryBank, type MemoryBank } from './memory-bank.fixture.js';
import type { Problem } from './messages.js';
import { MAX_BODY } from './security.js';

let open: MemoryBank;
beforeAll(async () => {
  open = await memoryBank();
});
afterAll(() => open.close());

const signIn = (
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> = JSON.stringify({ user: 'alice' }),
) => open.app.request('http://bank.example/api/session', { method: 'POST', headers, body });

describe('a request that changes something', () => {
  const json = { 'Content-Type': 'application/json' };

  it.each([
    ['a browser says that it comes from here', { 'Sec-Fetch-Site': 'same-origin' }],
    ['an older browser names this origin', { Origin: 'http://bank.example' }],
    ['a proxy speaks TLS', { Origin: 'https://bank.example' }],
  ])('is taken when %s', async (_, headers) => {
    expect((await signIn({ ...json, ...headers })).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['another site sends it', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a subdomain sends it', { 'Sec-Fetch-Site': 'same-site' }],
    [
      'it comes from elsewhere, whatever else it claims',
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://bank.example' },
    ],
    ['its origin is another one', { Origin: 'http://bank.example.evil' }],
    ['its origin is hidden', { Origin: 'null' }],
    ['nothing says where it comes from', {}],
  ])('is refused when %s', async (_, headers) => {
    const response = await signIn({ ...json, ...headers });
    expect([response.status, ((await response.json()) as Problem).code]).toEqual([403, 'cross-site']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'is JSON, not %s',
    async (type) => {
      expect((await signIn({ ...fromPage, 'Content-Type': type })).status).toBe(415);
    },
  );

  it('has a type when it has a body', async () => {
    const body = new TextEncoder().encode('{"user":"alice"}');
    expect((await signIn({ 'Sec-Fetch-Site': 'same-origin' }, body)).status).toBe(415);
  });

  it('is no larger than needed, also when its length is not known', async () => {
    const large = JSON.stringify({ user: 'x'.repeat(MAX_BODY) });
    expect((await signIn(fromPage, large)).status).toBe(413);
    const stream = new Blob([large]).stream();
    const request = new Request('http://bank.example/api/session', {
      method: 'POST',
      headers: fromPage,
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect((await open.app.request(request)).status).toBe(413);
  });

  it('is JSON that can be read', async () => {
    const response = await signIn(fromPage, '{"user":');
    expect([response.status, response.headers.get('Content-Type')]).toEqual([400, 'application/problem+json']);
  });
});

describe('an answer', () => {
  it('tells a browser to do nothing but what the page needs', async () => {
    const { headers } = await open.app.request('/api/session');
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('is a problem also where there is nothing', async () => {
    const alice = await Client.signIn(open.app, 'alice');
    expect(await alice.refused('GET', '/api/nothing')).toMatchObject({ status: 404, code: 'not-found' });
    expect(await alice.refused('POST', '/nothing')).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('the files of the page', () => {
  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/app/..%2f..%2fpackage.json',
    '/app/%2e%2e/%2e%2e/package.json',
    '/vendor/valibot.mjs',
    '/%00.js',
    '/favicon.svg/x.js',
    `/${'x'.repeat(300)}.js`,
  ])('are those that are meant, and not %s', async (path) => {
    expect((await open.app.request(path)).status).toBe(404);
  });

  it('hold the modules that it loads, each once per version', async () => {
    for (const name of ['preact', 'hooks', 'jsxRuntime', 'signals', 'signals-core']) {
      const path = `/vendor/${name}.mjs`;
      const response = await open.app.request(path);
      expect([path, response.status, response.headers.get('Content-Type')]).toEqual([
        path,
        200,
        'text/javascript; charset=utf-8',
      ]);
      const again = await open.app.request(path, { headers: { 'If-None-Match': response.headers.get('ETag')! } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
  });
});
