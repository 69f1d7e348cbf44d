import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandIdFrom, execute, load, readStream, type CommandId } from '@eventcore/core';
import { createPostgresStore } from '@eventcore/postgres';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { AccountView } from './api/messages.js';
import type { BankStore } from './bank.js';
import { Account } from './domain/account.js';
import { SetOverdraftLimit } from './domain/set-overdraft-limit.js';
import { Metadata } from './metadata.js';
import { startServerProcess } from './server-process.fixture.js';
import { openPGliteFolder } from './storage/pglite-folder.js';
import { TellerAt } from './teller-at.fixture.js';
import { createTestDatabase, type TestDatabase } from './test-database.fixture.js';

/** What was acknowledged, and what there is. */
async function compare(store: BankStore, accounts: readonly AccountView[], acknowledged: ReadonlySet<string>) {
  let total = 0;
  const sent = new Map<CommandId, number>();
  const received = new Map<CommandId, number>();
  for (const { account } of accounts) {
    total += (await load(store, Account.at(account))).balance;
    for await (const event of readStream(store, Account.at(account))) {
      if (event.type !== 'MoneySent' && event.type !== 'MoneyReceived') continue;
      // One command of the seed pays several wages.
      if (event.data.purpose !== 'transfer') continue;
      const half = event.type === 'MoneySent' ? sent : received;
      half.set(event.commandId, (half.get(event.commandId) ?? 0) + 1);
    }
  }
  const halves = [...sent].filter(([id, count]) => count !== 1 || received.get(id) !== 1);
  const lost = [...acknowledged].filter((id) => !sent.has(id as CommandId));
  return { total, halves, lost };
}

/** Each client transfers on, from one account to another, until it is told that it is enough. */
function crowd(clients: readonly TellerAt[], accounts: readonly AccountView[], acknowledged: Set<string>) {
  let enough = false;
  const ended = Promise.all(
    clients.map(async (client, index) => {
      for (let turn = index; !enough; turn++) {
        const [from, to] = [accounts[turn % accounts.length]!, accounts[(turn + 1) % accounts.length]!];
        const amount = { cents: 1 + (turn % 50), currency: 'EUR' };
        const done = await client.post('/api/transfers', { from: from.account, to: to.account, amount });
        if (done !== undefined) acknowledged.add(done.commandId);
      }
    }),
  );
  const come = async (count: number): Promise<void> => {
    const until = acknowledged.size + count;
    // A client that fails ends the waiting as well.
    while (acknowledged.size < until) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
  };
  const end = async (): Promise<void> => {
    enough = true;
    await ended;
  };
  return { come, end };
}

const euros = (accounts: readonly AccountView[]) => accounts.filter(({ balance }) => balance.currency === 'EUR');
const totalOf = (accounts: readonly AccountView[]) => accounts.reduce((sum, { balance }) => sum + balance.cents, 0);

describe('two servers on one PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('seed it once, and one goes on when the other is killed: nothing is lost, nothing is done twice', async () => {
    const env = { DATABASE_URL: database.url };
    const [first, second] = await Promise.all([startServerProcess(env), startServerProcess(env)]);
    const [one, other] = await Promise.all([new TellerAt(first.url).signIn(), new TellerAt(second.url).signIn()]);
    const seen = await one.accounts();
    expect(await other.accounts()).toEqual(seen);
    expect(seen.map(({ owner, name }) => `${owner} ${name}`).sort()).toEqual(
      ['acme Operations', 'alice Everyday', 'alice Savings', 'bob Everyday', 'carol Everyday', 'carol Travel'].sort(),
    );
    const accounts = euros(seen);
    const expected = totalOf(accounts);

    const clients = [first, second, first, second, first, second].map(({ url }) => new TellerAt(url));
    await Promise.all(clients.map((client) => client.signIn()));
    const acknowledged = new Set<string>();
    const { come, end } = crowd(clients, accounts, acknowledged);
    await come(60);
    await first.kill();
    for (const client of clients) client.url = second.url;
    await come(60);
    await end();

    await using store = createPostgresStore({ connectionString: database.url, metadata: Metadata });
    expect(await compare(store, accounts, acknowledged)).toEqual({ total: expected, halves: [], lost: [] });
    // Whatever read models the first one was building, the second one builds on.
    const now = await other.accounts(await store.capabilities.head());
    expect(totalOf(euros(now))).toBe(expected);
    expect(await second.stop()).toMatchObject({ code: 0 });
  });
});

describe('a server on a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'banking-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has it alone, and what it has acknowledged is there after it was killed', async () => {
    const data = path.join(folder, 'bank');
    const env = { BANK_DATA: data };
    const first = await startServerProcess(env);
    await expect(startServerProcess(env)).rejects.toThrow(`Process ${first.pid} has the folder ${data}.`);

    const teller = await new TellerAt(first.url).signIn();
    const accounts = euros(await teller.accounts());
    const expected = totalOf(accounts);
    const acknowledged = new Set<string>();
    const clients = Array.from({ length: 4 }, () => new TellerAt(first.url));
    await Promise.all(clients.map((client) => client.signIn()));
    const { come, end } = crowd(clients, accounts, acknowledged);
    await come(40);
    await first.kill();
    const second = await startServerProcess(env);
    for (const client of clients) client.url = second.url;
    await come(20);
    await end();
    expect(totalOf(euros(await new TellerAt(second.url).signIn().then((again) => again.accounts())))).toBe(expected);
    expect(await second.stop()).toMatchObject({ code: 0 });
    expect(await readdir(`${data}.lock`)).toEqual([]);

    const { pglite, close } = await openPGliteFolder(data);
    const store = createPostgresStore({ pglite, metadata: Metadata });
    expect(await compare(store, accounts, acknowledged)).toEqual({ total: expected, halves: [], lost: [] });
    await store.close();
    await close();
  });
});

describe('a server whose seed fails', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'banking-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says so, and ends as what has failed', async () => {
    const data = path.join(folder, 'bank');
    const { pglite, close } = await openPGliteFolder(data);
    const store = createPostgresStore({ pglite, metadata: Metadata });
    await store.migrate();
    // What the seed begins with was something else, some time.
    const options = { commandId: commandIdFrom('seed', 'open acme'), metadata: { user: 'bank' } };
    await execute(new SetOverdraftLimit({ policy: 'EUR', limit: 1 }), store, options);
    await store.close();
    await close();
    await expect(startServerProcess({ BANK_DATA: data })).rejects.toThrow(/^It ended with 1: [^]*could not be seeded/);
    expect(await readdir(`${data}.lock`)).toEqual([]);
  });
});

describe('a server in memory', () => {
  it('ends cleanly while it is seeded', async () => {
    const server = await startServerProcess({ STORAGE: 'memory' }, 'open');
    const { code, output } = await server.stop();
    expect([code, output]).toEqual([0, expect.stringMatching(/The bank closes\.\n$/)]);
  });

  it('ends cleanly, also while somebody listens', async () => {
    const server = await startServerProcess({ STORAGE: 'memory', SEED: 'none' });
    const teller = await new TellerAt(server.url).signIn();
    const events = await teller.listen();
    const [ended] = await Promise.all([server.stop(), events.text()]);
    expect(ended).toMatchObject({ code: 0, output: expect.stringContaining('The bank closes.') });
  });

  it('says what is wrong with its settings', async () => {
    await expect(startServerProcess({ STORAGE: 'paper' })).rejects.toThrow(
      'STORAGE is "paper", and may be memory, pglite or postgres.',
    );
  });
});
