import { expect, it } from '@jest/globals';
import { memoryBank } from './memory-bank.fixture.js';

it('the description names every route of the API, with what it takes and answers', async () => {
  await using open = await memoryBank();
  const response = await open.app.request('/api/openapi.json');
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  const routes = open.app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/') && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path}`);
  expect(new Set(described)).toEqual(new Set(routes.filter((route) => route !== 'GET /api/openapi.json')));

  const transfer = paths['/api/transfers']!['post']!;
  expect(transfer.summary).toBe('Move money from one account to another');
  expect(transfer.parameters).toContainEqual(
    expect.objectContaining({ in: 'header', name: 'idempotency-key', required: true }),
  );
  expect(transfer.requestBody).toMatchObject({
    content: { 'application/json': { schema: { required: ['from', 'to', 'amount'] } } },
  });
  expect(Object.keys(transfer.responses)).toEqual(expect.arrayContaining(['200', 'default']));
});

interface Operation {
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly requestBody: object;
  readonly responses: object;
}
