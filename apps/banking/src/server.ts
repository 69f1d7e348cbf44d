/** The bank as a server: storage, consumers, API and page, from opening to a clean end. */
import { serve, type ServerType } from '@hono/node-server';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './api/app.js';
import { Bank } from './bank.js';
import { seed } from './seed.js';
import { sessionSecret } from './session-secret.js';
import { openStorage } from './storage/open-storage.js';

export interface BankServer {
  readonly url: string;
  readonly storage: string;
  /**
   * Until a fresh bank has what it begins with. It is open before that, to be looked at, and changes nothing for anybody.
   *
   * @throws what the seed has failed with, or an `AbortError` when the server was closed first.
   */
  readonly ready: Promise<void>;
  /** Answers what it is at, ends what goes on, and lets go of everything. */
  readonly close: () => Promise<void>;
}

/** How long requests may take to end once the server is closing, in milliseconds. */
const GRACE = 5_000;

/** Settings are environment variables: `PORT`, `SESSION_SECRET`, `SEED=none`, and those of the storage. */
export async function startServer(env: NodeJS.ProcessEnv = process.env): Promise<BankServer> {
  const storage = await openStorage(env);
  const bank = new Bank(storage.store);
  const release = async (): Promise<void> => {
    await bank.close();
    await storage.close();
  };
  try {
    const secret = env['SESSION_SECRET'] || (await sessionSecret(storage.folder));
    let isReady = env['SEED'] === 'none';
    const app = await createApp(bank, { secret, storage: storage.name, isReady: () => isReady });
    const server = await listen(app.fetch, env['PORT']);
    const { port } = server.address() as AddressInfo;
    const closing = new AbortController();
    const ready = isReady
      ? Promise.resolve()
      : seed(bank, { signal: closing.signal }).then(() => void (isReady = true));
    const close = async (): Promise<void> => {
      closing.abort();
      // Whoever waits for it is told; whoever closes the bank need not be.
      await Promise.all([ended(server), bank.live.end(), Promise.allSettled([ready])]);
      await release();
    };
    let closed: Promise<void> | undefined;
    return { url: `http://localhost:${port}`, storage: storage.name, ready, close: () => (closed ??= close()) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** At the port that was asked for; else at 3000, or the next one that is free. */
async function listen(fetch: Parameters<typeof serve>[0]['fetch'], asked: string | undefined): Promise<ServerType> {
  const wanted = asked === undefined || asked === '' ? undefined : Number(asked);
  for (let port = wanted ?? 3000; ; port++) {
    const server = serve({ fetch, port });
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || wanted !== undefined) throw error;
    }
  }
}

/** Until the last connection is gone. One that has nothing more to answer is closed, and after a while every one. */
async function ended(server: ServerType): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const http = server as Server;
  const idle = setInterval(() => http.closeIdleConnections(), 50);
  const late = setTimeout(() => http.closeAllConnections(), GRACE);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
