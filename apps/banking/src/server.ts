/** The bank as a server: storage, consumers, API and page, from opening to a clean end. */
import { serve, type ServerType } from '@hono/node-server';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './api/app.js';
import { Bank } from './bank.js';
import { seed } from './seed.js';
import { openStorage, type Storage } from './storage/open-storage.js';

export interface BankServer {
  readonly url: string;
  readonly storage: string;
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
    if (env['SEED'] !== 'none') await seed(bank);
    const secret = env['SESSION_SECRET'] || (await secretOf(storage));
    const app = await createApp(bank, { secret, storage: storage.name });
    const server = await listen(app.fetch, env['PORT']);
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://localhost:${port}`,
      storage: storage.name,
      close: async () => {
        await Promise.all([ended(server), bank.live.end()]);
        await release();
      },
    };
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

/** Kept where events last, so that whoever is signed in still is after a restart. Several processes need one SESSION_SECRET. */
async function secretOf({ folder }: Storage): Promise<string> {
  const drawn = randomBytes(32).toString('hex');
  if (folder === undefined) return drawn;
  const file = `${folder}.secret`;
  try {
    await writeFile(file, drawn, { flag: 'wx', mode: 0o600 });
    return drawn;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFile(file, 'utf8');
  }
}
