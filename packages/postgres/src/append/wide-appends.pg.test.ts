/** Appends over many streams, where the server has room for few locks: on servers of their own, whose settings are known. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isEventCoreError, version, type StreamId } from '@eventcore/core';
import { MAX_STREAMS } from '@eventcore/core/store';
import type { Outcome } from '@eventcore/core/store';
import { createPostgresStore, type PostgresStore } from '../index.js';
import { blindAppend } from '../fixtures/open-append.fixture.js';
import { startTestServer, type TestServer } from '../fixtures/test-server.fixture.js';

const streams = (name: string, count: number): string[] => Array.from({ length: count }, (_, n) => `note-${name}-${n}`);
const wide = (name: string, count = MAX_STREAMS) => blindAppend(streams(name, count));
const kinds = (outcomes: readonly { readonly kind: string }[]): readonly string[] => outcomes.map(({ kind }) => kind);

/** A store on a server that has room for about so many locks. */
function storeOn(settings: Readonly<Record<string, string>>, poolSize: number): () => PostgresStore {
  let server: TestServer;
  let store: PostgresStore;
  beforeAll(async () => {
    server = await startTestServer({ settings });
    store = createPostgresStore({ connectionString: server.url, listen: false, poolSize });
    await store.migrate();
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await server.stop();
  });
  return () => store;
}

describe('a server with room for two wide appends and a half', () => {
  const store = storeOn({ max_connections: '20', max_locks_per_transaction: '64' }, 12);

  it('takes a dozen of them at once, which wait for each other and keep nobody else waiting', async () => {
    const appends = Array.from({ length: 12 }, (_, n) => store().append([wide(`a${n}`)]));
    const few = Array.from({ length: 12 }, (_, n) => store().append([blindAppend([`other-${n}`])]));
    expect(new Set(kinds((await Promise.all([...appends, ...few])).flat()))).toEqual(new Set(['committed']));
  });

  it('takes holds of a thousand streams at once, and the appends that they decide', async () => {
    const hold = (name: string) =>
      store().hold(
        streams(name, MAX_STREAMS).map((stream) => ({ stream: stream as StreamId, after: version(0), mode: 'write' })),
        () => [wide(name)],
      );
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, n) => hold(`b${n}`)));
    expect(new Set(kinds(outcomes.flat()))).toEqual(new Set(['committed']));
  });

  it('takes a call of many appends that name twenty thousand streams together', async () => {
    const outcomes = await store().append(Array.from({ length: 2000 }, (_, n) => wide(`c${n}`, 10)));
    expect(new Set(kinds(outcomes))).toEqual(new Set(['committed']));
    // As many as go together are one commit, and so have one time.
    const times = outcomes.map((outcome) => outcome.kind === 'committed' && outcome.receipt.events[0]?.recordedAt);
    expect(new Set(times).size).toBeLessThanOrEqual(20);
  });

  it('is asked for no hold of more streams than a command may name', async () => {
    const queries = streams('d', MAX_STREAMS + 1).map((stream) => ({
      stream: stream as StreamId,
      after: version(0),
      mode: 'read' as const,
    }));
    const message = 'The hold is not valid: is of 1001 streams; 1000 at most';
    await expect(store().hold(queries, () => [])).rejects.toMatchObject({ code: 'VALIDATION', message });
    const held = store().hold(queries.slice(1), () => [blindAppend(['note-further'])]);
    await expect(held).rejects.toMatchObject({ code: 'VALIDATION', message });
  });
});

describe('a server without room for one', () => {
  const store = storeOn({ max_connections: '12', max_locks_per_transaction: '10', max_worker_processes: '0' }, 1);

  it('refuses it for good, says which setting makes room, and takes its neighbours', async () => {
    const appends = [blindAppend(['note-before']), wide('e'), blindAppend(['note-after'])];
    const [before, refused, after] = await whileItMayPass(() => store().append(appends));
    expect(refused).toMatchObject({
      kind: 'failed',
      error: {
        code: 'DATABASE_REFUSAL',
        retriable: false,
        message: expect.stringMatching(/no room for more locks.*Set max_locks_per_transaction higher/),
      },
    });
    for (const neighbour of [before, after]) expect(['committed', 'duplicate']).toContain(neighbour?.kind);
  });
});

/** Whoever comes before the server has let go of what it has refused finds no room either, and is told that it passes. */
async function whileItMayPass(append: () => Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
  for (;;) {
    try {
      const outcomes = await append();
      if (!outcomes.some((outcome) => outcome.kind === 'failed' && outcome.error.retriable)) return outcomes;
    } catch (error) {
      if (!isEventCoreError(error, 'STORE_UNAVAILABLE')) throw error;
    }
  }
}
