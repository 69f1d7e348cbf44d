/** The PostgreSQL that is measured on: the one at DATABASE_URL, or one of its own with fsync on. */

export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function serverOf(): Promise<Server> {
  const url = process.env['DATABASE_URL'];
  if (url !== undefined) return { url, stop: async () => undefined };
  // The server of the tests, which Node runs as it is. It isn't published, so it can't be imported by its package's name.
  const fixture = new URL('../../../packages/postgres/src/fixtures/test-server.fixture.ts', import.meta.url).href;
  const { startTestServer } = (await import(fixture)) as {
    readonly startTestServer: (options: object) => Promise<Server>;
  };
  return startTestServer({ durable: true, settings: { shared_buffers: '256MB', max_wal_size: '4GB' } });
}
